#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tripline::rules {

enum class Severity { kError, kWarning };

/// Where something stands in a rule file. Lines and columns (in bytes) count from 1; 0: unknown.
struct Position {
  std::string path;
  int line = 0;
  int column = 0;
  bool operator==(const Position&) const = default;
};

/// One kind of mistake. The code is stable: people suppress by it and link to it.
struct DiagnosticCode {
  std::string_view code;
  Severity severity;
  std::string_view meaning;  // one sentence, for docs/diagnostics.md
};

/// A rule author's mistake: what is wrong, where, and what to do about it.
struct Diagnostic {
  const DiagnosticCode* code;
  Position at;
  std::string message;  // one sentence
  std::string hint;     // what to write instead; may be empty
  std::string rule;     // title of the rule, when known
};

/// Every code, in order; the one place to add one (rules/diagnostic.cc).
std::span<const DiagnosticCode> diagnostic_codes();

/// Collects; loading goes on, so that one run shows all mistakes.
class Diagnostics {
 public:
  /// `code` must be one of diagnostic_codes(). Of a very long message or hint the middle is left out; not of a hint of
  /// several lines, which is YAML to paste.
  void add(std::string_view code, Position at, std::string message, std::string hint = "", std::string rule = "");
  const std::vector<Diagnostic>& all() const { return all_; }
  std::size_t errors() const;
  /// The first error's message; empty when there is none.
  std::string first_error() const;
  void append(Diagnostics other);
  /// Replaces the hint of what was reported under `code` on that line.
  void set_hint(std::string_view code, int line, const std::string& hint);
  /// By path, line, column.
  void sort();

 private:
  std::vector<Diagnostic> all_;
};

/// Edits (insert, delete, replace, swap neighbours) from one text to the other, letter case aside. For short texts: it
/// takes time and space in proportion to both lengths multiplied. Source: optimal string alignment distance.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that `word` is most likely a slip of, or empty: at most two edits (one, when either
/// has no more than four letters), letter case aside.
std::string_view did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace tripline::rules
