#include "app/input_report.h"

#include <gtest/gtest.h>

#include "tests/app/captured_console.h"
#include "tests/support/program.h"

namespace tripline::app {
namespace {

using engine::ErrorCode;

TEST(InputReport, NamesWhatWasSetAsideWithPathAndOffset) {
  CapturedConsole captured;
  InputReport report(captured.console());
  report.set_aside("logs/a\x1b.json", {ErrorCode::kBadInput, 1234, 56, "a string is not closed"});
  EXPECT_EQ(captured.err(),
            "tripline: warning: logs/a\\x1b.json, byte 1234: set aside 56 bytes (bad_input): a string is not closed\n");
  EXPECT_EQ(report.pieces(), 1U);
}

TEST(InputReport, CountsByReasonWhatItNoLongerNames) {
  CapturedConsole captured;
  InputReport report(captured.console());
  for (std::uint64_t i = 0; i < InputReport::kNamed + 7; ++i) {
    report.set_aside("x", {ErrorCode::kBadInput, i, 100, "broken"});
  }
  report.set_aside("x", {ErrorCode::kTruncated, 9, 1, "ends"});
  report.finish();
  const auto lines = tests::lines_of(captured.err());
  ASSERT_EQ(lines.size(), InputReport::kNamed + 2);
  EXPECT_EQ(lines[InputReport::kNamed],
            "tripline: warning: set aside without naming each: 7 more pieces, 700 B (bad_input)");
  EXPECT_EQ(lines.back(), "tripline: warning: set aside without naming each: 1 more piece, 1 B (truncated)");
  EXPECT_EQ(report.pieces(), InputReport::kNamed + 8);
}

TEST(InputReport, ShowsAFewWarningsAndCountsTheRest) {
  CapturedConsole captured;
  InputReport report(captured.console());
  for (int i = 0; i < 12; ++i) report.warning("x", "odd");
  report.finish();
  const auto lines = tests::lines_of(captured.err());
  ASSERT_EQ(lines.size(), InputReport::kWarnings + 1);
  EXPECT_EQ(lines.back(), "tripline: warning: 7 more warnings about the input");
}

}  // namespace
}  // namespace tripline::app
