// The kinds of mint that are not an AssumeRole by a user or role (protocols' "Minting events"): what they issue leads
// to who asked for it, and to nobody without them.

#include <string>

#include <gtest/gtest.h>

#include "tests/support/identities.h"
#include "tests/support/origins.h"

namespace tripline::engine {
namespace {

using tests::account;
using tests::assume;
using tests::call;
using tests::key;
using tests::mints;
using tests::origin_of;
using tests::service;
using tests::session;
using tests::user;

const std::string k1 = account('1'), k2 = account('2');

std::string from(const std::string& source, std::string record) {
  const std::string usual = "ec2.amazonaws.com";
  return record.replace(record.find(usual), usual.size(), source);
}

TEST(Mint, AFederationTokenLeadsToTheUserWhoAskedForIt) {
  const auto federated = [&](const std::string& context) {
    return R"({"type":"FederatedUser","principalId":")" + k1 + R"(:bob","arn":"arn:aws:sts::)" + k1 +
           R"(:federated-user/bob","accountId":")" + k1 + R"(","accessKeyId":")" + key("F") + R"(")" + context + "}";
  };
  const std::string issuer = R"(,"sessionContext":{"sessionIssuer":{"type":"IAMUser","principalId":"AIDABROKER","arn":)"
                             R"("arn:aws:iam::)" +
                             k1 + R"(:user/broker","accountId":")" + k1 + R"(","userName":"broker"}})";
  const auto token = from("sts.amazonaws.com",
                          call("2026-01-15T10:00:00Z", user('1', "broker"), "GetFederationToken",
                               R"(,"requestParameters":{"name":"bob","durationSeconds":1800},"responseElements":{)"
                               R"("credentials":{"accessKeyId":")" +
                                   key("F") + R"("},"federatedUser":{"federatedUserId":")" + k1 +
                                   R"(:bob","arn":"arn:aws:sts::)" + k1 + R"(:federated-user/bob"}})"));
  const std::string traced = "broker@" + k1 + " → federated-user/bob (exact)";
  const std::string lost = "… → federated-user/bob@" + k1 + " (unresolved)";
  const struct {
    const char* description;
    std::string use;
    std::string with_the_mint, without;
  } cases[] = {
      {"the record names the issuer", call("2026-01-15T10:10:00Z", federated(issuer)), traced, traced},
      {"it does not", call("2026-01-15T10:10:00Z", federated("")), traced, lost},
      {"after its end", call("2026-01-15T10:50:00Z", federated("")), lost, lost},
      {"a role entered with it",
       call("2026-01-15T10:10:00Z", session({.account = '2', .role = "Deploy", .name = "s", .access_key = key("D")})),
       "… → role/Deploy@" + k2 + " (unresolved)", "… → role/Deploy@" + k2 + " (unresolved)"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.description);
    EXPECT_EQ(origin_of({token}, c.use), c.with_the_mint);
    EXPECT_EQ(origin_of({}, c.use), c.without);
  }
  const auto entered = assume({.time = "2026-01-15T10:05:00Z",
                               .identity = federated(""),
                               .account = '2',
                               .role = "Deploy",
                               .session = "s",
                               .access_key = key("D")});
  EXPECT_EQ(origin_of({token, entered}, cases[3].use),
            "broker@" + k1 + " → federated-user/bob → role/Deploy@" + k2 + " (exact)");
}

TEST(Mint, ARenewedRoleInTheConsoleLeadsToWhoSwitchedToIt) {
  const auto console = [](const std::string& name, const std::string& time) {
    return from("signin.amazonaws.com", call(time,
                                             R"({"type":"AssumedRole","principalId":"AROAOpsID:alice","accountId":")" +
                                                 k1 + R"(","arn":"arn:aws:sts::)" + k1 + R"(:assumed-role/Ops/alice"})",
                                             name,
                                             R"(,"responseElements":{")" + name +
                                                 R"(":"Success"},"additionalEventData":{"SwitchFrom":"arn:aws:iam::)" +
                                                 k2 + R"(:user/alice"})"));
  };
  const auto used_in_session_of = [](const std::string& created) {
    return call(
        "2026-01-15T11:20:00Z",
        session({.account = '1', .role = "Ops", .name = "alice", .access_key = key("rotating"), .created = created}));
  };
  const auto renewed = console("RenewRole", "2026-01-15T11:00:00Z");
  const std::string traced = "alice@" + k2 + " → role/Ops@" + k1 + " (exact)";
  EXPECT_EQ(origin_of({renewed}, used_in_session_of("2026-01-15T11:00:00Z")), traced);
  EXPECT_EQ(
      origin_of({console("SwitchRole", "2026-01-15T10:00:00Z"), renewed}, used_in_session_of("2026-01-15T10:00:00Z")),
      traced);
  EXPECT_EQ(origin_of({renewed}, used_in_session_of("2026-01-15T09:00:00Z")), "… → role/Ops@" + k1 + " (unresolved)");
  EXPECT_FALSE(mints(console("ExitRole", "2026-01-15T11:00:00Z")));
}

TEST(Mint, WhatAServiceGetsLeadsToTheService) {
  const struct {
    const char* service;
    const char* session;
  } cases[] = {
      {"ec2.amazonaws.com", "i-0f1e2d3c4b5a69788"},    {"ecs-tasks.amazonaws.com", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"},
      {"lambda.amazonaws.com", "nightly-report"},      {"rolesanywhere.amazonaws.com", "00c0ffee"},
      {"rds.amazonaws.com", "RDS-EnhancedMonitoring"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.service);
    const auto mint = assume({.time = "2026-01-15T10:00:00Z",
                              .identity = service(c.service),
                              .account = '1',
                              .role = "Work",
                              .session = c.session,
                              .access_key = key("W"),
                              .shared = "11111111-2222-4333-8444-555555555555"});
    EXPECT_EQ(mint.find("assumedRoleUser"), std::string::npos) << "services' mints show none";
    const auto use = [&](const std::string& access_key, const std::string& created) {
      return call(
          "2026-01-15T14:00:00Z",
          session({.account = '1', .role = "Work", .name = c.session, .access_key = access_key, .created = created}));
    };
    const std::string traced = std::string(c.service) + " → role/Work@" + k1 + " (exact)";
    EXPECT_EQ(origin_of({mint}, use(key("W"), "")), traced) << "its keys last for hours";
    EXPECT_EQ(origin_of({mint}, use(key("other"), "2026-01-15T10:00:00Z")), traced) << "by the session's beginning";
    EXPECT_EQ(origin_of({mint}, use(key("other"), "")), "… → role/Work@" + k1 + " (unresolved)");
    EXPECT_EQ(origin_of({}, use(key("W"), "")), "… → role/Work@" + k1 + " (unresolved)");
  }
}

}  // namespace
}  // namespace tripline::engine
