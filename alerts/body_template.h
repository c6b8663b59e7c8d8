#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tripline::alerts {

/// A text with places that are filled in from a JSON text: `{"title": "{{data.summary}}", "all": {{data|json}}}`.
///
/// `{{path}}` is the value that the path leads to from the root; steps are members' names, or numbers for items of
/// lists. What stands behind `|` says how it is written:
///   (nothing)  as the inside of a JSON string: text escaped, numbers as they are, lists and objects as their JSON text
///   json       as a JSON value: text in quotes; what is not there is null
///   text       as it is
///   url        percent-encoded
/// What is not there is empty. `{{"{{"}}` is two braces. There are no conditions and no loops.
/// A value. Threads: immutable.
class BodyTemplate {
 public:
  /// Nothing, or what is wrong with the text, and where: `is not closed: {{data.id`.
  static std::string fault_of(std::string_view text);

  /// Requires fault_of(text).empty().
  explicit BodyTemplate(std::string_view text);

  /// `json`: an object.
  std::string filled(std::string_view json) const;

 private:
  enum class Form { kInside, kJson, kText, kUrl };
  struct Piece {
    std::string text;               // before the place
    std::vector<std::string> path;  // empty: there is no place
    Form form = Form::kInside;
  };
  static std::string parse(std::string_view text, std::vector<Piece>& pieces);

  std::vector<Piece> pieces_;
};

}  // namespace tripline::alerts
