#include "app/serve/server_facts.h"

#include <gtest/gtest.h>

#include "connectors/intake.h"
#include "connectors/net/http_counters.h"

namespace tripline::app {
namespace {

TEST(ServerFacts, OfHttpAreItsCounters) {
  connectors::net::HttpCounters counters;
  counters.requests = 5;
  counters.answers[4] = 2;
  counters.count(connectors::net::HttpEnd::kPeerGone);
  const HttpFacts facts = facts_of(counters);
  EXPECT_EQ(facts.requests, 5u);
  EXPECT_EQ(facts.answers[4], 2u);
  ASSERT_EQ(facts.ends.size(), connectors::net::kHttpEndCount) << "all from the start on, as 0";
  std::uint64_t ended = 0;
  for (const auto& [label, count] : facts.ends) {
    EXPECT_EQ(count, label == "peer_gone" ? 1u : 0u) << label;
    ended += count;
  }
  EXPECT_EQ(ended, 1u);
}

TEST(ServerFacts, OfTheIntakeAreWhatItHolds) {
  constexpr engine::EventTime kNow{std::chrono::hours{500'000}};
  connectors::Intake intake({.max_bytes = 1000});
  EXPECT_FALSE(facts_of(intake).oldest);
  engine::Envelope envelope;
  envelope.body = std::string(10, 'x');
  intake.offer(std::move(envelope), kNow, [](const auto&) {});
  const IntakeFacts facts = facts_of(intake);
  EXPECT_EQ(facts.max_bytes, 1000u);
  EXPECT_EQ(facts.deliveries, 1u);
  EXPECT_GE(facts.bytes, 10u);
  EXPECT_EQ(facts.oldest, kNow);
}

}  // namespace
}  // namespace tripline::app
