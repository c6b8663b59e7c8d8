#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace tripline::engine {

/// Writes JSON text piece by piece; knows where commas go. Invalid UTF-8 is written as it is: whoever takes text from
/// outside has it from a validating parser.
class JsonText {
 public:
  JsonText& begin_object() { return open('{'); }
  JsonText& end_object() { return close('}'); }
  JsonText& begin_array() { return open('['); }
  JsonText& end_array() { return close(']'); }
  JsonText& key(std::string_view name);
  JsonText& string(std::string_view text);
  /// A number, true, false, null or a whole JSON text.
  JsonText& raw(std::string_view json);

  /// key() and value in one; a string member that is empty is left out by optional_member.
  JsonText& member(std::string_view name, std::string_view text) { return key(name).string(text); }
  JsonText& raw_member(std::string_view name, std::string_view json) { return key(name).raw(json); }
  JsonText& optional_member(std::string_view name, std::string_view text) {
    return text.empty() ? *this : member(name, text);
  }

  const std::string& text() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  JsonText& open(char bracket);
  JsonText& close(char bracket);
  void separate();

  std::string out_;
  bool comma_ = false;
};

}  // namespace tripline::engine
