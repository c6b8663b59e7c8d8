#include "engine/watermark.h"

#include <optional>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr EventTime kStart{hours{1000}};
EventTime after(minutes time) { return kStart + time; }

TEST(Watermark, StandsALatenessBehindTheOldestDeliveryThatIsNotCommitted) {
  const struct {
    std::string_view name;
    std::optional<EventTime> oldest;
    EventTime expected;
  } cases[] = {
      {"nothing waits", std::nullopt, after(minutes{10 - 30})},
      {"one waits", after(minutes{4}), after(minutes{4 - 30})},
      {"one comes from a clock that is ahead", after(minutes{99}), after(minutes{10 - 30})},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Watermark watermark({}, EventTime::min(), kStart);
    EXPECT_EQ(watermark.advance(after(minutes{10}), c.oldest), c.expected);
  }
}

TEST(Watermark, NeverGoesBack) {
  Watermark watermark({}, EventTime::min(), kStart);
  const EventTime reached = watermark.advance(after(minutes{10}), std::nullopt);
  EXPECT_EQ(watermark.advance(after(minutes{11}), after(minutes{2})), reached);
  EXPECT_EQ(watermark.advance(after(minutes{9}), std::nullopt), reached);
}

TEST(Watermark, KeepsWhatWasStoredUntilIntakeHasKeptUpForAWhile) {
  const EventTime stored = kStart - hours{9};
  Watermark watermark({}, stored, kStart);
  EXPECT_EQ(watermark.advance(after(minutes{0}), std::nullopt), stored);
  EXPECT_EQ(watermark.advance(after(minutes{4}), after(minutes{2})), stored) << "it has fallen behind";
  EXPECT_EQ(watermark.advance(after(minutes{5}), after(minutes{5})), stored);
  EXPECT_EQ(watermark.advance(after(minutes{9}), after(minutes{9})), stored);
  EXPECT_TRUE(watermark.held());
  EXPECT_EQ(watermark.advance(after(minutes{10}), after(minutes{10})), after(minutes{10 - 30}));
  EXPECT_FALSE(watermark.held());
  EXPECT_EQ(watermark.advance(after(minutes{20}), after(minutes{12})), after(minutes{12 - 30}))
      << "once let go it is not held again";
}

TEST(Watermark, GoesBackToWhatIsCommittedWhenNothingCanBeAndIsHeldThere) {
  for (const EventTime committed : {EventTime::min(), after(minutes{1 - 30})}) {
    Watermark watermark({}, EventTime::min(), kStart);
    watermark.advance(after(minutes{10}), std::nullopt);
    watermark.hold(committed, after(minutes{10}));
    EXPECT_EQ(watermark.advance(after(minutes{11}), std::nullopt), committed) << "what failed is nowhere for now";
    EXPECT_EQ(watermark.advance(after(minutes{13}), after(minutes{2})), committed) << "it is delivered again";
    EXPECT_EQ(watermark.advance(after(minutes{14}), std::nullopt), committed);
    EXPECT_EQ(watermark.advance(after(minutes{19}), std::nullopt), after(minutes{19 - 30}));
  }
}

TEST(Watermark, IsHeldForTwoHoursAtMost) {
  const EventTime stored = kStart - hours{9};
  Watermark watermark({}, stored, kStart);
  EXPECT_EQ(watermark.advance(after(minutes{119}), after(minutes{1})), stored);
  EXPECT_EQ(watermark.advance(after(minutes{120}), after(minutes{1})), after(minutes{1 - 30}));
}

TEST(Watermark, StaysWithAStoredValueThatIsAhead) {
  const EventTime stored = kStart + hours{5};
  Watermark watermark({}, stored, kStart);
  EXPECT_EQ(watermark.advance(after(minutes{0}), std::nullopt), stored);
  EXPECT_EQ(watermark.advance(after(minutes{10}), std::nullopt), stored);
}

}  // namespace
}  // namespace tripline::engine
