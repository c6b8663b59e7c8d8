#include "engine/lineage.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/field.h"
#include "tests/support/events.h"
#include "tests/support/identities.h"

namespace tripline::engine {
namespace {

using tests::account;
using tests::assume;
using tests::call;
using tests::key;
using tests::outsider;
using tests::service;
using tests::session;
using tests::user;

const FieldTable kNoFields;

Mint mint_in(const std::string& record) {
  tests::OwnedEvent event(kNoFields, record);
  EXPECT_TRUE(event.read()) << record;
  auto mint = mint_of(*event);
  EXPECT_TRUE(mint) << record;
  return mint.value_or(Mint{});
}

bool mints(const std::string& record) {
  tests::OwnedEvent event(kNoFields, record);
  EXPECT_TRUE(event.read()) << record;
  return mint_of(*event).has_value();
}

Bearer bearer_in(const std::string& record) {
  tests::OwnedEvent event(kNoFields, record);
  EXPECT_TRUE(event.read()) << record;
  return bearer_of(*event);
}

const EventTime kEnd = *parse_time("2100-01-01T00:00:00Z");

/// `path (resolution)` of `record`, the same whatever the order of the mints, settled or not.
std::string origin_of(const std::vector<std::string>& mint_records, const std::string& record) {
  std::vector<Mint> mints;
  for (const auto& text : mint_records) mints.push_back(mint_in(text));
  const Bearer bearer = bearer_in(record);
  std::vector<std::size_t> order(mints.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::string answer;
  do {
    Lineage lineage;
    for (const std::size_t i : order) lineage.add(mints[i]);
    lineage.settle(kEnd);
    EXPECT_TRUE(lineage.is_final(bearer));
    const Origin origin = lineage.origin_of(bearer);
    std::string text = origin.path + " (" + std::string(name_of(origin.resolution)) + ")";
    if (answer.empty()) answer = text;
    EXPECT_EQ(text, answer);
  } while (std::next_permutation(order.begin(), order.end()));
  return answer;
}

const std::string k1 = account('1'), k2 = account('2'), k3 = account('3');

TEST(Lineage, ACallWithAnIssuedKeyIsTracedToWhoAsked) {
  // The session's creationDate may precede the mint: the key decides.
  const std::vector<std::string> mints = {assume({.time = "2026-01-15T16:23:50Z",
                                                  .identity = user('2', "alice"),
                                                  .account = '1',
                                                  .role = "Example",
                                                  .session = "any",
                                                  .access_key = key("A")})};
  const std::string record = call("2026-01-15T16:26:02Z", session({.account = '1',
                                                                   .role = "Example",
                                                                   .name = "any",
                                                                   .access_key = key("A"),
                                                                   .created = "2026-01-15T15:58:31Z"}));
  EXPECT_EQ(origin_of(mints, record), "alice@" + k2 + " → role/Example@" + k1 + " (exact)");

  Lineage lineage;
  lineage.add(mint_in(mints[0]));
  const Origin origin = lineage.origin_of(bearer_in(record));
  EXPECT_EQ(origin.principal, "arn:aws:iam::" + k2 + ":user/alice");
  EXPECT_EQ(origin.name, "alice");
  EXPECT_EQ(origin.account, k2);
  EXPECT_EQ(origin.kind, "human");
  EXPECT_EQ(origin.depth, 1U);
  EXPECT_EQ(origin.resolution, Resolution::kExact);
}

TEST(Lineage, WhoNeedsNoMintIsItsOwnOrigin) {
  EXPECT_EQ(origin_of({}, call("2026-01-15T10:00:00Z", user('1', "alice"))), "alice@" + k1 + " (exact)");
  EXPECT_EQ(origin_of({}, call("2026-01-15T10:00:00Z", user('1', "alice", key("console")))),
            "alice@" + k1 + " (exact)");
  EXPECT_EQ(origin_of({}, call("2026-01-15T10:00:00Z", service("ec2.amazonaws.com"))), "ec2.amazonaws.com (exact)");
  EXPECT_EQ(origin_of({}, call("2026-01-15T10:00:00Z", R"({"type":"Root","arn":"arn:aws:iam::)" + k1 +
                                                           R"(:root","accountId":")" + k1 + R"("})")),
            "root@" + k1 + " (exact)");
  const Origin origin = Lineage().origin_of(bearer_in(call("2026-01-15T10:00:00Z", user('1', "alice"))));
  EXPECT_EQ(origin.depth, 0U);
}

TEST(Lineage, FollowsAnyNumberOfHopsThroughAccounts) {
  std::vector<std::string> mints;
  std::string identity = user('2', "alice");
  std::string path = "alice@" + k2;
  for (int hop = 0; hop < 5; ++hop) {
    const std::string role = "R" + std::to_string(hop);
    const std::string time = "2026-01-15T10:00:0" + std::to_string(hop) + "Z";
    const char where = hop < 2 ? '2' : '1';
    mints.push_back(assume(
        {.time = time, .identity = identity, .account = where, .role = role, .session = "s", .access_key = key(role)}));
    identity = session({.account = where, .role = role, .name = "s", .access_key = key(role), .created = time});
    path += " → role/" + role + (hop == 2 ? "@" + k1 : "");
  }
  const std::string record = call("2026-01-15T10:05:00Z", identity);
  EXPECT_EQ(origin_of(mints, record), path + " (exact)");

  Lineage lineage;
  for (const auto& mint : mints) lineage.add(mint_in(mint));
  EXPECT_EQ(lineage.origin_of(bearer_in(record)).depth, 5U);
}

TEST(Lineage, AChainOfAThousandHopsIsTracedOnceItIsSettled) {
  Lineage lineage;
  std::string identity = user('1', "alice");
  for (int hop = 0; hop < 1000; ++hop) {
    const std::string role = "R" + std::to_string(hop);
    lineage.add(mint_in(assume({.time = "2026-01-15T10:00:00Z",
                                .identity = identity,
                                .account = '1',
                                .role = role,
                                .session = "s",
                                .access_key = key(role)})));
    identity = session({.account = '1', .role = role, .name = "s", .access_key = key(role)});
  }
  lineage.settle(kEnd);
  const Origin origin = lineage.origin_of(bearer_in(call("2026-01-15T10:00:01Z", identity)));
  EXPECT_EQ(origin.name, "alice");
  EXPECT_EQ(origin.depth, 1000U);
}

TEST(Lineage, ASessionWhoseKeyWasNeverSeenIsKnownByWhenItBegan) {
  const auto use = [](std::string_view created, std::string_view access_key = "") {
    return call("2026-01-15T10:30:00Z", session({.account = '1',
                                                 .role = "Deploy",
                                                 .name = "s",
                                                 .access_key = std::string(access_key),
                                                 .created = std::string(created)}));
  };
  const auto mint = [](std::string_view time, std::string_view who, std::string_view k) {
    return assume({.time = std::string(time),
                   .identity = user('1', who),
                   .account = '1',
                   .role = "Deploy",
                   .session = "s",
                   .access_key = key(k)});
  };
  const std::string by_alice = "alice@" + k1 + " → role/Deploy (exact)";
  const std::string by_bob = "bob@" + k1 + " → role/Deploy (exact)";
  const std::string by_nobody = "… → role/Deploy@" + k1 + " (unresolved)";
  const auto m = mint("2026-01-15T10:00:10Z", "alice", "A");
  EXPECT_EQ(origin_of({m}, use("2026-01-15T10:00:10Z", key("other"))), by_alice);
  for (const std::string_view second : {"08", "09", "10", "11", "12"}) {
    EXPECT_EQ(origin_of({m}, use("2026-01-15T10:00:" + std::string(second) + "Z")), by_alice) << second;
  }
  EXPECT_EQ(origin_of({m}, use("2026-01-15T10:00:07Z")), by_nobody);
  EXPECT_EQ(origin_of({m}, use("2026-01-15T10:00:13Z")), by_nobody);
  EXPECT_EQ(origin_of({m}, use("")), by_nobody);

  const auto later = mint("2026-01-15T10:00:11Z", "bob", "B");
  EXPECT_EQ(origin_of({m, later}, use("2026-01-15T10:00:10Z")), by_alice) << "the very second";
  EXPECT_EQ(origin_of({m, later}, use("2026-01-15T10:00:11Z")), by_bob) << "the very second";
  EXPECT_EQ(origin_of({m, later}, use("2026-01-15T10:00:12Z")), by_nobody) << "two callers, neither at the second";
  EXPECT_EQ(origin_of({m, later}, use("2026-01-15T10:00:12Z", key("A"))), by_alice) << "the key tells";
  const auto same = mint("2026-01-15T10:00:10Z", "bob", "B");
  EXPECT_EQ(origin_of({m, same}, use("2026-01-15T10:00:10Z")), by_nobody) << "two callers in one second";
  const auto again = mint("2026-01-15T10:00:10Z", "alice", "C");
  EXPECT_EQ(origin_of({m, again}, use("2026-01-15T10:00:10Z")), by_alice) << "one caller twice";
}

TEST(Lineage, AServiceMintWithoutAssumedRoleUserIsFoundByRoleAndSessionName) {
  EXPECT_EQ(origin_of({assume({.time = "2026-01-15T10:00:00Z",
                               .identity = service("ec2.amazonaws.com"),
                               .account = '1',
                               .role = "Web",
                               .session = "i-0abc",
                               .access_key = key("A")})},
                      call("2026-01-15T15:59:00Z", session({.account = '1',
                                                            .role = "Web",
                                                            .name = "i-0abc",
                                                            .access_key = key("rotated"),
                                                            .created = "2026-01-15T10:00:00Z"}))),
            "ec2.amazonaws.com → role/Web@" + k1 + " (exact)");
}

TEST(Lineage, TheTwoCopiesOfACrossAccountMintAreOne) {
  const auto first = assume({.time = "2026-01-15T10:00:00Z",
                             .identity = user('2', "alice"),
                             .account = '2',
                             .role = "Deploy",
                             .session = "s",
                             .access_key = key("A")});
  const auto callers = session({.account = '2', .role = "Deploy", .name = "s", .access_key = key("A")});
  const auto copy = [](const std::string& identity, char recipient) {
    return assume({.time = "2026-01-15T10:10:00Z",
                   .identity = identity,
                   .account = '1',
                   .role = "Admin",
                   .session = "t",
                   .access_key = key("B"),
                   .shared = "c0ffee",
                   .recipient = recipient});
  };
  const auto inside = copy(callers, '2');
  const auto outside = copy(outsider('2', "Deploy", "s"), '1');
  const auto use =
      call("2026-01-15T10:20:00Z", session({.account = '1', .role = "Admin", .name = "t", .access_key = key("B")}));
  const std::string traced = "alice@" + k2 + " → role/Deploy → role/Admin@" + k1 + " (exact)";
  EXPECT_EQ(origin_of({first, inside, outside}, use), traced);
  EXPECT_EQ(origin_of({first, inside}, use), traced);
  EXPECT_EQ(origin_of({first, outside}, use), "… → role/AROADeployID@" + k2 + " → role/Admin@" + k1 + " (unresolved)")
      << "the owner's copy alone does not tell the session's key";

  Lineage lineage;
  lineage.add(mint_in(outside));
  lineage.add(mint_in(inside));
  lineage.add(mint_in(outside));
  EXPECT_EQ(lineage.mints(), 1U) << "copies that agree take the place of one";
}

TEST(Lineage, AnOwnersCopyWithoutKeyLeadsToTheCallersBySharedEventId) {
  auto outside = assume({.time = "2026-01-15T10:10:00Z",
                         .identity = outsider('2', "Deploy", "s"),
                         .account = '1',
                         .role = "Admin",
                         .session = "t",
                         .access_key = "",
                         .shared = "c0ffee",
                         .recipient = '1'});
  // The caller's copy shows the key, but neither session nor role; the call shows the session, under another key.
  auto inside = call("2026-01-15T10:10:00Z", user('2', "alice"), "AssumeRole",
                     R"(,"responseElements":{"credentials":{"accessKeyId":"ASIAOTHER"}},"sharedEventID":"c0ffee")");
  inside.replace(inside.find("ec2.amazonaws.com"), 17, "sts.amazonaws.com");
  const auto use = call(
      "2026-01-15T10:20:00Z",
      session(
          {.account = '1', .role = "Admin", .name = "t", .access_key = key("B"), .created = "2026-01-15T10:10:00Z"}));
  EXPECT_EQ(origin_of({outside, inside}, use), "alice@" + k2 + " → role/Admin@" + k1 + " (exact)");
}

TEST(Lineage, AKeyThatWasMintedTwiceBelongsToTheLastMintBeforeTheCall) {
  const auto mint = [](std::string_view time, std::string_view who) {
    return assume({.time = std::string(time),
                   .identity = user('1', who),
                   .account = '1',
                   .role = "Deploy",
                   .session = std::string(who),
                   .access_key = key("A"),
                   .lifetime = 36000});
  };
  const std::vector<std::string> mints = {mint("2026-01-15T10:00:00Z", "alice"), mint("2026-01-15T11:00:00Z", "bob")};
  const auto by = [&](std::string_view time) {
    return origin_of(mints,
                     call(time, session({.account = '1', .role = "Deploy", .name = "x", .access_key = key("A")})));
  };
  EXPECT_EQ(by("2026-01-15T10:30:00Z"), "alice@" + k1 + " → role/Deploy (exact)");
  EXPECT_EQ(by("2026-01-15T11:00:00Z"), "bob@" + k1 + " → role/Deploy (exact)");
  EXPECT_EQ(by("2026-01-15T09:59:58Z"), "alice@" + k1 + " → role/Deploy (exact)") << "clocks differ by two seconds";
  EXPECT_EQ(by("2026-01-15T09:59:57Z"), "… → role/Deploy@" + k1 + " (unresolved)") << "before any mint";
}

TEST(Lineage, AnExpiredSessionIsForgottenAQuarterOfAnHourAfterItsEnd) {
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

TEST(Lineage, CredentialsInACircleHaveNoKnownOrigin) {
  const auto mint = [](std::string_view from, std::string_view to) {
    return assume(
        {.time = "2026-01-15T10:00:00Z",
         .identity = session({.account = '1', .role = std::string(from), .name = "s", .access_key = key(from)}),
         .account = '1',
         .role = std::string(to),
         .session = "s",
         .access_key = key(to)});
  };
  const std::vector<std::string> mints = {mint("A", "B"), mint("B", "C"), mint("C", "A"), mint("C", "D")};
  const auto by = [&](const std::string& role) {
    return origin_of(mints, call("2026-01-15T10:00:01Z",
                                 session({.account = '1', .role = role, .name = "s", .access_key = key(role)})));
  };
  EXPECT_EQ(by("A"), "… → role/C@" + k1 + " → role/A (unresolved)");
  EXPECT_EQ(by("B"), "… → role/A@" + k1 + " → role/B (unresolved)");
  EXPECT_EQ(by("D"), "… → role/B@" + k1 + " → role/C → role/D (unresolved)") << "outside the circle";
  const std::vector<std::string> own = {mint("A", "B"), mint("B", "B")};
  EXPECT_EQ(origin_of({own[0]}, call("2026-01-15T10:00:01Z",
                                     session({.account = '1', .role = "B", .name = "s", .access_key = key("B")}))),
            "… → role/A@" + k1 + " → role/B (unresolved)");
}

TEST(Lineage, AMintThatHandsBackTheCallersKeyIsNone) {
  const auto same = session({.account = '1', .role = "Deploy", .name = "s", .access_key = key("A")});
  auto signin = [&](std::string_view issued) {
    std::string record = call("2026-01-15T10:00:00Z", same, "GetSigninToken",
                              R"(,"responseElements":{"GetSigninToken":"Success","credentials":{"accessKeyId":")" +
                                  std::string(issued) + R"("}})");
    return record.replace(record.find("ec2.amazonaws.com"), 17, "signin.amazonaws.com");
  };
  EXPECT_FALSE(mints(signin(key("A"))));
  const auto first = assume({.time = "2026-01-15T09:50:00Z",
                             .identity = user('1', "alice"),
                             .account = '1',
                             .role = "Deploy",
                             .session = "s",
                             .access_key = key("A")});
  EXPECT_EQ(origin_of({first, signin(key("console"))},
                      call("2026-01-15T10:10:00Z",
                           session({.account = '1', .role = "Deploy", .name = "s", .access_key = key("console")}))),
            "alice@" + k1 + " → role/Deploy (exact)")
      << "the same session under a new key is no further step";
}

