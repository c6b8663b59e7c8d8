#include "connectors/intake.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::connectors {
namespace {

using engine::Envelope;
using engine::EventTime;
using std::chrono::milliseconds;
using std::chrono::seconds;

EventTime at(int second) { return EventTime(seconds{second}); }

Envelope of_bytes(std::size_t bytes) {
  Envelope envelope;
  envelope.body = std::string(bytes, 'x');
  return envelope;
}

const Intake::Settled kNobody{};

TEST(Intake, RefusesWhatDoesNotFitAndTakesItOnceThereIsRoom) {
  Intake intake({.max_bytes = 100});
  EXPECT_EQ(intake.offer(of_bytes(60), at(0), kNobody), Intake::Offer::kTaken);
  EXPECT_EQ(intake.offer(of_bytes(41), at(1), kNobody), Intake::Offer::kFull);
  EXPECT_EQ(intake.offer(of_bytes(40), at(2), kNobody), Intake::Offer::kTaken);
  EXPECT_EQ(intake.bytes(), 100u);
  EXPECT_FALSE(intake.has_room(1));
  intake.settle(0, {});
  EXPECT_TRUE(intake.has_room(60));
  EXPECT_FALSE(intake.has_room(61));
  EXPECT_EQ(intake.offer(of_bytes(41), at(3), kNobody), Intake::Offer::kTaken);
}

TEST(Intake, TakesADeliveryBeyondTheBoundWhenItIsAlone) {
  Intake intake({.max_bytes = 100});
  EXPECT_EQ(intake.offer(of_bytes(500), at(0), kNobody), Intake::Offer::kTaken);
  EXPECT_EQ(intake.offer(of_bytes(1), at(0), kNobody), Intake::Offer::kFull);
}

TEST(Intake, SaysOnceWhatBecameOfEachDelivery) {
  Intake intake({});
  std::vector<std::string> told;
  const auto tell = [&](const std::string& name) {
    return [&told, name](const engine::Result<void>& outcome) {
      told.push_back(name + (outcome ? " durable" : " " + outcome.error().message));
    };
  };
  intake.offer(of_bytes(1), at(0), tell("a"));
  intake.offer(of_bytes(1), at(0), tell("b"));
  intake.settle(1, {});
  intake.settle(1, {});
  intake.settle(0, engine::fail(engine::ErrorCode::kStore, "no room"));
  intake.settle(7, {});
  EXPECT_EQ(told, (std::vector<std::string>{"b durable", "a no room"}));
  EXPECT_EQ(intake.deliveries(), 0u);
}

TEST(Intake, KnowsTheOldestDeliveryThatIsNotSettled) {
  Intake intake({});
  EXPECT_FALSE(intake.oldest());
  for (int i = 1; i <= 3; ++i) intake.offer(of_bytes(1), at(i), kNobody);
  intake.settle(1, {});
  EXPECT_EQ(intake.oldest(), at(1));
  intake.settle(0, {});
  EXPECT_EQ(intake.oldest(), at(3));
}

TEST(Intake, NumbersDeliveriesAndKeepsTheTimeTheyAlreadyHave) {
  Intake intake({});
  Envelope of_s3 = of_bytes(1);
  of_s3.delivered = at(5);
  intake.offer(std::move(of_s3), at(9), kNobody);
  intake.offer(of_bytes(1), at(9), kNobody);
  const auto first = intake.take();
  const auto second = intake.take();
  EXPECT_EQ(first->sequence, 0u);
  EXPECT_EQ(first->delivered, at(5));
  EXPECT_EQ(second->sequence, 1u);
  EXPECT_EQ(second->delivered, at(9));
  EXPECT_EQ(intake.oldest(), at(5));
}

TEST(Intake, GivesOutWhatItHasAndThenNothingOnceItIsClosed) {
  Intake intake({});
  intake.offer(of_bytes(1), at(0), kNobody);
  intake.close();
  EXPECT_EQ(intake.offer(of_bytes(1), at(0), kNobody), Intake::Offer::kClosed);
  EXPECT_TRUE(intake.take());
  EXPECT_FALSE(intake.take());
  EXPECT_FALSE(intake.wait_until_empty(milliseconds{0}));
  intake.settle(0, {});
  EXPECT_TRUE(intake.wait_until_empty(milliseconds{0}));
}

TEST(Intake, SettlesEverythingAsFailedWhenItIsAbandoned) {
  Intake intake({});
  int failed = 0;
  for (int i = 0; i < 3; ++i) {
    intake.offer(of_bytes(1), at(i), [&](const engine::Result<void>& outcome) { failed += outcome ? 0 : 1; });
  }
  intake.settle(1, {});
  intake.abandon();
  EXPECT_EQ(failed, 2);
  EXPECT_EQ(intake.deliveries(), 0u);
  EXPECT_FALSE(intake.take());
}

TEST(Intake, WakesAWorkerThatWaits) {
  Intake intake({});
  std::jthread worker([&] {
    while (const auto envelope = intake.take()) intake.settle(envelope->sequence, {});
  });
  for (int i = 0; i < 100; ++i) EXPECT_EQ(intake.offer(of_bytes(1), at(i), kNobody), Intake::Offer::kTaken);
  EXPECT_TRUE(intake.wait_until_empty(seconds{60}));
  intake.close();
}

}  // namespace
}  // namespace tripline::connectors
