#include "engine/pattern.h"

#include <random>

#include <gtest/gtest.h>

#include "engine/text.h"
#include "tests/support/patterns.h"

namespace tripline::engine {
namespace {

using Part = Pattern::Part;
using tests::pattern;

/// The oracle: tries everything, a character after another.
bool slow_match(std::string_view pattern, std::string_view text, bool cased) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip) {
      const bool inside_character = skip < text.size() && (static_cast<unsigned char>(text[skip]) & 0xc0) == 0x80;
      if (!inside_character && slow_match(pattern.substr(1), text.substr(skip), cased)) return true;
    }
    return false;
  }
  if (text.empty()) return false;
  if (pattern[0] == '?') {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return slow_match(pattern.substr(1), text.substr(bytes), cased);
  }
  const auto lower = [&](char c) { return !cased && c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return lower(pattern[0]) == lower(text[0]) && slow_match(pattern.substr(1), text.substr(1), cased);
}

TEST(Pattern, KnowsItsKind) {
  const struct {
    std::string_view text;
    Pattern::Kind kind;
    std::string_view literal;
  } cases[] = {
      {"", Pattern::Kind::kExact, ""},        {"Ab", Pattern::Kind::kExact, "ab"},
      {"Ab*", Pattern::Kind::kPrefix, "ab"},  {"*Ab", Pattern::Kind::kSuffix, "ab"},
      {"**Ab", Pattern::Kind::kSuffix, "ab"}, {"*Ab*", Pattern::Kind::kContains, "ab"},
      {"*", Pattern::Kind::kAny, ""},         {"***", Pattern::Kind::kAny, ""},
      {"?", Pattern::Kind::kGlob, ""},        {"a?", Pattern::Kind::kGlob, "a"},
      {"*?", Pattern::Kind::kGlob, ""},       {"a*Bcd*ef", Pattern::Kind::kGlob, "bcd"},
      {"*a*b*", Pattern::Kind::kGlob, "a"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(pattern(c.text).kind(), c.kind) << c.text;
    EXPECT_EQ(pattern(c.text).longest_literal(), c.literal) << c.text;
  }
}

TEST(Pattern, MatchesWhole) {
  const struct {
    std::string_view pattern, text;
    bool matches, cased_matches;
  } cases[] = {
      {"", "", true, true},
      {"", "a", false, false},
      {"*", "", true, true},
      {"*", "anything", true, true},
      {"?", "", false, false},
      {"?", "é", true, true},
      {"?", "😀", true, true},
      {"??", "é", false, false},
      {"a?c", "aéc", true, true},
      {"*?x", "éx", true, true},
      {"*??x", "éx", false, false},
      {"Console*", "consolelogin", true, false},
      {"*LOGIN", "ConsoleLogin", true, false},
      {"*sole*", "ConsoleLogin", true, true},
      {"é", "É", false, false},
      {"a*a", "a", false, false},
      {"a*a", "aa", true, true},
      {"ab*ba", "aba", false, false},
      {"*ab*ab*", "abab", true, true},
      {"*ab*ab*", "aba b", false, false},
      {"arn:aws:iam::*:role/*-admin", "arn:aws:iam::123456789012:role/ops-admin", true, true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(pattern(c.pattern).matches(c.text), c.matches) << c.pattern << " / " << c.text;
    EXPECT_EQ(pattern(c.pattern, true).matches(c.text), c.cased_matches) << c.pattern << " / " << c.text;
  }
}

TEST(Pattern, MatchesAndOccursLikeTheNaiveMatcher) {
  std::mt19937 random(3);
  const std::string_view in_patterns[] = {"a", "B", "é", "*", "?", "*", "?", "a", "ab", "aa"};
  const std::string_view in_texts[] = {"a", "b", "A", "B", "é", "😀", "a", "a"};
  int matched = 0;
  for (int round = 0; round < 60000; ++round) {
    std::string wild, text;
    for (std::size_t n = random() % 7; n > 0; --n) wild += in_patterns[random() % std::size(in_patterns)];
    for (std::size_t n = random() % 12; n > 0; --n) text += in_texts[random() % std::size(in_texts)];
    const bool cased = random() % 2;
    const bool expected = slow_match(wild, text, cased);
    matched += expected;
    if (expected) {
      ASSERT_TRUE(contains_folded(text, pattern(wild, cased).longest_literal())) << wild << " / " << text;
    }
    ASSERT_EQ(pattern(wild, cased).matches(text), expected) << wild << " / " << text << " cased " << cased;
    ASSERT_EQ(pattern(wild, cased).occurs_in(text), slow_match("*" + wild + "*", text, cased))
        << wild << " / " << text << " cased " << cased;
  }
  EXPECT_GT(matched, 3000);
}

TEST(Pattern, TakesLinearTimeWhereBacktrackingWouldNotEnd) {
  std::string wild;
  for (int i = 0; i < 30; ++i) wild += "*a";
  EXPECT_FALSE(pattern(wild + "*b").matches(std::string(20000, 'a')));
  EXPECT_FALSE(pattern(wild + "*b*").matches(std::string(20000, 'a')));
  EXPECT_FALSE(pattern("*" + std::string(50, '?') + "b?a*").matches(std::string(20000, 'a')));
}

TEST(Pattern, EqualsWhatMatchesTheSame) {
  EXPECT_EQ(pattern("ConsoleLogin"), pattern("consolelogin"));
  EXPECT_EQ(pattern("a*?*b"), pattern("a?*b"));
  EXPECT_EQ(pattern("a*?B"), pattern("A?*b"));
  EXPECT_FALSE(pattern("ConsoleLogin", true) == pattern("consolelogin", true));
  EXPECT_FALSE(pattern("a", true) == pattern("a", false));
  EXPECT_FALSE(pattern("a*") == pattern("*a"));
}

TEST(Pattern, IsWrittenAsSigmaWouldWriteIt) {
  EXPECT_EQ(pattern("Con*Lo?in").written(), "Con*Lo?in");
  EXPECT_EQ(Pattern({{Part::Kind::kText, "a*b?c\\d"}, {Part::Kind::kMany, ""}}, false).written(), "a\\*b\\?c\\\\d*");
}

}  // namespace
}  // namespace tripline::engine
