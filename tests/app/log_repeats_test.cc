#include "app/log_repeats.h"

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

using std::chrono::seconds;
using Left = std::vector<LogRepeats::Left>;

LogRepeats::Time at(int second) { return LogRepeats::Time{} + seconds{1'000'000 + second}; }

TEST(LogRepeats, AdmitSoManyOfAMessageAWindow) {
  LogRepeats repeats(2, seconds{60});
  EXPECT_TRUE(repeats.admit("a", 1, at(0)));
  EXPECT_TRUE(repeats.admit("a", 1, at(1)));
  EXPECT_FALSE(repeats.admit("a", 1, at(2)));
  EXPECT_TRUE(repeats.admit("b", 1, at(2))) << "each message for itself";
  EXPECT_FALSE(repeats.admit("a", 1, at(59)));
  EXPECT_EQ(repeats.take_over(at(59)), Left{});
  EXPECT_EQ(repeats.take_over(at(60)), (Left{{"a", 1, 2}}));
  EXPECT_TRUE(repeats.admit("a", 1, at(60))) << "a new window";
  EXPECT_EQ(repeats.take_over(at(200)), Left{}) << "nothing was left out";
  EXPECT_EQ(repeats.suppressed(), 2U);
}

TEST(LogRepeats, EndAllWindowsWhenAsked) {
  LogRepeats repeats(1, seconds{60});
  for (int i = 0; i < 3; ++i) repeats.admit("b", 2, at(i));
  for (int i = 0; i < 2; ++i) repeats.admit("a", 0, at(i));
  EXPECT_EQ(repeats.take_all(), (Left{{"a", 0, 1}, {"b", 2, 2}}));
  EXPECT_EQ(repeats.take_all(), Left{});
}

TEST(LogRepeats, OutliveAClockThatIsSetBack) {
  LogRepeats repeats(1, seconds{60});
  repeats.admit("a", 1, at(1000));
  repeats.admit("a", 1, at(1000));
  EXPECT_EQ(repeats.take_over(at(0)), (Left{{"a", 1, 1}}));
  EXPECT_TRUE(repeats.admit("a", 1, at(0)));
}

}  // namespace
}  // namespace tripline::app
