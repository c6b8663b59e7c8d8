#include "app/pace.h"

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Pace::Clock::time_point at(int millis) { return Pace::Clock::time_point{seconds{1000}} + milliseconds{millis}; }

TEST(Pace, SpreadsWorkEvenly) {
  Pace pace(100);
  EXPECT_EQ(pace.wait_before(at(0), 50), milliseconds{0});
  EXPECT_EQ(pace.wait_before(at(0), 10), milliseconds{500});
  EXPECT_EQ(pace.wait_before(at(500), 10), milliseconds{100});
}

TEST(Pace, DoesNotCatchUpOnLostTime) {
  Pace pace(100);
  pace.wait_before(at(0), 50);
  EXPECT_EQ(pace.wait_before(at(9000), 50), milliseconds{0});
  EXPECT_EQ(pace.wait_before(at(9000), 50), milliseconds{500});
}

TEST(Pace, NeverWaitsWithoutARate) {
  Pace pace(0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pace.wait_before(at(0), 1'000'000), milliseconds{0});
}

}  // namespace
}  // namespace tripline::app