TEST(Lineage, ASessionTokenLeavesItsHolderWhoItWasAndCanBeFollowed) {
  std::string record = call("2026-01-15T10:00:00Z", user('1', "alice"), "GetSessionToken",
                            R"(,"responseElements":{"credentials":{"accessKeyId":")" + key("TOKEN") + R"("}})");
  record.replace(record.find("ec2.amazonaws.com"), 17, "sts.amazonaws.com");
  const auto token = mint_in(record);
  const auto entered = mint_in(assume({.time = "2026-01-15T10:01:00Z",
                                       .identity = user('1', "alice", key("TOKEN")),
                                       .account = '1',
                                       .role = "Deploy",
                                       .session = "s",
                                       .access_key = key("A")}));
  Lineage lineage;
  for (const auto& mint : {entered, token}) lineage.add(mint);
  lineage.settle(kEnd);
  const auto use = bearer_in(call("2026-01-15T10:02:00Z", user('1', "alice", key("TOKEN"))));
  EXPECT_EQ(lineage.origin_of(use).path, "alice@" + k1) << "no step more";
  EXPECT_EQ(lineage.origin_of(use).resolution, Resolution::kExact);
  EXPECT_EQ(lineage.mint_behind(use), token.event);
  EXPECT_EQ(lineage.mint_behind(bearer_in(call("2026-01-15T10:02:00Z", user('1', "alice")))), 0U);
  std::map<std::uint64_t, std::uint64_t> links;
  lineage.each_link([&](const Lineage::Link& link) {
    links[link.mint] = link.above;
    EXPECT_EQ(link.same_bearer, link.mint == token.event);
  });
  EXPECT_EQ(links, (std::map<std::uint64_t, std::uint64_t>{{token.event, 0}, {entered.event, token.event}}));
}

