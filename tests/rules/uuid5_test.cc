#include "rules/uuid5.h"

#include <gtest/gtest.h>

namespace tripline::rules {
namespace {

// By another implementation: Python's uuid.uuid5() with the same namespace.
TEST(Uuid5, IsWhatAnotherImplementationMakes) {
  EXPECT_EQ(uuid5("title\nx"), "be9abd15-ed1b-5c04-9617-87173c299e57");
  EXPECT_EQ(uuid5(""), "fd54f299-4293-5a01-8873-18c8a54566eb");
}

TEST(IsUuid, TakesEveryVersionInBothLetterCases) {
  EXPECT_TRUE(is_uuid("be9abd15-ed1b-5c04-9617-87173c299e57"));
  EXPECT_TRUE(is_uuid("BE9ABD15-ED1B-1C04-9617-87173C299E57"));
  EXPECT_FALSE(is_uuid("be9abd15-ed1b-5c04-9617-87173c299e5"));
  EXPECT_FALSE(is_uuid("be9abd15ed1b-5c04-9617-87173c299e577"));
  EXPECT_FALSE(is_uuid("ge9abd15-ed1b-5c04-9617-87173c299e57"));
  EXPECT_FALSE(is_uuid(""));
}

}  // namespace
}  // namespace tripline::rules
