#include "engine/event_key.h"

#include <gtest/gtest.h>

#include "engine/envelope.h"
#include "engine/recent_events.h"

namespace tripline::engine {
namespace {

TEST(EventKey, IsPinned) {
  // Stores keep it: it may not change.
  EXPECT_EQ(event_key({"2f1e6d3c-0000-4000-8000-000000000001", "111122223333"}, {}),
            (EventKey{.high = 0x996c15b173df20d6, .low = 0xf9b873c0bbb93465}));
}

TEST(EventKey, IsOfEventAndAccountElseOfThePlace) {
  Envelope one, two;
  one.path = "one";
  two.path = "two";
  const Record record{.json = "{}", .envelope = &one, .index = 1};
  const Record next{.json = "{}", .envelope = &one, .index = 2};
  const Record elsewhere{.json = "{}", .envelope = &two, .index = 1};
  EXPECT_EQ(event_key({"a", "1"}, record), event_key({"a", "1"}, elsewhere));
  EXPECT_NE(event_key({"a", "1"}, record), event_key({"a", "2"}, record));
  EXPECT_NE(event_key({"a1", ""}, record), event_key({"a", "1"}, record));
  EXPECT_EQ(event_key({}, record), event_key({}, record));
  EXPECT_NE(event_key({}, record), event_key({}, next));
  EXPECT_NE(event_key({}, record), event_key({}, elsewhere));
}

TEST(RecentEvents, KnowsTheLastHalfMillionAtLeast) {
  RecentEvents recent;
  constexpr std::uint64_t kEvents = RecentEvents::kRemembered * 5;
  const auto key = [](std::uint64_t i) { return EventKey{0, i * 0x9e3779b97f4a7c15ULL}; };
  for (std::uint64_t i = 0; i < kEvents; ++i) {
    ASSERT_FALSE(recent.knew(key(i)));
    if (i < RecentEvents::kRemembered || i % 1000 != 0) continue;
    ASSERT_TRUE(recent.knew(key(i - RecentEvents::kRemembered + 1)));
  }
  EXPECT_FALSE(recent.knew(key(0)));  // long forgotten, so that memory is bounded
}

}  // namespace
}  // namespace tripline::engine
