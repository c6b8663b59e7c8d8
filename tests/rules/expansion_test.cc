#include "rules/expansion.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace tripline::rules {
namespace {

std::string shown(const SigmaString& value) {
  std::string text;
  for (const auto& part : value) {
    text += part.kind == engine::Pattern::Part::Kind::kMany  ? "*"
            : part.kind == engine::Pattern::Part::Kind::kOne ? "?"
                                                             : part.text;
  }
  return text;
}

std::vector<std::string> shown(const std::vector<SigmaString>& values) {
  std::vector<std::string> texts;
  for (const SigmaString& value : values) texts.push_back(shown(value));
  return texts;
}

TEST(DashVariants, AreEveryWayToWriteAnOptionsDashes) {
  EXPECT_EQ(shown(dash_variants(literal("-a"), 5).value()),
            (std::vector<std::string>{"-a", "/a", "\u2013a", "\u2014a", "\u2015a"}));
  EXPECT_FALSE(dash_variants(literal("-a"), 4));
}

TEST(DashVariants, TakeADashOnlyWhereItBeginsAnOption) {
  const struct {
    std::string_view name;
    std::string_view text;
    std::size_t dashes;
  } cases[] = {
      {"at the beginning", "-enc", 1},
      {"after a blank", " -enc", 1},
      {"a slash too", " /c", 1},
      {"a longer dash too", " \u2014c", 1},
      {"one inside a word is none", "-param-name", 1},
      {"nor between a word and a blank", "a- b", 0},
      {"nor alone", " - ", 0},
      {"the second of two", "--encode", 1},
      {"a path's first slash only", "/usr/bin", 1},
      {"a date is none", "2026-01-15", 0},
      {"several options", "-a /b \u2013c", 3},
      {"after a letter of another alphabet is none", "\u00e9-a", 0},
      {"before a letter of another alphabet", "-\u00e9", 1},
      {"after a wildcard", "*-a*", 1},
      {"before a wildcard is none", "-*a", 0},
      {"before a digit", " -1", 1},
      {"none at all", "abc", 0},
      {"the empty text", "", 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const SigmaString value = parse_sigma_string(c.text);
    const auto variants = shown(dash_variants(value, 1'000).value());
    std::size_t expected = 1;
    for (std::size_t i = 0; i < c.dashes; ++i) expected *= 5;
    EXPECT_EQ(variants.size(), expected);
    EXPECT_EQ(std::set<std::string>(variants.begin(), variants.end()).size(), expected);
    EXPECT_NE(std::find(variants.begin(), variants.end(), shown(value)), variants.end());
  }
}

TEST(Placeholders, AreFoundWhereTheyAreNotEscaped) {
  const struct {
    std::string_view text;
    std::vector<std::string> parts;  // placeholders in <>
  } cases[] = {
      {"%name%", {"", "<name>", ""}},
      {"a%x%b%y_1%", {"a", "<x>", "b", "<y_1>", ""}},
      {"%a%%b%", {"", "<a>", "", "<b>", ""}},
      {"100%", {"100%"}},
      {"%%", {"%%"}},
      {"%a b%", {"%a b%"}},
      {"%a%b%", {"", "<a>", "b%"}},
      {"5%a %b%", {"5%a ", "<b>", ""}},
      {R"(\%plain%name%)", {"%plain", "<name>", ""}},
      {R"(\%a\%)", {"%a%"}},
      {"%*x%", {"%*x%"}},
      {"*%x%*", {"*", "<x>", "*"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    std::vector<std::string> parts;
    for (const auto& part : split_placeholders(parse_sigma_string(c.text))) {
      parts.push_back(part.placeholder ? "<" + shown(part.text) + ">" : shown(part.text));
    }
    EXPECT_EQ(parts, c.parts);
  }
}

TEST(Placeholders, StandForEachValueOfTheirLists) {
  const Lists lists = {{"a", {"1", "2*"}}, {"b", {"x", "y", "z"}}};
  const auto parts = split_placeholders(parse_sigma_string("%a%-%b%"));
  EXPECT_EQ(shown(fill_placeholders(parts, lists, 6).value()),
            (std::vector<std::string>{"1-x", "1-y", "1-z", "2*-x", "2*-y", "2*-z"}));
  EXPECT_FALSE(fill_placeholders(parts, lists, 5));
}

}  // namespace
}  // namespace tripline::rules