TEST(Lineage, AFailedCallMintsNothing) {
  EXPECT_FALSE(mints(call("2026-01-15T10:00:00Z", user('1', "alice"), "AssumeRole")));
  auto denied = assume({.time = "2026-01-15T10:00:00Z",
                        .identity = user('1', "alice"),
                        .account = '1',
                        .role = "Deploy",
                        .session = "s",
                        .access_key = key("A")});
  EXPECT_TRUE(mints(denied));
  denied.insert(1, R"("errorCode":"AccessDenied",)");
  EXPECT_FALSE(mints(denied));
}

TEST(Lineage, SwitchingRolesInTheConsoleLinksTheNewSessionToTheOldIdentity) {
  const auto switched = [](std::string_view from) {
    auto record = call("2026-01-15T10:00:00Z",
                       R"({"type":"AssumedRole","principalId":"AROAOpsID:alice","accountId":")" + k1 +
                           R"(","arn":"arn:aws:sts::)" + k1 + R"(:assumed-role/Ops/alice"})",
                       "SwitchRole",
                       R"(,"responseElements":{"SwitchRole":"Success"},"additionalEventData":{"SwitchFrom":")" +
                           std::string(from) + R"("})");
    return record.replace(record.find("ec2.amazonaws.com"), 17, "signin.amazonaws.com");
  };
  const auto from_user = switched("arn:aws:iam::" + k2 + ":user/alice");
  const std::string traced = "alice@" + k2 + " → role/Ops@" + k1 + " (exact)";
  EXPECT_EQ(origin_of({from_user}, call("2026-01-15T10:20:00Z", session({.account = '1',
                                                                         .role = "Ops",
                                                                         .name = "alice",
                                                                         .access_key = key("rotating"),
                                                                         .created = "2026-01-15T10:00:00Z"}))),
            traced);
  EXPECT_EQ(origin_of({from_user}, from_user), traced) << "the switch itself";
  EXPECT_EQ(origin_of({switched("arn:aws:sts::" + k2 + ":assumed-role/AWSReservedSSO_Dev_0a1b/alice")}, from_user),
            "… → role/AWSReservedSSO_Dev_0a1b/alice@" + k2 + " → role/Ops@" + k1 + " (inferred)");
}

