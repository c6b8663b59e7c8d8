#include "rules/sigma_string.h"

#include <random>

#include <gtest/gtest.h>

namespace tripline::rules {
namespace {

/// Wildcards as <*> and <?>, so that they cannot be taken for text.
std::string shown(const SigmaString& value) {
  std::string text;
  for (const auto& part : value) {
    switch (part.kind) {
      case engine::Pattern::Part::Kind::kText:
        text += "[" + part.text + "]";
        break;
      case engine::Pattern::Part::Kind::kMany:
        text += "<*>";
        break;
      case engine::Pattern::Part::Kind::kOne:
        text += "<?>";
        break;
    }
  }
  return text;
}

std::string escaped(const SigmaString& value) {
  std::string text;
  for (const auto& part : value) {
    if (part.kind == engine::Pattern::Part::Kind::kMany) text += '*';
    if (part.kind == engine::Pattern::Part::Kind::kOne) text += '?';
    for (const char c : part.text) {
      if (c == '*' || c == '?' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text;
}

TEST(SigmaString, ResolvesEscapesAndWildcards) {
  const struct {
    std::string_view name;
    std::string_view text;
    std::string_view parts;
  } cases[] = {
      {"the empty text has no parts", "", ""},
      {"plain text is one run", "iam.amazonaws.com", "[iam.amazonaws.com]"},
      {"a wildcard at the end", "Create*", "[Create]<*>"},
      {"wildcards all over", "*a?b*", "<*>[a]<?>[b]<*>"},
      {"the wildcard alone", "*", "<*>"},
      {"a second * adds nothing", "a**b", "[a]<*>[b]"},
      {"each ? is one character", "a??", "[a]<?><?>"},
      {"an escaped *", R"(a\*b)", "[a*b]"},
      {"an escaped ?", R"(a\?b)", "[a?b]"},
      {"a single backslash stays", R"(C:\Windows\x)", R"([C:\Windows\x])"},
      {"a double backslash is one", R"(C:\\Windows)", R"([C:\Windows])"},
      {"a backslash before a wildcard is doubled", R"(C:\\*)", R"([C:\]<*>)"},
      {"three backslashes escape both", R"(C:\\\*)", R"([C:\*])"},
      {"three backslashes are two", R"(\\\x)", R"([\\x])"},
      {"four backslashes are two", R"(\\\\x)", R"([\\x])"},
      {"a backslash at the end stays", R"(\Temp\)", R"([\Temp\])"},
      {"two backslashes at the end are one", R"(\Temp\\)", R"([\Temp\])"},
      {"a backslash before a quote stays", R"(\"Effect\")", R"([\"Effect\"])"},
      {"real: a UNC path", R"(\\\\localhost\\C$\\*)", R"([\\localhost\C$\]<*>)"},
      {"real: an arn", "arn:aws:iam::*:root", "[arn:aws:iam::]<*>[:root]"},
      {"real: a suffix that begins with a backslash", R"(*\\cmd.exe)", R"(<*>[\cmd.exe])"},
      {"real: one backslash after a wildcard", R"(*\cmd.exe)", R"(<*>[\cmd.exe])"},
      {"real: a regex-like escape", R"(\d+)", R"([\d+])"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(shown(parse_sigma_string(c.text)), c.parts);
  }
}

TEST(SigmaString, LiteralTextHasNoWildcards) {
  EXPECT_EQ(literal("a*b\\?"), (SigmaString{{engine::Pattern::Part::Kind::kText, "a*b\\?"}}));
  EXPECT_TRUE(literal("").empty());
  EXPECT_FALSE(has_wildcard(literal("*")));
  EXPECT_TRUE(has_wildcard(parse_sigma_string("*")));
  EXPECT_EQ(plain_text(literal("*")), "*");
  EXPECT_EQ(plain_text({}), "");
}

TEST(SigmaStringProperty, EscapedValuesAreReadBackAsTheyWere) {
  std::mt19937 random(42);
  const std::string alphabet = "ab*?\\";
  for (int round = 0; round < 20'000; ++round) {
    SigmaString value;
    for (auto left = random() % 8; left > 0; --left) {
      const auto kind = static_cast<engine::Pattern::Part::Kind>(random() % 3);
      std::string text;
      if (kind == engine::Pattern::Part::Kind::kText) text = alphabet[random() % alphabet.size()];
      append(value, {kind, text});
    }
    const std::string text = escaped(value);
    ASSERT_EQ(shown(parse_sigma_string(text)), shown(value)) << text;
  }
}

}  // namespace
}  // namespace tripline::rules
