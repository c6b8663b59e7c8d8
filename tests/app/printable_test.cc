#include "app/printable.h"

#include <string>

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

TEST(Printable, ShowsWhatWouldDriveATerminalAsEscapes) {
  const struct {
    std::string_view name;
    std::string text;
    std::string shown;
  } cases[] = {
      {"plain text stays", "CreateUser ünïcødé 漢字", "CreateUser ünïcødé 漢字"},
      {"an escape sequence", "\x1b[2J", "\\x1b[2J"},
      {"line feed, tab, carriage return", "a\nb\tc\rd", "a\\nb\\tc\\rd"},
      {"NUL and DEL", std::string("\0\x7f", 2), "\\x00\\x7f"},
      {"C1 as one UTF-8 character",
       "\xc2\x9b"
       "31m",
       "\\u009b31m"},
      {"an override of the writing direction",
       "gpj\xe2\x80\xae"
       "exe",
       "gpj\\u202eexe"},
      {"bytes that are no UTF-8", "\xff\xc3(", "\\xff\\xc3("},
      {"a surrogate in UTF-8", "\xed\xa0\x80", "\\xed\\xa0\\x80"},
      {"an overlong slash", "\xc0\xaf", "\\xc0\\xaf"},
      {"a character cut off at the end", "\xe6\xbc", "\\xe6\\xbc"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(printable(c.text), c.shown);
    EXPECT_EQ(printable(c.shown), c.shown) << "what is printable stays as it is";
  }
}

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("ünï"), 3U);
  EXPECT_EQ(display_width("漢字"), 4U);
  EXPECT_EQ(display_width("e\xcc\x81"), 1U) << "a combining accent takes no column";
}

TEST(Truncated, EndsInAnEllipsisAndNeverExceedsItsColumns) {
  const struct {
    std::string_view text;
    std::size_t columns;
    std::string_view cut;
  } cases[] = {
      {"abcdef", 6, "abcdef"},  {"abcdef", 5, "abcd…"}, {"abcdef", 1, "…"}, {"", 1, ""},
      {"漢字漢字", 5, "漢字…"}, {"漢字漢字", 4, "漢…"},  // a wide character is not halved
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(truncated(c.text, c.columns), c.cut);
    EXPECT_LE(display_width(truncated(c.text, c.columns)), c.columns);
  }
}

}  // namespace
}  // namespace tripline::app
