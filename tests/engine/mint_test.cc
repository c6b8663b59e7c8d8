#include "engine/mint.h"

#include <cstdint>
#include <map>
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
using tests::kEnd;
using tests::key;
using tests::mint_in;
using tests::mints;
using tests::origin_of;
using tests::session;
using tests::user;

const std::string k1 = account('1'), k2 = account('2'), k3 = account('3');

TEST(Mint, AMintThatHandsBackTheCallersKeyIsNone) {
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

TEST(Mint, ASessionTokenLeavesItsHolderWhoItWasAndCanBeFollowed) {
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

TEST(Mint, KeysForTheCommandLineBelongToTheSessionInTheConsoleThatAskedForThem) {
  const std::string sign_in = "arn:aws:signin:us-east-1:" + k1 + ":session/daff060f";
  const auto in = [](std::string_view created, std::string_view access_key, const std::string& context = "") {
    return session({.account = '1',
                    .role = "Admin",
                    .name = "joe",
                    .access_key = std::string(access_key),
                    .created = std::string(created),
                    .context = context});
  };
  const auto token = [&](std::string_view time, const std::string& by, std::string_view said) {
    std::string record =
        call(time, by, "CreateOAuth2Token", R"(,"additionalEventData":{)" + std::string(said) + R"("success":"true"})");
    return record.replace(record.find("ec2.amazonaws.com"), 17, "signin.amazonaws.com");
  };
  const std::string shown = R"("signInSessionArn":")" + sign_in + R"(",)";
  const auto entered = assume({.time = "2026-01-15T10:00:00Z",
                               .identity = user('2', "alice"),
                               .account = '1',
                               .role = "Admin",
                               .session = "joe",
                               .access_key = key("A")});
  const auto console = in("2026-01-15T10:00:00Z", "");
  const auto first = token("2026-01-15T10:30:00Z", console, shown);
  const auto again = token("2026-01-15T10:45:00Z", in("2026-01-15T10:30:07Z", "", shown), shown);
  const std::string traced = "alice@" + k2 + " → role/Admin@" + k1 + " (exact)";
  const auto used = call("2026-01-15T10:50:00Z", in("2026-01-15T10:30:07Z", key("CLI"), shown));
  EXPECT_EQ(origin_of({entered, first}, used), traced);
  EXPECT_EQ(origin_of({entered, first, again}, used), traced) << "renewed";
  EXPECT_EQ(origin_of({entered, first, again}, again), traced) << "the renewal itself";
  EXPECT_EQ(origin_of({entered, token("2026-01-15T10:30:00Z", in("2026-01-15T10:00:00Z", "", shown), shown)}, used),
            traced)
      << "the event that begins it may bear it already";
  EXPECT_EQ(origin_of({entered, token("2026-01-15T10:30:00Z", console, "")},
                      call("2026-01-15T10:50:00Z", in("2026-01-15T10:30:00Z", key("CLI")))),
            traced)
      << "older records show no sign-in: by the session's beginning";
  EXPECT_EQ(origin_of({entered}, used), "… → role/Admin@" + k1 + " (unresolved)");

  const auto next = assume({.time = "2026-01-15T10:51:00Z",
                            .identity = in("2026-01-15T10:30:07Z", key("CLI"), shown),
                            .account = '3',
                            .role = "Data",
                            .session = "any",
                            .access_key = key("D")});
  EXPECT_EQ(origin_of({entered, first, next},
                      call("2026-01-15T10:55:00Z",
                           session({.account = '3', .role = "Data", .name = "any", .access_key = key("D")}))),
            "alice@" + k2 + " → role/Admin@" + k1 + " → role/Data@" + k3 + " (exact)");

  EXPECT_FALSE(mints(token("2026-01-15T10:30:00Z", user('1', "alice"), shown))) << "all records name the user";
  auto failed = token("2026-01-15T10:30:00Z", console, shown);
  failed.replace(failed.find(R"("success":"true")"), 16, R"("success":"false")");
  EXPECT_FALSE(mints(failed));
}

TEST(Mint, AFailedCallMintsNothing) {
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

TEST(Mint, SwitchingRolesInTheConsoleLinksTheNewSessionToTheOldIdentity) {
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
            "alice@" + k2 + " → role/AWSReservedSSO_Dev_0a1b/alice → role/Ops@" + k1 + " (inferred)");
}

TEST(Mint, SwitchingRolesFromASessionLeadsToWhoMintedIt) {
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

TEST(Mint, RootOfAMemberAccountIsTracedToWhoAssumedIt) {
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

}  // namespace
}  // namespace tripline::engine
