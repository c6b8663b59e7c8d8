#include "engine/regex_literals.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/support/patterns.h"

namespace tripline::engine {
namespace {

TEST(RegexLiterals, AreWhatEveryMatchingTextHolds) {
  const struct {
    std::string_view regex;
    std::vector<std::string> literals;  // none: nothing is necessary
  } cases[] = {
      {"Create(User|Role)", {"createrole", "createuser"}},
      {"(?i)Create(User|Role)", {"createrole", "createu"}},  // `s` has a partner outside ASCII: the long s
      {"(?i)delete.*trail", {"delete"}},
      {"^arn:aws:iam::[0-9]{12}:root$", {"arn:aws:iam::"}},
      {"foo|bar", {"bar", "foo"}},
      {"a[bc]d", {"abd", "acd"}},
      {"(?i)task", {}},
      {"mimikatz", {"mimikatz"}},
      {"(?i:mimikatz)", {"mimi"}},
      {"mimi[k\xe2\x84\xaa]atz", {"mimi"}},
      {"mimi[k\\x{212a}]atz", {"mimi"}},
      {"ab", {}},
      {"a*b*c*", {}},
      {".*", {}},
      {"", {}},
      {"[a-z]+", {}},
      {"foo|b.", {}},
      {"(foobar)?", {}},
      {"é\xc3\xa9\xc3\xa9", {}},
  };
  for (const auto& c : cases) {
    const auto found = needed_literals(*tests::regex(c.regex).compiled, 3);
    ASSERT_EQ(found.has_value(), !c.literals.empty()) << c.regex;
    if (found) {
      EXPECT_THAT(*found, testing::ElementsAreArray(c.literals)) << c.regex;
    }
  }
}

}  // namespace
}  // namespace tripline::engine
