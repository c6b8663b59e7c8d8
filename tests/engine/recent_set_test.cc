#include "engine/recent_set.h"

#include <algorithm>
#include <cstdint>

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

TEST(RecentSet, KeepsTheLastAndNoMoreThanTwiceAsMany) {
  RecentSet set(10);
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    set.put(i);
    std::uint64_t kept = 0;
    RecentSet copy = set;
    for (std::uint64_t j = 1; j <= i; ++j) kept += RecentSet(copy).has(j) ? 1 : 0;
    EXPECT_GE(kept, std::min<std::uint64_t>(i, 10));
    EXPECT_LE(kept, 20U);
    for (std::uint64_t j = i > 10 ? i - 9 : 1; j <= i; ++j) EXPECT_TRUE(RecentSet(copy).has(j));
  }
}

TEST(RecentSet, KeepsWhatIsAskedFor) {
  RecentSet set(10);
  set.put(7);
  for (std::uint64_t i = 100; i < 1000; ++i) {
    set.put(i);
    EXPECT_TRUE(set.has(7));
  }
}

}  // namespace
}  // namespace tripline::engine
