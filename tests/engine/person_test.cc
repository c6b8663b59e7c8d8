#include "engine/person.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/lineage.h"
#include "engine/principal.h"
#include "tests/support/events.h"
#include "tests/support/identities.h"

namespace tripline::engine {
namespace {

using tests::account;
using tests::assume;
using tests::call;
using tests::key;
using tests::session;

const FieldTable kNoFields;

std::string from(std::string_view source, std::string record) {
  return record.replace(record.find("ec2.amazonaws.com"), 17, source);
}

/// AssumeRoleWithSAML and AssumeRoleWithWebIdentity; `of` as of an AssumeRole.
std::string let_in(std::string_view name, const tests::Assume& of, std::string_view provider = "") {
  std::string record = assume(of);
  record.replace(record.find("AssumeRole"), 10, name);
  if (!provider.empty()) {
    constexpr std::string_view kRequest = R"("requestParameters":{)";
    record.insert(record.find(kRequest) + kRequest.size(), R"("principalArn":")" + std::string(provider) + R"(",)");
  }
  return record;
}

/// What is shown of a session by a record that names it without context.
std::string bare(char where, std::string_view role, std::string_view name) {
  return R"({"type":"AssumedRole","principalId":"AROA)" + std::string(role) + "ID:" + std::string(name) +
         R"(","accountId":")" + account(where) + R"(","arn":"arn:aws:sts::)" + account(where) + ":assumed-role/" +
         std::string(role) + "/" + std::string(name) + R"("})";
}

std::string console_login(std::string_view time, const std::string& identity, std::string_view provider = "") {
  std::string more = R"(,"responseElements":{"ConsoleLogin":"Success"})";
  if (!provider.empty()) more += R"(,"additionalEventData":{"SamlProviderArn":")" + std::string(provider) + R"("})";
  return from("signin.amazonaws.com", call(time, identity, "ConsoleLogin", more));
}

std::string switch_role(std::string_view time, char from_account, std::string_view from_role, std::string_view name) {
  return from(
      "signin.amazonaws.com",
      call(time, bare('3', "Data", name), "SwitchRole",
           R"(,"responseElements":{"SwitchRole":"Success"},"additionalEventData":{"SwitchFrom":"arn:aws:sts::)" +
               account(from_account) + ":assumed-role/" + std::string(from_role) + "/" + std::string(name) + R"("})"));
}

constexpr char kBegan[] = "2026-01-15T10:00:00Z", kSwitched[] = "2026-01-15T10:10:00Z",
               kEntered[] = "2026-01-15T10:20:00Z";
constexpr char kUsed[] = "2026-01-15T10:30:00Z";

/// One person's records: `records` are mints and calls alike.
struct SignIn {
  std::string_view name;
  std::vector<std::string> records;
  Person person;
  bool inferred;  // whether records tell of the person without the mint, too
};

