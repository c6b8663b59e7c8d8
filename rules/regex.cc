#include "rules/regex.h"

#include <re2/re2.h>

namespace tripline::rules {
namespace {

/// What people write for PCRE and RE2 does not take.
struct Substitute {
  std::string_view text;  // how it begins
  std::string_view hint;
};
constexpr Substitute kSubstitutes[] = {
    {"(?=", "RE2 has no lookahead: put what must also be there into a search of its own and join them with `and`"},
    {"(?!", "RE2 has no lookahead: put what must not be there into a search of its own and join them with `and not`"},
    {"(?<=", "RE2 has no lookbehind: put what comes before into the expression itself"},
    {"(?<!", "RE2 has no lookbehind: put what must not be there into a search of its own and join them with `and not`"},
    {"(?<", "RE2 names a group as `(?P<name>...)`; a plain `(...)` does as well here"},
    {"(?P=", "RE2 has no backreferences: spell out the texts that may repeat"},
    {"(?>", "RE2 has no atomic groups and never backtracks: write `(?:...)`"},
    {"(?#", "RE2 has no comments: put it behind a `#` of the YAML"},
    {"(?x", "RE2 has no free spacing: write the expression without blanks and comments"},
    {"\\h", "write `[ \\t]`"},
    {"\\R", "write `\\r?\\n`"},
    {"\\Z", "write `$`"},
    {"\\e", "write `\\x1B`"},
    {"\\u", "write `\\x{...}` with the character's number in hexadecimal"},
    {"\\k", "RE2 has no backreferences: spell out the texts that may repeat"},
    {"\\g", "RE2 has no backreferences: spell out the texts that may repeat"},
};

std::string hint_of(const re2::RE2& regex) {
  const std::string& found = regex.error_arg();
  switch (regex.error_code()) {
    case re2::RE2::ErrorBadPerlOp:
    case re2::RE2::ErrorBadNamedCapture:
    case re2::RE2::ErrorBadEscape: {
      for (const Substitute& row : kSubstitutes) {
        // RE2 names only the beginning of what it refuses.
        const bool named = row.text.starts_with(found) || std::string_view(found).starts_with(row.text);
        if (named && regex.pattern().find(row.text) != std::string::npos) return std::string(row.hint);
      }
      if (found.size() == 2 && found[0] == '\\' && found[1] >= '1' && found[1] <= '9') {
        return "RE2 has no backreferences: spell out the texts that may repeat";
      }
      return "";
    }
    case re2::RE2::ErrorRepeatOp:
      if (found.size() == 2 && found[1] == '+') return "RE2 never backtracks: leave out the second `+`";
      return "put the part that repeats in parentheses, or escape the operator with a backslash";
    case re2::RE2::ErrorRepeatArgument:
      return "put something to repeat before it, or escape it with a backslash; `*` alone is no wildcard here";
    case re2::RE2::ErrorRepeatSize:
      return "RE2 repeats at most 1000 times, nested repeats multiplied";
    case re2::RE2::ErrorPatternTooLarge:
      return "shorten it, or lower its repeat counts: they multiply when they nest";
    case re2::RE2::ErrorMissingParen:
    case re2::RE2::ErrorUnexpectedParen:
      return "write `\\(` or `\\)` for a parenthesis in the text";
    case re2::RE2::ErrorMissingBracket:
      return "write `\\[` for a bracket in the text";
    default:
      return "";
  }
}

}  // namespace

std::variant<std::shared_ptr<const re2::RE2>, RegexError> compile_regex(const std::string& pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxRegexBytes);
  auto regex = std::make_shared<const re2::RE2>(pattern, options);
  if (regex->ok()) return regex;
  std::string reason = regex->error();
  if (!regex->error_arg().empty() && reason.find(regex->error_arg()) == std::string::npos) {
    reason += ": " + regex->error_arg();
  }
  return RegexError{std::move(reason), hint_of(*regex)};
}

}  // namespace tripline::rules
