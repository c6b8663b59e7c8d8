#include "app/quantity.h"

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

using Seconds = std::chrono::duration<double>;

TEST(Quantity, ReadsAsPeopleWriteNumbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(counted(1, "file"), "1 file");
  EXPECT_EQ(counted(0, "file"), "0 files");
  EXPECT_EQ(counted(1200, "match"), "1,200 matches");
  EXPECT_EQ(counted(1, "file that is", "files that are"), "1 file that is");
  EXPECT_EQ(counted(1200, "file that is", "files that are"), "1,200 files that are");
  EXPECT_EQ(byte_size(999), "999 B");
  EXPECT_EQ(byte_size(1000), "1.0 kB");
  EXPECT_EQ(byte_size(999'960), "1.0 MB");
  EXPECT_EQ(byte_size(2'147'483'648), "2.1 GB");
}

TEST(Quantity, GivesDurationsTheirOwnUnits) {
  EXPECT_EQ(duration_text(Seconds{0.414}), "0.41 s");
  EXPECT_EQ(duration_text(Seconds{12.34}), "12.3 s");
  EXPECT_EQ(duration_text(Seconds{185.9}), "3 min 05 s");
  EXPECT_EQ(duration_text(Seconds{7383}), "2 h 03 min");
}

TEST(Quantity, RoundsRatesToThreeDigits) {
  EXPECT_EQ(per_second(84'249, Seconds{1}), 84'200U);
  EXPECT_EQ(per_second(5, Seconds{10}), 1U);
  EXPECT_EQ(per_second(999, Seconds{1}), 999U);
  EXPECT_EQ(per_second(10, Seconds{0}), 0U);
}

}  // namespace
}  // namespace tripline::app
