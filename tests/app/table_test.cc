#include "app/table.h"

#include <gtest/gtest.h>

#include "app/printable.h"
#include "tests/app/captured_console.h"

namespace tripline::app {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

TEST(Table, AlignsColumnsByWidthOnTheScreen) {
  CapturedConsole captured;
  Table table({{"NAME"}, {"COUNT", true}, {"WHAT"}}, captured.console(), 0);
  table.row({{"漢字"}, {"7"}, {"wide"}});
  table.row({{"abcdef"}, {"1234567"}, {""}});
  table.finish();
  EXPECT_EQ(captured.out(),
            "NAME      COUNT  WHAT\n"
            "漢字          7  wide\n"
            "abcdef  1234567\n");
}

TEST(Table, CutsLinesToTheTerminalWidestColumnFirst) {
  CapturedConsole captured;
  Table table({{"ID"}, {"TEXT"}}, captured.console(), 20);
  table.row({{"i-0123"}, {std::string(100, 'x')}});
  table.finish();
  const auto lines = lines_of(captured.out());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1], "i-0123  xxxxxxxxxxx…");
}

TEST(Table, CutsLongCellsPastItsSampleToo) {
  CapturedConsole captured;
  Table table({{"A"}, {"B"}}, captured.console(), 30);
  for (std::size_t i = 0; i < Table::kSample; ++i) table.row({{"a"}, {"b"}});
  table.row({{std::string(50, 'a')}, {std::string(50, 'b')}});
  table.finish();
  const auto lines = lines_of(captured.out());
  ASSERT_EQ(lines.size(), Table::kSample + 2);
  for (const auto& line : lines) EXPECT_LE(display_width(line), 30U);
}

TEST(Table, LosesNothingWithoutALimit) {
  CapturedConsole captured;
  Table table({{"A"}, {"B"}}, captured.console(), 0);
  for (std::size_t i = 0; i < Table::kSample; ++i) table.row({{"a"}, {"b"}});
  table.row({{std::string(50, 'a')}, {"end"}});
  table.finish();
  EXPECT_EQ(lines_of(captured.out()).back(), std::string(50, 'a') + "  end");
}

TEST(Table, EscapesWhatLogsMayHold) {
  CapturedConsole captured;
  Table table({{"A"}}, captured.console(), 0);
  table.row({{"x\x1b]0;title\x07\ny"}});
  table.finish();
  EXPECT_EQ(captured.out(), "A\nx\\x1b]0;title\\x07\\ny\n");
}

TEST(Table, IsEmptyWithoutRows) {
  CapturedConsole captured;
  Table table({{"A"}}, captured.console(), 0);
  table.finish();
  EXPECT_EQ(captured.out(), "");
}

TEST(Table, LeavesColumnsOutBeforeItCutsThoseThatStayWhole) {
  CapturedConsole captured;
  Table table({{"TIME", false, {Room::kWhole}}, {"LAST", false, {Room::kWhole, 1}}, {"RULE"}}, captured.console(), 30);
  table.row({{"2026-01-15T10:11:12Z"}, {"2026-01-15T10:11:13Z"}, {"a rule's long title"}});
  table.finish();
  EXPECT_EQ(captured.out(),
            "TIME                  RULE\n"
            "2026-01-15T10:11:12Z  a rule'…\n");
  EXPECT_EQ(table.left_out(), std::vector<std::string>{"LAST"});
}

TEST(Table, NeverCutsCellsOfWholeColumnsPastItsSample) {
  CapturedConsole captured;
  Table table({{"A", false, {Room::kWhole}}, {"B"}}, captured.console(), 20);
  for (std::size_t i = 0; i < Table::kSample; ++i) table.row({{"a"}, {"b"}});
  table.row({{"informational"}, {"b"}});
  table.finish();
  EXPECT_EQ(lines_of(captured.out()).back(), "informational  b");
}

TEST(Fitted, LetsTheWidestGiveWayDownToItsLeast) {
  using Widths = std::vector<std::size_t>;
  const std::vector<Room> plain(3);
  EXPECT_EQ(fitted({5, 50, 10}, plain, 0, 2), (Widths{5, 50, 10})) << "no limit";
  EXPECT_EQ(fitted({5, 50, 10}, plain, 40, 2), (Widths{5, 21, 10}));
  EXPECT_EQ(fitted({5, 50, 50}, plain, 49, 2), (Widths{5, 20, 20}));
  EXPECT_EQ(fitted({4, 50, 50}, plain, 1, 2), (Widths{4, 6, 6})) << "too narrow a terminal wraps";
}

TEST(Fitted, LetsColumnsLeaveInTheirTurnWhenCuttingIsNotEnough) {
  using Widths = std::vector<std::size_t>;
  const std::vector<Room> rooms{{Room::kWhole}, {10, 2}, {20, 1}};
  EXPECT_EQ(fitted({20, 30, 40}, rooms, 60, 2), (Widths{20, 16, 20})) << "cut";
  EXPECT_EQ(fitted({20, 30, 40}, rooms, 53, 2), (Widths{20, 30, 0})) << "the first left, which makes room";
  EXPECT_EQ(fitted({20, 30, 40}, rooms, 32, 2), (Widths{20, 10, 0}));
  EXPECT_EQ(fitted({20, 30, 40}, rooms, 31, 2), (Widths{20, 0, 0}));
  EXPECT_EQ(fitted({20, 30, 40}, rooms, 5, 2), (Widths{20, 0, 0})) << "what is whole stays whole";
}

}  // namespace
}  // namespace tripline::app