TEST(Lineage, SwitchingRolesFromASessionLeadsToWhoMintedIt) {
  const auto switched = [](std::string_view time) {
    auto record =
        call(time,
             R"({"type":"AssumedRole","principalId":"AROADataID:joe","accountId":")" + k2 +
                 R"(","arn":"arn:aws:sts::)" + k2 + R"(:assumed-role/Data/joe"})",
             "SwitchRole",
             R"(,"responseElements":{"SwitchRole":"Success"},"additionalEventData":{"SwitchFrom":"arn:aws:sts::)" + k1 +
                 R"(:assumed-role/Corp/joe"})");
    return record.replace(record.find("ec2.amazonaws.com"), 17, "signin.amazonaws.com");
  };
  const auto enters = [](std::string_view time, std::string_view who, const std::string& name) {
    return assume({.time = std::string(time),
                   .identity = std::string(who),
                   .account = '1',
                   .role = "Corp",  // has a path, which the session's ARN does not show
                   .session = "joe",
                   .access_key = key(name)});
  };
  const auto used = call("2026-01-15T10:31:00Z", session({.account = '2',
                                                          .role = "Data",
                                                          .name = "joe",
                                                          .access_key = key("rotating"),
                                                          .created = "2026-01-15T10:30:00Z"}));
  const std::string change = switched("2026-01-15T10:30:00Z");
  const std::string joe = user('3', "joe"), eve = user('3', "eve"), early = "2026-01-15T10:00:00Z";
  const std::string traced = "joe@" + k3 + " → role/Corp@" + k1 + " → role/Data@" + k2 + " (exact)";
  const std::string lost = "… → role/Corp@" + k1 + " → role/Data@" + k2 + " (unresolved)";
  EXPECT_EQ(origin_of({enters(early, joe, "A"), change}, used), traced);
  EXPECT_EQ(origin_of({enters(early, joe, "A"), change}, change), traced) << "the switch itself";
  EXPECT_EQ(origin_of({enters(early, joe, "A"), enters("2026-01-15T10:20:00Z", joe, "B"), change}, used), traced)
      << "two sessions of one caller";
  EXPECT_EQ(origin_of({enters(early, joe, "A"), enters("2026-01-15T10:20:00Z", eve, "B"), change}, used), lost)
      << "two callers";
  EXPECT_EQ(origin_of({enters(early, joe, "A"), enters("2026-01-15T10:40:00Z", eve, "B"), change}, used), traced)
      << "the other begins later";
  EXPECT_EQ(origin_of({enters("2026-01-15T08:00:00Z", eve, "A"), enters(early, joe, "B"), change}, used), traced)
      << "the other has ended";
  EXPECT_EQ(origin_of({change}, used), lost);

  const auto through = [](std::string_view began) {
    return session(
        {.account = '3', .role = "Hop", .name = "h", .access_key = key(began), .created = std::string(began)});
  };
  const auto by_role = [&](std::string_view began, std::string_view time) { return enters(time, through(began), ""); };
  EXPECT_EQ(origin_of({by_role("2026-01-15T09:50:00Z", early), by_role("2026-01-15T09:55:00Z", early), change}, used),
            lost)
      << "two sessions of a role may be two people's";
}

