#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "engine/lineage.h"
#include "tests/support/identities.h"
#include "tests/support/origins.h"

namespace tripline::engine {
namespace {

using tests::account;
using tests::assume;
using tests::bearer_in;
using tests::call;
using tests::key;
using tests::mint_in;
using tests::origin_of;
using tests::session;
using tests::user;

const std::string k1 = account('1');

TEST(LineageMemory, AnExpiredSessionIsForgottenAQuarterOfAnHourAfterItsEnd) {
  const std::vector<std::string> mints = {assume({.time = "2026-01-15T10:00:00Z",
                                                  .identity = user('1', "alice"),
                                                  .account = '1',
                                                  .role = "Deploy",
                                                  .session = "s",
                                                  .access_key = key("A"),
                                                  .lifetime = 900})};
  const auto at = [&](std::string_view time) {
    return origin_of(mints,
                     call(time, session({.account = '1', .role = "Deploy", .name = "s", .access_key = key("A")})));
  };
  EXPECT_EQ(at("2026-01-15T10:30:00Z"), "alice@" + k1 + " → role/Deploy (exact)");
  EXPECT_EQ(at("2026-01-15T10:30:01Z"), "… → role/Deploy@" + k1 + " (unresolved)");
}

TEST(LineageMemory, AnAnswerIsFinalOnceItsChainIsWholeOrItsTimeHasPassed) {
  Lineage lineage;
  const auto use = bearer_in(
      call("2026-01-15T10:05:00Z", session({.account = '1', .role = "Admin", .name = "t", .access_key = key("B")})));
  EXPECT_TRUE(lineage.is_final(bearer_in(call("2026-01-15T10:05:00Z", user('1', "alice")))));
  EXPECT_FALSE(lineage.is_final(use));
  lineage.add(
      mint_in(assume({.time = "2026-01-15T10:00:00Z",
                      .identity = session({.account = '1', .role = "Deploy", .name = "s", .access_key = key("A")}),
                      .account = '1',
                      .role = "Admin",
                      .session = "t",
                      .access_key = key("B")})));
  EXPECT_FALSE(lineage.is_final(use)) << "the first step is missing";
  lineage.settle(*parse_time("2026-01-15T08:59:00Z"));
  EXPECT_FALSE(lineage.is_final(use));
  {
    Lineage other;
    other.settle(*parse_time("2026-01-15T10:05:01Z"));
    EXPECT_FALSE(other.is_final(use)) << "its mint may be logged two seconds later by another clock";
    other.settle(*parse_time("2026-01-15T10:05:02Z"));
    EXPECT_TRUE(other.is_final(use)) << "nothing that precedes it can come any more";
  }
  lineage.add(mint_in(assume({.time = "2026-01-15T09:00:00Z",
                              .identity = user('1', "alice"),
                              .account = '1',
                              .role = "Deploy",
                              .session = "s",
                              .access_key = key("A"),
                              .lifetime = 7200})));
  EXPECT_TRUE(lineage.is_final(use)) << "the chain ends in a user";
  EXPECT_EQ(lineage.origin_of(use).name, "alice");
}

TEST(LineageMemory, ForgetsWhatHasExpiredAndKeepsWhatCameOfIt) {
  Lineage lineage;
  lineage.add(mint_in(assume({.time = "2026-01-15T10:00:00Z",
                              .identity = user('1', "alice"),
                              .account = '1',
                              .role = "Deploy",
                              .session = "s",
                              .access_key = key("A"),
                              .lifetime = 900})));
  lineage.add(
      mint_in(assume({.time = "2026-01-15T10:14:00Z",
                      .identity = session({.account = '1', .role = "Deploy", .name = "s", .access_key = key("A")}),
                      .account = '1',
                      .role = "Admin",
                      .session = "t",
                      .access_key = key("B"),
                      .lifetime = 3600})));
  lineage.forget(*parse_time("2026-01-15T12:00:00Z"));
  EXPECT_EQ(lineage.mints(), 2U) << "not before their origins are settled";
  lineage.settle(*parse_time("2026-01-15T11:00:00Z"));
  lineage.forget(*parse_time("2026-01-15T10:31:00Z"));
  EXPECT_EQ(lineage.mints(), 1U);
  const auto use =
      call("2026-01-15T11:00:00Z", session({.account = '1', .role = "Admin", .name = "t", .access_key = key("B")}));
  EXPECT_EQ(lineage.origin_of(bearer_in(use)).path, "alice@" + k1 + " → role/Deploy → role/Admin");
  lineage.forget(*parse_time("2026-01-16T11:00:00Z"));
  EXPECT_EQ(lineage.mints(), 0U);
}

TEST(LineageMemory, CountsWhatItsBoundKeepsOut) {
  Lineage lineage({.max_mints = 1});
  for (const char* k : {"A", "B", "C"}) {
    lineage.add(mint_in(assume({.time = "2026-01-15T10:00:00Z",
                                .identity = user('1', "alice"),
                                .account = '1',
                                .role = "Deploy",
                                .session = "s",
                                .access_key = key(k)})));
  }
  EXPECT_EQ(lineage.mints(), 1U);
  EXPECT_EQ(lineage.dropped(), 2U);
}

TEST(LineageMemory, AMillionLiveCredentialsTakeAtMost160BytesEach) {
  constexpr std::uint64_t kLive = 1'050'000;  // just past a doubling of the buckets, where most are empty
  Lineage lineage;
  Mint mint;
  mint.caller.actor = {"arn:aws:iam::111111111111:user/alice", "alice", account('1'), "human", "alice"};
  mint.caller.behind = Behind::kItself;
  mint.time = *parse_time("2026-01-15T10:00:00Z");
  mint.lifetime = std::chrono::hours{36};
  for (std::uint64_t i = 1; i <= kLive; ++i) {
    mint.event = i;
    mint.issued = {i * 0x9e3779b97f4a7c15, i * 0xc2b2ae3d27d4eb4f, i * 0x165667b19e3779f9, mint.time};
    mint.shared = i * 0x27d4eb2f165667c5;
    lineage.add(mint);
  }
  EXPECT_EQ(lineage.mints(), kLive);
  EXPECT_EQ(lineage.dropped(), 0U);
  EXPECT_LE(lineage.memory_bytes(), kLive * 160);
  lineage.settle(mint.time + std::chrono::hours{1});
  EXPECT_LE(lineage.memory_bytes(), kLive * 160);

  Bearer bearer;
  bearer.actor = {"arn:aws:iam::111111111111:role/R", "s", account('1'), "role", "role/R"};
  bearer.ids.key = kLive / 2 * 0x9e3779b97f4a7c15;
  bearer.time = mint.time + std::chrono::hours{1};
  EXPECT_EQ(lineage.origin_of(bearer).path, "alice@" + account('1') + " → role/R");

  for (int sweep = 0; sweep < 1000; ++sweep) lineage.forget(mint.time + std::chrono::hours{37});
  EXPECT_EQ(lineage.mints(), 0U) << "all have expired";
}

}  // namespace
}  // namespace tripline::engine