std::vector<SignIn> sign_ins() {
  const std::string sso = "AWSReservedSSO_Admin_0a1b";
  const std::string idp = "arn:aws:iam::" + account('1') + ":saml-provider/idp";
  const std::string saml_user =
      R"({"type":"SAMLUser","principalId":"Q=:dana","userName":"dana","identityProvider":"Q="})";
  const std::string cognito = "cognito-identity.amazonaws.com", pool = "eu-west-1:pool", sub = "eu-west-1:dana";
  const std::string by_cognito = R"("webIdFederationData":{"federatedProvider":")" + cognito + R"(","attributes":{")" +
                                 cognito + R"(:amr":"[]",")" + cognito + R"(:aud":")" + pool + R"(",")" + cognito +
                                 R"(:sub":")" + sub + R"("}},)";
  const auto in = [](const std::string& role, const std::string& name, std::string_view access_key,
                     const std::string& context = "") {
    return session({.account = '1',
                    .role = role,
                    .name = name,
                    .access_key = key(access_key),
                    .created = kBegan,
                    .context = context});
  };
  const auto data = [](std::string_view access_key, const std::string& name, std::string_view began) {
    return session(
        {.account = '3', .role = "Data", .name = name, .access_key = key(access_key), .created = std::string(began)});
  };
  const auto enters_data = [](const std::string& by) {
    return assume({.time = kEntered,
                   .identity = by,
                   .account = '3',
                   .role = "Data",
                   .session = "any",
                   .access_key = key("DATA")});
  };
  const auto begins = [](std::string_view who, const std::string& role, std::string_view name) {
    return tests::Assume{.time = kBegan,
                         .identity = std::string(who),
                         .account = '1',
                         .role = role,
                         .session = std::string(name),
                         .access_key = key("ISSUED")};
  };
  return {
      {"IAM Identity Center",
       {let_in("AssumeRoleWithSAML", begins(saml_user, sso, "dana"), "arn:aws:iam::1:saml-provider/AWSSSO_0a1b"),
        call(kUsed, in(sso, "dana", "ROTATED")),
        call(kUsed, in(sso, "dana", "ROTATED", R"("sourceIdentity":"dana@example.com",)")),
        switch_role(kSwitched, '1', sso, "dana"), call(kUsed, data("SWITCHED", "dana", kSwitched)),
        enters_data(in(sso, "dana", "ROTATED")), call(kUsed, data("DATA", "any", kEntered))},
       {"sso.amazonaws.com/dana", "dana", account('1'), "human"},
       true},
      {"SAML",
       {let_in("AssumeRoleWithSAML", begins(saml_user, "Ops", "dana@example.com"), idp),
        call(kUsed, in("Ops", "dana@example.com", "ROTATED")),
        console_login(kBegan, in("Ops", "dana@example.com", ""), idp),
        switch_role(kSwitched, '1', "Ops", "dana@example.com"),
        call(kUsed, data("SWITCHED", "dana@example.com", kSwitched)),
        enters_data(in("Ops", "dana@example.com", "ROTATED")), call(kUsed, data("DATA", "any", kEntered))},
       {idp + "/dana@example.com", "dana@example.com", account('1'), "human"},
       true},
      {"a web identity, where the session's record shows what the provider said",
       {let_in("AssumeRoleWithWebIdentity",
               begins(R"({"type":"WebIdentityUser","principalId":")" + cognito + ":" + pool + ":" + sub +
                          R"(","userName":")" + sub + R"(","identityProvider":")" + cognito + R"("})",
                      "Mobile", "CognitoIdentityCredentials")),
        call(kUsed, in("Mobile", "CognitoIdentityCredentials", "ISSUED", by_cognito)),
        enters_data(in("Mobile", "CognitoIdentityCredentials", "ISSUED", by_cognito)),
        call(kUsed, data("DATA", "any", kEntered))},
       {cognito + ":" + pool + ":" + sub, sub, account('1'), "human"},
       true},
      {"a web identity, where it does not",
       {let_in("AssumeRoleWithWebIdentity",
               begins(R"({"type":"WebIdentityUser","principalId":"accounts.google.com:app:1234","userName":"1234",
                          "identityProvider":"accounts.google.com"})",
                      "Mobile", "dana")),
        call(kUsed, in("Mobile", "dana", "ISSUED",
                       R"("webIdFederationData":{"federatedProvider":"accounts.google.com","attributes":{}},)")),
        enters_data(in("Mobile", "dana", "ISSUED")), call(kUsed, data("DATA", "any", kEntered))},
       {"accounts.google.com:app:1234", "1234", account('1'), "human"},
       false},
  };
}