TEST(Lineage, RootOfAMemberAccountIsTracedToWhoAssumedIt) {
  const std::string mint =
      R"({"eventTime":"2026-01-15T10:00:00Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRoot","eventID":"1",
          "awsRegion":"us-east-1","requestParameters":{"targetPrincipal":")" +
      k1 + R"(","durationSeconds":900},
          "responseElements":{"credentials":{"accessKeyId":")" +
      key("R") + R"("}},"userIdentity":)" + user('2', "alice") + "}";
  const auto root = [](std::string_view context) {
    return call("2026-01-15T10:05:00Z", R"({"type":"Root","principalId":")" + k1 + R"(","arn":"arn:aws:iam::)" + k1 +
                                            R"(:root","accountId":")" + k1 + R"(","accessKeyId":")" + key("R") +
                                            R"(","sessionContext":{)" + std::string(context) + "}}");
  };
  EXPECT_EQ(origin_of({mint}, root(R"("assumedRoot":"true")")), "alice@" + k2 + " → root@" + k1 + " (exact)");
  EXPECT_EQ(origin_of({mint}, root("")), "root@" + k1 + " (exact)") << "root in its own console";
}

TEST(Lineage, AFederatedUserIsTracedToItsIssuer) {
  EXPECT_EQ(origin_of({}, call("2026-01-15T10:00:00Z",
                               R"({"type":"FederatedUser","principalId":")" + k1 + R"(:bob","accountId":")" + k1 +
                                   R"(","arn":"arn:aws:sts::)" + k1 + R"(:federated-user/bob","accessKeyId":"ASIA1",
                                   "sessionContext":{"sessionIssuer":{"type":"IAMUser","principalId":"AIDA1",
                                   "arn":"arn:aws:iam::)" +
                                   k1 + R"(:user/broker","accountId":")" + k1 + R"(","userName":"broker"}}})")),
            "broker@" + k1 + " → federated-user/bob (exact)");
}

