#include "alerts/lane.h"

#include <gmock/gmock.h>

namespace tripline::alerts {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using Numbers = std::vector<std::uint64_t>;

const engine::EventTime kNoon = *engine::parse_time("2026-01-15T12:00:00Z");
const Verdict kDown = Verdict::retry("nobody at home", {}, true);

Lane::Options options() {
  Lane::Options options;
  options.concurrency = 2;
  return options;
}

/// `12 retry: why`
std::vector<std::string> shown(const std::vector<Lane::Outcome>& outcomes) {
  static constexpr std::string_view kEnds[] = {"delivered", "retry", "refused", "overdue", "full"};
  std::vector<std::string> lines;
  for (const auto& [number, end, why] : outcomes) {
    lines.push_back(std::to_string(number) + " " + std::string(kEnds[static_cast<int>(end)]) +
                    (why.empty() ? "" : ": " + why));
  }
  return lines;
}

std::vector<std::string> settle(Lane& lane, const Numbers& numbers, const Verdict& verdict, engine::EventTime now) {
  return shown(lane.settle(numbers, std::vector(numbers.size(), verdict), now));
}

TEST(Lane, SendsOneOfAThreadAtATimeInOrder) {
  Lane lane(options());
  lane.add(1, "a", kNoon);
  lane.add(2, "a", kNoon);
  lane.add(3, "b", kNoon);
  lane.add(4, "c", kNoon);
  EXPECT_EQ(lane.take(kNoon), Numbers{1});
  EXPECT_EQ(lane.take(kNoon), Numbers{3});
  EXPECT_THAT(lane.take(kNoon), IsEmpty()) << "two at a time";
  EXPECT_THAT(settle(lane, {3}, Verdict::delivered(), kNoon), ElementsAre("3 delivered"));
  EXPECT_EQ(lane.take(kNoon), Numbers{4}) << "2 waits for 1";
  settle(lane, {1}, Verdict::delivered(), kNoon);
  EXPECT_EQ(lane.take(kNoon), Numbers{2});
  EXPECT_EQ(lane.waiting(), 2u);
  EXPECT_EQ(lane.under_way(), 2u);
}

TEST(Lane, PutsDifferentThreadsIntoOneAttempt) {
  auto few = options();
  few.batch = 3;
  Lane lane(few);
  for (std::uint64_t number = 1; number <= 8; ++number) lane.add(number, std::string(1, "aabcd"[number % 5]), kNoon);
  EXPECT_EQ(lane.take(kNoon), (Numbers{1, 2, 3}));
  EXPECT_EQ(lane.take(kNoon), (Numbers{4})) << "5 and 6 are of a thread that is under way";
}

TEST(Lane, HoldsUpTheThreadOfWhatFailsByItselfAndNoOther) {
  Lane lane(options());
  lane.add(1, "a", kNoon);
  lane.add(2, "a", kNoon);
  lane.add(3, "b", kNoon);
  EXPECT_EQ(lane.take(kNoon), Numbers{1});
  EXPECT_THAT(settle(lane, {1}, Verdict::retry("not now"), kNoon), ElementsAre("1 retry: not now"));
  EXPECT_EQ(lane.take(kNoon), Numbers{3});
  settle(lane, {3}, Verdict::delivered(), kNoon);
  EXPECT_THAT(lane.take(kNoon), IsEmpty());
  const auto next = lane.next();
  EXPECT_THAT(next - kNoon, AllOf(Ge(milliseconds{500}), Le(milliseconds{1000})));
  EXPECT_EQ(lane.take(next), Numbers{1});
}

TEST(Lane, GivesUpWhatTheReceiverRefusesAndGoesOn) {
  Lane lane(options());
  lane.add(1, "a", kNoon);
  lane.add(2, "a", kNoon);
  lane.take(kNoon);
  EXPECT_THAT(settle(lane, {1}, Verdict::give_up("too large"), kNoon), ElementsAre("1 refused: too large"));
  EXPECT_EQ(lane.take(kNoon), Numbers{2});
}

TEST(Lane, WaitsTwiceAsLongAfterEachFailureOfTheSinkAndTriesWithOne) {
  Lane lane(options());
  for (std::uint64_t number = 1; number <= 9; ++number) lane.add(number, std::to_string(number), kNoon);
  auto now = kNoon;
  milliseconds whole{1000};
  EXPECT_EQ(lane.take(now), Numbers{1});
  EXPECT_EQ(lane.take(now), Numbers{2});
  settle(lane, {1}, kDown, now + milliseconds{1});
  settle(lane, {2}, kDown, now + milliseconds{1});
  now += milliseconds{1};
  EXPECT_EQ(lane.failures(), 1u) << "what failed side by side counts once";
  for (std::uint64_t failures = 1; failures <= 12; ++failures) {
    SCOPED_TRACE(failures);
    EXPECT_EQ(lane.open(), failures >= 5);
    EXPECT_THAT(lane.take(now), IsEmpty());
    EXPECT_THAT(lane.next() - now, AllOf(Ge(whole / 2), Le(whole)));
    whole = std::min<milliseconds>(whole * 2, minutes{5});
    now = lane.next();
    const Numbers one = lane.take(now);
    EXPECT_EQ(one.size(), 1u);
    EXPECT_THAT(lane.take(now), IsEmpty()) << "one shows whether it is well again";
    settle(lane, one, kDown, now);
  }
  EXPECT_EQ(lane.trouble(), "nobody at home");
  now = lane.next();
  settle(lane, lane.take(now), Verdict::delivered(), now);
  EXPECT_FALSE(lane.open());
  EXPECT_EQ(lane.trouble(), "");
  EXPECT_EQ(lane.take(now).size() + lane.take(now).size(), 2u) << "and then all go on at once";
}

TEST(Lane, ObeysRetryAfter) {
  const struct {
    std::string_view name;
    Verdict verdict;
  } cases[] = {
      {"of the sink", Verdict::retry("429", seconds{90}, true)},
      {"of one message", Verdict::retry("409", seconds{90})},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Lane lane(options());
    lane.add(1, "a", kNoon);
    lane.take(kNoon);
    settle(lane, {1}, c.verdict, kNoon);
    EXPECT_EQ(lane.next(), kNoon + seconds{90});
    EXPECT_EQ(lane.take(kNoon + seconds{90}), Numbers{1});
  }
}

TEST(Lane, TakesFailuresOfManyForOneOfTheSink) {
  Lane lane(options());
  auto now = kNoon;
  for (std::uint64_t number = 1; number <= 9; ++number) lane.add(number, std::to_string(number), kNoon);
  for (std::uint64_t number = 1; number <= Lane::kDistinct; ++number) {
    EXPECT_EQ(lane.failures(), 0u);
    EXPECT_EQ(lane.take(now), Numbers{number});
    settle(lane, {number}, Verdict::retry("500"), now);
    now += milliseconds{1};
  }
  EXPECT_EQ(lane.failures(), 1u);
  EXPECT_THAT(lane.take(now), IsEmpty());
}

TEST(Lane, DoesNotBlameTheSinkForOneMessageThatFailsForEver) {
  Lane lane(options());
  lane.add(1, "a", kNoon);
  for (int i = 0; i < 20; ++i) {
    const auto now = lane.next();
    EXPECT_EQ(lane.take(now), Numbers{1});
    settle(lane, {1}, Verdict::retry("500"), now);
  }
  EXPECT_EQ(lane.failures(), 0u);
  EXPECT_EQ(lane.attempts(1), 20u);
}

TEST(Lane, ParksWhatIsTooOldWithTheReason) {
  auto short_time = options();
  short_time.give_up_after = minutes{10};
  short_time.opens_after = 2;
  Lane lane(short_time);
  lane.add(1, "a", kNoon);
  lane.add(2, "b", kNoon + minutes{1});
  lane.take(kNoon);
  settle(lane, {1}, kDown, kNoon);
  EXPECT_EQ(lane.take(kNoon + minutes{9}), Numbers{2}) << "another one shows whether the sink is well again";
  settle(lane, {2}, kDown, kNoon + minutes{9});
  ASSERT_TRUE(lane.open());
  EXPECT_THAT(lane.park_overdue(kNoon + minutes{10} - milliseconds{1}), IsEmpty());
  EXPECT_THAT(shown(lane.park_overdue(kNoon + minutes{10})),
              ElementsAre("1 overdue: not delivered in time; at last: nobody at home"));
  EXPECT_EQ(lane.take(kNoon + minutes{10}), Numbers{2});
  EXPECT_THAT(lane.park_overdue(kNoon + minutes{20}), IsEmpty()) << "what is under way is waited for";
  EXPECT_THAT(settle(lane, {2}, kDown, kNoon + minutes{20}),
              ElementsAre("2 overdue: not delivered in time; at last: nobody at home"));
  EXPECT_EQ(lane.next(), engine::EventTime::max());
}

// However long nobody was there to deliver it.
TEST(Lane, TriesWhatIsTooOldBeforeItParksIt) {
  const auto now = kNoon + std::chrono::hours{48};
  Lane lane(options());
  lane.add(1, "a", kNoon);
  lane.add(2, "b", kNoon);
  lane.add(3, "c", now);
  EXPECT_EQ(lane.oldest(), kNoon);
  EXPECT_THAT(lane.park_overdue(now), IsEmpty());
  EXPECT_EQ(lane.next(), engine::EventTime::min()) << "at once";
  EXPECT_EQ(lane.take(now), Numbers{1});
  EXPECT_EQ(lane.take(now), Numbers{2});
  EXPECT_THAT(settle(lane, {1}, Verdict::delivered(), now), ElementsAre("1 delivered"));
  EXPECT_THAT(settle(lane, {2}, Verdict::retry("not now"), now),
              ElementsAre("2 overdue: not delivered in time; at last: not now"));
  EXPECT_EQ(lane.take(now), Numbers{3});
  EXPECT_THAT(settle(lane, {3}, Verdict::retry("not now"), now), ElementsAre("3 retry: not now"));
  lane.add(4, "d", kNoon);
  EXPECT_EQ(lane.take(now), Numbers{4});
  EXPECT_THAT(settle(lane, {4}, kDown, now), ElementsAre("4 retry: nobody at home")) << "once is no proof";
}

TEST(Lane, KeepsAThreadBackWhileSomebodyElseSendsSomethingOfIt) {
  Lane lane(options());
  lane.add(1, "a", kNoon);
  EXPECT_FALSE(lane.occupy("a")) << "something waits";
  EXPECT_TRUE(lane.occupy("b"));
  EXPECT_FALSE(lane.occupy("b"));
  EXPECT_TRUE(lane.occupy("c"));
  lane.add(2, "b", kNoon);
  lane.add(3, "b", kNoon);
  EXPECT_EQ(lane.take(kNoon), Numbers{1});
  EXPECT_THAT(lane.take(kNoon), IsEmpty());
  lane.remove(2);
  EXPECT_THAT(lane.take(kNoon), IsEmpty());
  lane.release("b");
  lane.release("c");
  EXPECT_EQ(lane.take(kNoon), Numbers{3});
  settle(lane, {1}, Verdict::delivered(), kNoon);
  settle(lane, {3}, Verdict::delivered(), kNoon);
  for (const auto* thread : {"a", "b", "c"}) EXPECT_TRUE(lane.occupy(thread)) << "nothing is left of it";
}

TEST(Lane, IsNotStoppedByAMessageThatLooksLikeAFailureOfTheSinkForEver) {
  auto short_time = options();
  short_time.concurrency = 1;
  short_time.give_up_after = minutes{10};
  Lane lane(short_time);
  lane.add(1, "poison", kNoon);
  lane.add(2, "poison", kNoon);
  for (std::uint64_t number = 3; number <= 6; ++number) lane.add(number, std::to_string(number), kNoon);
  auto now = kNoon;
  EXPECT_EQ(lane.take(now), Numbers{1});
  settle(lane, {1}, kDown, now);
  for (std::uint64_t number = 3; number <= 6; ++number) {
    SCOPED_TRACE(number);
    now = std::max(now, lane.next());
    EXPECT_EQ(lane.take(now), Numbers{number}) << "of another thread";
    settle(lane, {number}, Verdict::delivered(), now);
    EXPECT_EQ(lane.failures(), 0u);
  }
  EXPECT_LE(now, kNoon + seconds{1});
  std::vector<std::string> end;
  for (std::uint64_t number = 7; lane.attempts(1) && number < 50; ++number) {
    now = lane.next();
    EXPECT_EQ(lane.take(now), Numbers{1});
    end = settle(lane, {1}, kDown, now);
    if (!lane.attempts(1)) break;
    lane.add(number, "others", now);  // they go on to be delivered
    now = std::max(now, lane.paused_until());
    EXPECT_EQ(lane.take(now), Numbers{number});
    settle(lane, {number}, Verdict::delivered(), now);
    EXPECT_FALSE(lane.open());
  }
  EXPECT_THAT(end, ElementsAre("1 overdue: not delivered in time; at last: nobody at home"));
  EXPECT_GE(now, kNoon + minutes{10});
  EXPECT_EQ(lane.take(lane.paused_until()), Numbers{2}) << "what follows it in its thread";
}

TEST(Lane, ParksNothingThatWasNeverTriedWhileTheSinkIsDown) {
  auto short_time = options();
  short_time.give_up_after = minutes{10};
  short_time.opens_after = 1;
  Lane lane(short_time);
  lane.add(1, "a", kNoon);
  lane.add(2, "b", kNoon);
  EXPECT_EQ(lane.take(kNoon), Numbers{1});
  settle(lane, {1}, kDown, kNoon);
  ASSERT_TRUE(lane.open());
  const auto now = kNoon + minutes{10};
  EXPECT_THAT(shown(lane.park_overdue(now)), ElementsAre("1 overdue: not delivered in time; at last: nobody at home"));
  EXPECT_EQ(lane.take(now), Numbers{2});
  EXPECT_THAT(settle(lane, {2}, kDown, now), ElementsAre("2 overdue: not delivered in time; at last: nobody at home"));
}

TEST(Lane, ParksTheOldestWhenThereIsNoRoom) {
  auto small = options();
  small.most = 3;
  Lane lane(small);
  for (std::uint64_t number = 1; number <= 3; ++number) lane.add(number, std::to_string(number), kNoon);
  EXPECT_EQ(lane.take(kNoon), Numbers{1});
  EXPECT_THAT(lane.park_overdue(kNoon), IsEmpty());
  lane.add(4, "4", kNoon);
  lane.add(5, "5", kNoon);
  EXPECT_THAT(shown(lane.park_overdue(kNoon)),
              ElementsAre("2 full: the sink's outbox was full", "3 full: the sink's outbox was full"));
  EXPECT_EQ(lane.take(kNoon), Numbers{4});
}

TEST(Lane, LetsWhatWaitsAgainTakeItsOldPlace) {
  Lane lane(options());
  lane.add(2, "a", kNoon);
  lane.add(3, "a", kNoon);
  EXPECT_EQ(lane.take(kNoon), Numbers{2});
  lane.add(1, "a", kNoon);
  EXPECT_THAT(lane.take(kNoon), IsEmpty());
  settle(lane, {2}, Verdict::delivered(), kNoon);
  EXPECT_EQ(lane.take(kNoon), Numbers{1});
  settle(lane, {1}, Verdict::delivered(), kNoon);
  EXPECT_EQ(lane.take(kNoon), Numbers{3});
  lane.remove(3);
  settle(lane, {3}, Verdict::delivered(), kNoon);
  EXPECT_EQ(lane.waiting(), 0u);
  EXPECT_EQ(lane.under_way(), 0u);
}

}  // namespace
}  // namespace tripline::alerts
