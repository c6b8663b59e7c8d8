#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tripline::engine {

/// A Sigma string: literal text with wildcards, compared whole. Source: Sigma Rules Specification 2.1.0, "Wildcard
/// Usage". Escapes are already resolved by the reader (rules/sigma_string.h).
///
/// `?` stands for one character, not one byte: a byte of UTF-8 with the continuation bytes that follow it.
/// Time: linear in the text for all kinds but kGlob, whose worst case is the text's length times the longest part
/// between two `*`; nothing is exponential.
class Pattern {
 public:
  enum class Kind { kExact, kPrefix, kSuffix, kContains, kAny, kGlob };

  /// A literal run, or one wildcard.
  struct Part {
    enum class Kind { kText, kMany, kOne } kind;  // text, `*`, `?`
    std::string text;

    bool operator==(const Part&) const = default;
  };

  /// `cased`: letters compare exactly; else ASCII letter case is folded. Parts are put in their plainest form: `*?*`
  /// becomes `?*`, neighbouring texts become one.
  Pattern(std::vector<Part> parts, bool cased);

  bool matches(std::string_view text) const;
  /// Whether the pattern occurs somewhere in `text` (keywords).
  bool occurs_in(std::string_view text) const;

  Kind kind() const { return kind_; }
  bool cased() const { return cased_; }
  /// In their plainest form; letters as they were written.
  const std::vector<Part>& parts() const { return written_; }
  /// The text of kExact, kPrefix, kSuffix and kContains; folded unless cased.
  const std::string& text() const { return text_; }
  /// The longest literal run, folded: every text that matches holds it. Empty when there is none.
  std::string longest_literal() const;

  /// As Sigma would write it, `\` before a `*`, `?` or `\` that stands for itself.
  std::string written() const;

  /// Equal patterns match the same texts.
  bool operator==(const Pattern& other) const;

 private:
  std::vector<Part> written_;
  std::vector<Part> parts_;   // of kGlob alone; folded unless cased
  std::vector<Part> inside_;  // the same between two `*`
  bool cased_;
  Kind kind_;
  std::string text_;
};

}  // namespace tripline::engine