TEST(Person, IsOneOriginWhicheverOfTheirRecordsAreThere) {
  for (const SignIn& sign_in : sign_ins()) {
    SCOPED_TRACE(sign_in.name);
    struct Read {
      std::optional<Mint> mint;
      Bearer bearer;
    };
    std::vector<Read> records;
    for (const std::string& text : sign_in.records) {
      tests::OwnedEvent event(kNoFields, text);
      ASSERT_TRUE(event.read()) << text;
      records.push_back({mint_of(*event), bearer_of(*event)});
    }
    int exact = 0, inferred = 0;
    for (std::size_t there = 0; there < std::size_t{1} << records.size(); ++there) {
      Lineage lineage;
      for (std::size_t i = 0; i < records.size(); ++i) {
        if ((there >> i & 1) != 0 && records[i].mint) lineage.add(*records[i].mint);
      }
      lineage.settle(EventTime::max());
      for (std::size_t i = 0; i < records.size(); ++i) {
        const Origin origin = lineage.origin_of(records[i].bearer);
        if (origin.resolution == Resolution::kUnresolved) continue;
        ++(origin.resolution == Resolution::kExact ? exact : inferred);
        EXPECT_EQ(origin.principal, sign_in.person.principal) << sign_in.records[i];
        EXPECT_EQ(origin.name, sign_in.person.name) << sign_in.records[i];
        EXPECT_EQ(origin.account, sign_in.person.account) << sign_in.records[i];
        EXPECT_EQ(origin.kind, sign_in.person.kind) << sign_in.records[i];
      }
      if (HasFailure()) return;
      if (there + 1 != std::size_t{1} << records.size()) continue;
      for (std::size_t i = 0; i < records.size(); ++i) {
        EXPECT_EQ(lineage.origin_of(records[i].bearer).resolution, Resolution::kExact) << sign_in.records[i];
      }
    }
    EXPECT_GT(exact, 0);
    EXPECT_EQ(inferred > 0, sign_in.inferred);
  }
}

TEST(Person, InASamlSessionIsOneActorInItsSignInAndItsCalls) {
  const auto actor_of = [](const std::string& record) {
    tests::OwnedEvent event(kNoFields, record);
    EXPECT_TRUE(event.read());
    return event->principal();
  };
  const std::string dana = session({.account = '1', .role = "Ops", .name = "dana", .created = kBegan});
  const Principal sign_in = actor_of(console_login(kBegan, dana, "arn:aws:iam::111111111111:saml-provider/idp"));
  const Principal called = actor_of(call(kUsed, dana));
  EXPECT_EQ(sign_in.principal, called.principal);
  EXPECT_EQ(sign_in.principal, "arn:aws:iam::111111111111:role/path/Ops");
  EXPECT_EQ(sign_in.kind, called.kind);
  EXPECT_EQ(sign_in.name, called.name);
}

TEST(Person, OfIdentityCenterIsTheSameInAllAccountsAndPermissionSetsAndWhenSigningIn) {
  const std::string sign_in = R"(,"additionalEventData":{"UserName":"dana"})";
  std::set<std::string> principals;
  for (const std::string& record : {
           call(kUsed, session({.account = '1', .role = "AWSReservedSSO_Admin_0a1b", .name = "dana"})),
           call(kUsed, session({.account = '2', .role = "AWSReservedSSO_Audit_0c1d", .name = "dana"})),
           from("signin.amazonaws.com",
                call(kUsed, R"({"type":"Unknown","principalId":"333333333333","accountId":"333333333333"})",
                     "CredentialVerification", sign_in)),
       }) {
    tests::OwnedEvent event(kNoFields, record);
    ASSERT_TRUE(event.read());
    principals.insert(Lineage().origin_of(bearer_of(*event)).principal);
  }
  EXPECT_EQ(principals, (std::set<std::string>{"sso.amazonaws.com/dana"}));
}

TEST(Person, IsNobodyForWhoeverGaveASessionThePersonsName) {
  const std::string forged = session({.account = '1', .role = "Ops", .name = "dana", .access_key = key("F")});
  Lineage lineage;
  tests::OwnedEvent mint(kNoFields, assume({.time = kBegan,
                                            .identity = tests::user('1', "mallory"),
                                            .account = '1',
                                            .role = "Ops",
                                            .session = "dana",
                                            .access_key = key("F")}));
  tests::OwnedEvent use(kNoFields, call(kUsed, forged));
  ASSERT_TRUE(mint.read());
  ASSERT_TRUE(use.read());
  EXPECT_EQ(lineage.origin_of(bearer_of(*use)).resolution, Resolution::kUnresolved);
  lineage.add(*mint_of(*mint));
  EXPECT_EQ(lineage.origin_of(bearer_of(*use)).name, "mallory");
}

}  // namespace
}  // namespace tripline::engine
