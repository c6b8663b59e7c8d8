// Calls that two accounts have a copy of: the owner's shows the caller by an id alone.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/lineage.h"
#include "tests/support/events.h"
#include "tests/support/identities.h"
#include "tests/support/origins.h"

namespace tripline::engine {
namespace {

using tests::account;
using tests::assume;
using tests::bearer_in;
using tests::call;
using tests::kEnd;
using tests::key;
using tests::mint_in;
using tests::outsider;
using tests::session;
using tests::user;

constexpr char kEntered[] = "2026-01-15T10:00:00Z", kCalled[] = "2026-01-15T10:10:00Z";
const std::string k2 = account('2');

std::optional<Mint> shared_call_in(const std::string& record) {
  static const FieldTable kNoFields;
  tests::OwnedEvent event(kNoFields, record);
  EXPECT_TRUE(event.read()) << record;
  return shared_call_of(*event);
}

std::string shared(std::string_view id) { return R"(,"sharedEventID":")" + std::string(id) + "\""; }

std::string text(const Origin& origin) {
  return origin.principal + " " + origin.path + " " + std::string(name_of(origin.resolution));
}

TEST(SharedCall, BothCopiesHaveOneOriginWhicheverIsDeliveredFirst) {
  const std::string alice = user('2', "alice");
  const auto entered = [](const std::string& who, std::string_view name) {
    return assume(
        {.time = kEntered, .identity = who, .account = '2', .role = "Deploy", .session = "s", .access_key = key(name)});
  };
  const auto in_role = session({.account = '2', .role = "Deploy", .name = "s", .access_key = key("A")});
  const struct {
    std::string_view name;
    std::string caller, owner;
    std::vector<std::string> mints;
    std::string origin;
  } cases[] = {
      {"a user, of whom the owner sees an id",
       alice,
       R"({"type":"AWSAccount","principalId":"AIDAalice","accountId":"222222222222"})",
       {},
       "arn:aws:iam::222222222222:user/alice alice@222222222222 exact"},
      {"a session, whose key tells which of two it is",
       in_role,
       outsider('2', "Deploy", "s"),
       {entered(alice, "A"), entered(user('2', "bob"), "B")},
       "arn:aws:iam::222222222222:user/alice alice@222222222222 → role/Deploy exact"},
      {"a session whose mint is missing",
       in_role,
       outsider('2', "Deploy", "s"),
       {},
       "arn:aws:iam::222222222222:role/path/Deploy … → role/Deploy@222222222222 unresolved"},
      {"an account alone",
       alice,
       R"({"type":"AWSAccount","principalId":"222222222222","accountId":"222222222222"})",
       {},
       "arn:aws:iam::222222222222:user/alice alice@222222222222 exact"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const std::string callers = call(kCalled, c.caller, "GetObject", shared("c0ffee"));
    const std::string owners = call(kCalled, c.owner, "GetObject", shared("c0ffee"));
    const auto seen = shared_call_in(callers);
    ASSERT_TRUE(seen);
    EXPECT_FALSE(shared_call_in(owners)) << "the owner's copy tells nothing of the caller";
    for (const bool seen_first : {true, false}) {
      Lineage lineage;
      if (seen_first) lineage.add(*seen);
      for (const auto& mint : c.mints) lineage.add(mint_in(mint));
      if (!seen_first) {
        EXPECT_FALSE(lineage.is_final(bearer_in(owners))) << "the caller's copy may come";
        lineage.add(*seen);
      }
      EXPECT_TRUE(lineage.knows_callers_copy(bearer_in(owners)));
      EXPECT_FALSE(lineage.knows_callers_copy(bearer_in(callers)));
      for (const bool settled : {false, true}) {
        if (settled) lineage.settle(kEnd);
        EXPECT_EQ(text(lineage.origin_of(bearer_in(owners))), c.origin);
        EXPECT_EQ(text(lineage.origin_of(bearer_in(callers))), c.origin);
        EXPECT_EQ(lineage.mint_behind(bearer_in(owners)), lineage.mint_behind(bearer_in(callers)));
      }
      EXPECT_TRUE(lineage.is_final(bearer_in(owners)));
    }
  }
}

TEST(SharedCall, TheOwnersCopyOfAMintHasTheOriginOfTheCallersCopy) {
  const auto copy = [](const std::string& identity, char recipient) {
    return assume({.time = kCalled,
                   .identity = identity,
                   .account = '1',
                   .role = "Admin",
                   .session = "t",
                   .access_key = key("B"),
                   .shared = "c0ffee",
                   .recipient = recipient});
  };
  const auto in_role = session({.account = '2', .role = "Deploy", .name = "s", .access_key = key("A")});
  const auto callers = copy(in_role, '2'), owners = copy(outsider('2', "Deploy", "s"), '1');
  const auto entered = assume({.time = kEntered,
                               .identity = user('2', "alice"),
                               .account = '2',
                               .role = "Deploy",
                               .session = "s",
                               .access_key = key("A")});
  for (const auto& mints : {std::vector{callers, owners, entered}, {owners, entered, callers}}) {
    Lineage lineage;
    for (const auto& mint : mints) lineage.add(mint_in(mint));
    EXPECT_EQ(lineage.origin_of(bearer_in(owners)).path, "alice@" + k2 + " → role/Deploy");
    EXPECT_EQ(lineage.origin_of(bearer_in(callers)).path, "alice@" + k2 + " → role/Deploy");
  }
}

TEST(SharedCall, WithoutTheCallersCopyTheSessionsOfThatIdDecide) {
  const auto entered = [](std::string_view time, const std::string& who, std::string_view name) {
    return assume({.time = std::string(time),
                   .identity = who,
                   .account = '2',
                   .role = "Deploy",
                   .session = "s",
                   .access_key = key(name)});
  };
  const auto owners = call(kCalled, outsider('2', "Deploy", "s"), "GetObject", shared("c0ffee"));
  const auto alices = entered(kEntered, user('2', "alice"), "A");
  const std::string traced = "alice@" + k2 + " → role/AROADeployID (exact)";
  EXPECT_EQ(tests::origin_of({alices}, owners), traced);
  EXPECT_EQ(tests::origin_of({alices, entered("2026-01-15T08:00:00Z", user('2', "bob"), "B")}, owners), traced)
      << "the other has ended";
  EXPECT_EQ(tests::origin_of({alices, entered(kEntered, user('2', "bob"), "B")}, owners),
            "… → role/AROADeployID@" + k2 + " (unresolved)");
}

TEST(SharedCall, IsNoneWithoutAnIdThatIsShared) {
  EXPECT_FALSE(shared_call_in(call(kCalled, user('2', "alice"))));
  EXPECT_FALSE(shared_call_in(call("never", user('2', "alice"), "GetObject", shared("c0ffee"))));
  EXPECT_EQ(bearer_in(call(kCalled, user('2', "alice"), "GetObject", shared("c0ffee"))).shared, 0U)
      << "the caller's copy needs no other";
}

TEST(SharedCall, IsForgottenWhenNobodyAsksAnyMore) {
  Lineage lineage;
  lineage.add(*shared_call_in(call(kCalled, user('2', "alice"), "GetObject", shared("c0ffee"))));
  EXPECT_EQ(lineage.mints(), 1U);
  lineage.settle(kEnd);
  lineage.forget(*parse_time("2026-01-15T10:30:00Z"));
  EXPECT_EQ(lineage.mints(), 0U);
}

}  // namespace
}  // namespace tripline::engine