TEST(Lineage, WithoutAMintTheRecordItselfMayTellWhoItWas) {
  const auto origin = [](const tests::Session& of) { return origin_of({}, call("2026-01-15T10:00:00Z", session(of))); };
  EXPECT_EQ(
      origin({.account = '1', .role = "Admin", .name = "x", .context = R"("sourceIdentity":"alice@example.com",)"}),
      "alice@example.com → … → role/Admin@" + k1 + " (inferred)");
  EXPECT_EQ(origin({.account = '1', .role = "AWSReservedSSO_Admin_0a1b", .name = "alice"}),
            "… → role/AWSReservedSSO_Admin_0a1b/alice@" + k1 + " (inferred)");
  EXPECT_EQ(origin({.account = '1', .role = "Admin", .name = "x"}), "… → role/Admin@" + k1 + " (unresolved)");
  EXPECT_EQ(origin_of({}, call("2026-01-15T10:00:00Z",
                               R"({"type":"AssumedRole","arn":"arn:aws:sts::)" + k1 +
                                   R"(:assumed-role/AWSServiceRoleForRDS/s","accountId":")" + k1 +
                                   R"(","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::)" + k1 +
                                   R"(:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"}}})")),
            "rds.amazonaws.com → role/AWSServiceRoleForRDS@" + k1 + " (inferred)");
  EXPECT_EQ(origin_of({}, call("2026-01-15T10:00:00Z",
                               R"({"type":"AssumedRole","arn":"arn:aws:sts::)" + k1 + R"(:assumed-role/Admin/s",
                               "accountId":")" +
                                   k1 + R"(","onBehalfOf":{"userId":"94d0","identityStoreArn":"arn:store"}})")),
            "94d0 → … → role/Admin@" + k1 + " (inferred)");
  const Origin unresolved = Lineage().origin_of(
      bearer_in(call("2026-01-15T10:00:00Z", session({.account = '1', .role = "Admin", .name = "x"}))));
  EXPECT_EQ(unresolved.principal, "arn:aws:iam::" + k1 + ":role/path/Admin") << "the actor stands for its origin";
  EXPECT_EQ(unresolved.depth, 0U);
}

