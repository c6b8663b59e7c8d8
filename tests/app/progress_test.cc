#include "app/progress.h"

#include <gtest/gtest.h>

#include "tests/app/captured_console.h"

namespace tripline::app {
namespace {

using std::chrono::milliseconds;

TEST(Progress, StaysQuietForASecondAndThenShowsTenTimesASecondAtMost) {
  CapturedConsole captured(true, 80);
  const Progress::Clock::time_point start{};
  Progress progress(captured.console(), start);
  progress.update(start + milliseconds{999}, 1, 10, 5);
  EXPECT_EQ(captured.err(), "");
  progress.update(start + milliseconds{1000}, 2, 10, 10);
  const std::string first = captured.err();
  EXPECT_NE(first, "");
  progress.update(start + milliseconds{1099}, 3, 10, 10);
  EXPECT_EQ(captured.err(), first);
  progress.update(start + milliseconds{1100}, 3, 10, 10);
  EXPECT_GT(captured.err().size(), first.size());
}

TEST(Progress, ShowsShareRateAndTimeLeft) {
  EXPECT_EQ(progress_line(25, 100, 12'300, std::chrono::duration<double>{3}),
            "[#####---------------]  25 %  12,300 events  4,100/s  9.00 s left");
  EXPECT_EQ(progress_line(100, 100, 1, std::chrono::duration<double>{2}),
            "[####################] 100 %  1 event  1/s  0.00 s left");
  EXPECT_EQ(progress_line(0, 100, 0, std::chrono::duration<double>{2}), "[--------------------]   0 %  0 events  0/s");
  EXPECT_EQ(progress_line(7, 0, 4, std::chrono::duration<double>{2}), "4 events  2/s") << "standard input has no size";
}

}  // namespace
}  // namespace tripline::app
