#include "rules/timespan.h"

#include <cstdint>
#include <string_view>

#include <gtest/gtest.h>

namespace tripline::rules {
namespace {

TEST(Timespan, IsWrittenInTheLargestUnitThatFits) {
  const struct {
    std::int64_t seconds;
    std::string_view text;
  } cases[] = {{1, "1s"},       {59, "59s"},        {60, "1m"},     {90, "90s"},
               {3'600, "1h"},   {5'400, "90m"},     {86'400, "1d"}, {129'600, "36h"},
               {604'800, "7d"}, {2'592'000, "30d"}, {0, "0s"},      {2'629'746, "2629746s"}};
  for (const auto& c : cases) {
    EXPECT_EQ(timespan_text(c.seconds), c.text);
    EXPECT_EQ(seconds_of(c.text), c.seconds) << "and reads as it was";
  }
}

TEST(Timespan, ReadsNothingButSpans) {
  for (const auto* text : {"", "5", "-5m", "5x", "5mm", "m", "5 m", "99999999999999999999s", "101y"}) {
    EXPECT_FALSE(seconds_of(text)) << text;
  }
  EXPECT_EQ(seconds_of("0"), 0);
  EXPECT_EQ(seconds_of("2w"), 1'209'600);
}

}  // namespace
}  // namespace tripline::rules
