#include "engine/utf8.h"

#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

TEST(Utf8Prefix, EndsWhereTheTextIsNotUtf8) {
  const struct {
    std::string_view name;
    std::string_view text;
    std::size_t length;
  } cases[] = {
      {"empty", "", 0},
      {"ASCII", "ab\ncd", 5},
      {"characters of two to four bytes", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", 9},
      {"at the beginning", "\xFF", 0},
      {"another encoding's letter", "caf\xE9 au lait", 3},
      {"in a later line", "\xC3\xA4\n\xC3\xA4\xA4\n", 5},
      {"a character that is cut off", "a\xE2\x82", 1},
      {"a surrogate", "ab\xED\xA0\x80", 2},
      {"an overlong form", "\n\xC0\xAF", 1},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(utf8_prefix(c.text), c.length);
    EXPECT_EQ(is_utf8(c.text), c.length == c.text.size());
  }
}

TEST(Utf8Prefix, IsTheLongestBeginningThatIsUtf8) {
  constexpr std::string_view kBytes = "a\n\x80\xA4\xC3\xE2\x82\xF0\x9F\xFF";
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 12, ' ');
    for (char& c : text) c = kBytes[random() % kBytes.size()];
    std::size_t longest = text.size();
    while (!is_utf8(std::string_view(text).substr(0, longest))) --longest;
    ASSERT_EQ(utf8_prefix(text), longest) << testing::PrintToString(text);
  }
}

TEST(CutUtf8, KeepsWholeCharacters) {
  EXPECT_EQ(cut_utf8("abc", 3), "abc");
  EXPECT_EQ(cut_utf8("abcd", 3), "abc");
  EXPECT_EQ(cut_utf8("a→b", 4), "a→");
  EXPECT_EQ(cut_utf8("a→b", 3), "a");
  EXPECT_EQ(cut_utf8("→", 2), "");
}

}  // namespace
}  // namespace tripline::engine