TEST(Lineage, AChainWhoseBeginningIsMissingEndsInItsOldestKnownActor) {
  const auto mint = [](std::string_view context) {
    return assume(
        {.time = "2026-01-15T10:00:00Z",
         .identity = session(
             {.account = '2', .role = "Deploy", .name = "s", .access_key = key("A"), .context = std::string(context)}),
         .account = '1',
         .role = "Admin",
         .session = "t",
         .access_key = key("B")});
  };
  const auto use = [](std::string_view context) {
    return call(
        "2026-01-15T10:01:00Z",
        session(
            {.account = '1', .role = "Admin", .name = "t", .access_key = key("B"), .context = std::string(context)}));
  };
  constexpr std::string_view kNamed = R"("sourceIdentity":"alice",)";
  EXPECT_EQ(origin_of({mint("")}, use("")), "… → role/Deploy@" + k2 + " → role/Admin@" + k1 + " (unresolved)");
  EXPECT_EQ(origin_of({mint(kNamed)}, use(kNamed)),
            "alice → … → role/Deploy@" + k2 + " → role/Admin@" + k1 + " (inferred)");
  EXPECT_EQ(origin_of({mint("")}, use(kNamed)),
            "alice → … → role/Deploy@" + k2 + " → role/Admin@" + k1 + " (inferred)");
  const auto known = assume({.time = "2026-01-15T09:59:00Z",
                             .identity = user('2', "bob"),
                             .account = '2',
                             .role = "Deploy",
                             .session = "s",
                             .access_key = key("A")});
  EXPECT_EQ(origin_of({known, mint(kNamed)}, use(kNamed)),
            "bob@" + k2 + " → role/Deploy → role/Admin@" + k1 + " (exact)")
      << "a mint is better than a name";
}

