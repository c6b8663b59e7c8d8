#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tripline::engine {

/// A Sigma string: literal text with wildcards, compared whole. Source: Sigma Rules Specification 2.1.0, "Wildcard
/// Usage". Escapes are already resolved by the reader (rules/sigma_string.h).
class Pattern {
 public:
  enum class Kind { kExact, kPrefix, kSuffix, kContains, kAny, kGlob };

  /// A literal run, or one wildcard.
  struct Part {
    enum class Kind { kText, kMany, kOne } kind;  // text, `*`, `?`
    std::string text;

    bool operator==(const Part&) const = default;
  };

  /// `cased`: letters compare exactly; else ASCII letter case is folded.
  Pattern(std::vector<Part> parts, bool cased);

  bool matches(std::string_view text) const;
  /// Whether the pattern occurs somewhere in `text` (keywords).
  bool occurs_in(std::string_view text) const;

  Kind kind() const { return kind_; }
  bool cased() const { return cased_; }
  const std::vector<Part>& parts() const { return parts_; }
  /// The text of kExact, kPrefix, kSuffix and kContains; folded unless cased.
  const std::string& text() const { return text_; }
  /// The longest literal run, folded: every text that matches holds it. Empty when there is none.
  std::string longest_literal() const;

  bool operator==(const Pattern& other) const { return cased_ == other.cased_ && parts_ == other.parts_; }

 private:
  std::vector<Part> parts_;
  bool cased_;
  Kind kind_;
  std::string text_;
};

}  // namespace tripline::engine
