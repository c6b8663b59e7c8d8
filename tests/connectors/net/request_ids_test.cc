#include "connectors/net/request_ids.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::connectors::net {
namespace {

using engine::Digest;
using engine::EventTime;
using std::chrono::minutes;

using Met = RequestIds::Met;

Digest id(std::uint64_t number) { return {.high = number, .low = number}; }
EventTime at(int minute) { return EventTime(minutes{minute}); }
const RequestIds::Waiter kNobody = [](WayOutcome) {};

TEST(RequestIds, TellsAllWhoWaitForADeliveryWhatBecameOfIt) {
  RequestIds ids({});
  std::vector<std::string> told;
  const auto waiter = [&](const std::string& name) {
    return [&told, name](WayOutcome outcome) {
      told.push_back(name + (outcome == WayOutcome::kAccepted ? " accepted" : " not"));
    };
  };
  EXPECT_EQ(ids.meet(id(1), at(0), waiter("first")), Met::kNew);
  EXPECT_EQ(ids.meet(id(1), at(0), waiter("second")), Met::kUnderWay);
  EXPECT_EQ(ids.meet(id(2), at(0), waiter("other")), Met::kNew);
  ids.finish(id(1), at(1), WayOutcome::kAccepted);
  EXPECT_EQ(told, (std::vector<std::string>{"first accepted", "second accepted"}));
  EXPECT_EQ(ids.meet(id(1), at(2), waiter("late")), Met::kDone);
  ids.finish(id(2), at(3), WayOutcome::kFailed);
  ids.finish(id(2), at(3), WayOutcome::kAccepted);
  EXPECT_EQ(told.size(), 3u);
  EXPECT_EQ(told.back(), "other not");
}

TEST(RequestIds, ForgetsWhatWasNotAccepted) {
  for (const auto outcome : {WayOutcome::kFull, WayOutcome::kStopping, WayOutcome::kFailed}) {
    RequestIds ids({});
    EXPECT_EQ(ids.meet(id(1), at(0), kNobody), Met::kNew);
    ids.finish(id(1), at(0), outcome);
    EXPECT_EQ(ids.size(), 0u);
    EXPECT_EQ(ids.meet(id(1), at(0), kNobody), Met::kNew);
  }
}

TEST(RequestIds, AreKeptForTheirTimeAndUpToTheirNumber) {
  RequestIds ids({.max_ids = 3, .keep = minutes{10}});
  for (int i = 0; i < 5; ++i) {
    ids.meet(id(static_cast<std::uint64_t>(i)), at(i), kNobody);
    ids.finish(id(static_cast<std::uint64_t>(i)), at(i), WayOutcome::kAccepted);
  }
  EXPECT_EQ(ids.size(), 3u);
  EXPECT_EQ(ids.meet(id(4), at(14), kNobody), Met::kDone);
  EXPECT_EQ(ids.size(), 1u);
  EXPECT_EQ(ids.meet(id(3), at(14), kNobody), Met::kNew);
}

TEST(RequestIds, KeepOneThatIsUnderWayHoweverLongItTakes) {
  RequestIds ids({.max_ids = 1, .keep = minutes{10}});
  ids.meet(id(1), at(0), kNobody);
  ids.meet(id(2), at(500), kNobody);
  ids.finish(id(2), at(500), WayOutcome::kAccepted);
  EXPECT_EQ(ids.meet(id(1), at(1000), kNobody), Met::kUnderWay);
}

TEST(RequestIds, LetSoManyWaitAndNoMore) {
  RequestIds ids({.max_waiting = 2});
  EXPECT_EQ(ids.meet(id(1), at(0), kNobody), Met::kNew);
  EXPECT_EQ(ids.meet(id(1), at(0), kNobody), Met::kUnderWay);
  EXPECT_EQ(ids.meet(id(1), at(0), kNobody), Met::kTooMany);
}

}  // namespace
}  // namespace tripline::connectors::net
