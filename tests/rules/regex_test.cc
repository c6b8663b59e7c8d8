#include "rules/regex.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

namespace tripline::rules {
namespace {

TEST(Regex, SaysWhyRe2RefusesAndWhatToWrite) {
  const struct {
    std::string pattern;
    std::string_view reason;
    std::string_view hint;  // its beginning
  } cases[] = {
      {"a(?=b)", "invalid perl operator: (?=", "RE2 has no lookahead: put what must also"},
      {"a(?!b)", "invalid perl operator: (?!", "RE2 has no lookahead: put what must not"},
      {"(?<=a)b", "invalid perl operator: (?<", "RE2 has no lookbehind: put what comes before"},
      {"x(?<!a)b", "invalid perl operator: (?<", "RE2 has no lookbehind: put what must not"},
      {"(?<n>a)", "invalid perl operator: (?<", "RE2 names a group as `(?P<name>...)`"},
      {"(?>a)", "invalid perl operator: (?>", "RE2 has no atomic groups"},
      {"(?#note)a", "invalid perl operator: (?#", "RE2 has no comments"},
      {"(?x) a", "invalid perl operator: (?x", "RE2 has no free spacing"},
      {"(a)\\1", "invalid escape sequence: \\1", "RE2 has no backreferences"},
      {"(?P<n>a)(?P=n)", "invalid perl operator: (?P", "RE2 has no backreferences"},
      {"\\k<n>", "invalid escape sequence: \\k", "RE2 has no backreferences"},
      {"a\\hb", "invalid escape sequence: \\h", "write `[ \\t]`"},
      {"a\\Z", "invalid escape sequence: \\Z", "write `$`"},
      {"\\u0041", "invalid escape sequence: \\u", "write `\\x{...}`"},
      {"a++", "bad repetition operator: ++", "RE2 never backtracks: leave out the second `+`"},
      {"a**", "bad repetition operator: **", "put the part that repeats in parentheses"},
      {"*a", "no argument for repetition operator: *", "put something to repeat before it"},
      {"a{1001}", "invalid repetition size: {1001}", "RE2 repeats at most 1000 times"},
      {"(a", "missing ): (a", "write `\\(` or `\\)`"},
      {"a)", "unexpected ): a)", "write `\\(` or `\\)`"},
      {"[a", "missing ]: [a", "write `\\[`"},
      {"[z-a]", "invalid character class range: z-a", ""},
      {"a\\", "trailing \\", ""},
      {"((\\pL{1,30}){1,30})*", "pattern too large - compile failed", "shorten it, or lower its repeat counts"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.pattern);
    const auto compiled = compile_regex(c.pattern);
    const auto* error = std::get_if<RegexError>(&compiled);
    if (error == nullptr) {
      ADD_FAILURE() << "RE2 takes it";
      continue;
    }
    EXPECT_EQ(error->reason, c.reason);
    EXPECT_EQ(error->hint.substr(0, c.hint.size()), c.hint);
    EXPECT_EQ(error->hint.empty(), c.hint.empty());
  }
}

TEST(Regex, TakesWhatRulesUse) {
  for (const char* const pattern : {"(?i)/lib/python3\\.([5-9]|[0-9]{2})/", "[^/]{100,}$", ".{1000,}", "(.){200,}",
                                    "\\s-[FTd]\\s", "", "\\/\\-\\_", "(?P<name>a)", "\\x{41}"}) {
    EXPECT_FALSE(std::holds_alternative<RegexError>(compile_regex(pattern))) << pattern;
  }
}

}  // namespace
}  // namespace tripline::rules