TEST(Lineage, AnAnswerIsFinalOnceItsChainIsWholeOrItsTimeHasPassed) {
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

TEST(Lineage, ForgetsWhatHasExpiredAndKeepsWhatCameOfIt) {
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

TEST(Lineage, CountsWhatItsBoundKeepsOut) {
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

TEST(Lineage, TellsWhichMintIsBehindACallAndBehindAMint) {
  const auto first = mint_in(assume({.time = "2026-01-15T10:00:00Z",
                                     .identity = user('1', "alice"),
                                     .account = '1',
                                     .role = "Deploy",
                                     .session = "s",
                                     .access_key = key("A")}));
  const auto second =
      mint_in(assume({.time = "2026-01-15T10:01:00Z",
                      .identity = session({.account = '1', .role = "Deploy", .name = "s", .access_key = key("A")}),
                      .account = '2',
                      .role = "Admin",
                      .session = "s",
                      .access_key = key("B")}));
  Lineage lineage;
  for (const auto& mint : {second, first}) lineage.add(mint);
  for (const bool settled : {false, true}) {
    if (settled) lineage.settle(kEnd);
    const auto behind = [&](std::string_view access_key) {
      return lineage.mint_behind(bearer_in(
          call("2026-01-15T10:02:00Z",
               session({.account = '2', .role = "Admin", .name = "s", .access_key = std::string(access_key)}))));
    };
    EXPECT_EQ(behind(key("B")), second.event);
    EXPECT_EQ(behind(key("C")), 0U);
    std::map<std::uint64_t, std::uint64_t> links;
    lineage.each_link([&](const Lineage::Link& link) { links[link.mint] = link.above; });
    EXPECT_EQ(links, (std::map<std::uint64_t, std::uint64_t>{{first.event, 0}, {second.event, first.event}}));
  }
}

TEST(Lineage, AMillionLiveCredentialsTakeAtMost160BytesEach) {
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
