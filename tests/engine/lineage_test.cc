#include "engine/lineage.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

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
using tests::origin_of;
using tests::outsider;
using tests::service;
using tests::session;
using tests::user;

const std::string k1 = account('1'), k2 = account('2');

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
  EXPECT_EQ(origin_of({m}, use("")), by_alice) << "the session alone: it lives, and one caller began it";

  const auto later = mint("2026-01-15T10:00:11Z", "bob", "B");
  EXPECT_EQ(origin_of({m, later}, use("2026-01-15T10:00:10Z")), by_alice) << "the very second";
  EXPECT_EQ(origin_of({m, later}, use("2026-01-15T10:00:11Z")), by_bob) << "the very second";
  EXPECT_EQ(origin_of({m, later}, use("2026-01-15T10:00:12Z")), by_nobody) << "two callers, neither at the second";
  EXPECT_EQ(origin_of({m, later}, use("2026-01-15T10:00:12Z", key("A"))), by_alice) << "the key tells";
  const auto same = mint("2026-01-15T10:00:10Z", "bob", "B");
  EXPECT_EQ(origin_of({m, same}, use("2026-01-15T10:00:10Z")), by_nobody) << "two callers in one second";
  EXPECT_EQ(origin_of({m, later}, use("")), by_nobody) << "the session alone, of two callers";
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
  EXPECT_EQ(origin_of({first, outside}, use), "alice@" + k2 + " → role/AROADeployID → role/Admin@" + k1 + " (exact)")
      << "the owner's copy alone tells the session, which alice alone has entered";
  auto others = first;
  others.replace(others.find("user/alice"), 10, "user/other");
  others.replace(others.find(R"("userName":"alice")"), 18, R"("userName":"other")");
  others.replace(others.find(R"("eventID":"0)"), 12, R"("eventID":"1)");
  EXPECT_EQ(origin_of({first, others, outside}, use),
            "… → role/AROADeployID@" + k2 + " → role/Admin@" + k1 + " (unresolved)")
      << "nor does it tell the session's key";

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
            "alice@" + k1 + " → role/AWSReservedSSO_Admin_0a1b/alice (inferred)");
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

}  // namespace
}  // namespace tripline::engine
