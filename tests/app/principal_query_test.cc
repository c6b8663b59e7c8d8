#include "app/principal_query.h"

#include <gtest/gtest.h>

#include "tests/support/events.h"

namespace tripline::app {
namespace {

using Made = PrincipalQuery::Made;

// How a person of IAM Identity Center, a service-linked role and root of an account call.
constexpr std::string_view kPerson =
    R"({"userIdentity":{"type":"AssumedRole","principalId":"AROASSO:frida@example.com",)"
    R"("arn":"arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Support_0123/frida@example.com",)"
    R"("accountId":"111122223333","accessKeyId":"ASIAFRIDA","sessionContext":{"sessionIssuer":{"type":"Role",)"
    R"("principalId":"AROASSO","userName":"AWSReservedSSO_Support_0123",)"
    R"("arn":"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Support_0123"}}}})";
constexpr std::string_view kRoleSession =
    R"({"userIdentity":{"type":"AssumedRole","principalId":"AROADEPLOY:build-7",)"
    R"("arn":"arn:aws:sts::111122223333:assumed-role/Deploy/build-7","accountId":"111122223333"}})";
constexpr std::string_view kRoot =
    R"({"userIdentity":{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root",)"
    R"("accountId":"111122223333","accessKeyId":""}})";

TEST(PrincipalQuery, KnowsTheNamesOfAnIdentity) {
  const struct {
    std::string_view name, record;
    std::string query;
    Made made;
  } cases[] = {
      {"a person by name", kPerson, "Frida@Example.com", Made::kByName},
      {"with account", kPerson, "frida@example.com@111122223333", Made::kByName},
      {"with another account", kPerson, "frida@example.com@444455556666", Made::kNot},
      {"by what is shared", kPerson, "AWSReservedSSO_Support_0123", Made::kSurely},
      {"by the role's ARN", kPerson,
       "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Support_0123", Made::kSurely},
      {"by the role's ARN without its path", kPerson, "arn:aws:iam::111122223333:role/AWSReservedSSO_Support_0123",
       Made::kSurely},
      {"by the ARN of a role of that name elsewhere", kPerson,
       "arn:aws:iam::444455556666:role/AWSReservedSSO_Support_0123", Made::kNot},
      {"by the session's ARN", kPerson,
       "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Support_0123/frida@example.com", Made::kSurely},
      {"by the ARN of another's session", kPerson,
       "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Support_0123/gina@example.com", Made::kNot},
      {"by the session's id", kPerson, "AROASSO:frida@example.com", Made::kSurely},
      {"by the key", kPerson, "ASIAFRIDA", Made::kSurely},
      {"keys compare exactly", kPerson, "asiafrida", Made::kNot},
      {"a part of a name", kPerson, "frida", Made::kNot},
      {"a machine's session that is named so", kRoleSession, "build-7", Made::kNot},
      {"its role", kRoleSession, "role/deploy", Made::kSurely},
      {"its role with a path, which records may leave out", kRoleSession, "role/ci/Deploy", Made::kSurely},
      {"another role on that path", kRoleSession, "role/Deploy/Other", Made::kNot},
      {"its role with a path, in another account", kRoleSession, "role/ci/Deploy@444455556666", Made::kNot},
      {"a person in a role", kPerson, "role/AWSReservedSSO_Support_0123/frida@example.com", Made::kSurely},
      {"a person in a role, with its path", kPerson,
       "role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Support_0123/frida@example.com", Made::kSurely},
      {"a person in a role of another account", kPerson,
       "role/AWSReservedSSO_Support_0123/frida@example.com@444455556666", Made::kNot},
      {"another person in that role", kPerson, "role/AWSReservedSSO_Support_0123/gina@example.com", Made::kNot},
      {"the path of roles that people share", kPerson, "role/aws-reserved/sso.amazonaws.com/", Made::kNot},
      {"a user of the role's name", kRoleSession, "user/Deploy", Made::kNot},
      {"root", kRoot, "root", Made::kByName},
      {"root of another account", kRoot, "root@444455556666", Made::kNot},
      {"nothing is nobody", kRoot, "", Made::kNot},
  };
  const engine::FieldTable fields;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    tests::OwnedEvent event(fields, c.record);
    EXPECT_EQ(PrincipalQuery(c.query).made(*event), c.made);
  }
}

TEST(PrincipalQuery, KnowsWhoLeftASessionByAnotherRole) {
  // What a change of role in the console tells of the session that was left.
  engine::Bearer person, role;
  const std::string arn = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Support_0123/frida";
  person.actor = {"arn:aws:iam::111122223333:role/AWSReservedSSO_Support_0123/frida", "frida", "111122223333", "human",
                  "role/AWSReservedSSO_Support_0123/frida"};
  person.ids.session_arn = engine::credential_hash(arn);
  role.actor = {"arn:aws:iam::111122223333:role/Deploy", "s", "111122223333", "role", "role/Deploy"};
  const struct {
    std::string query;
    bool is_person, is_role;
  } cases[] = {
      {arn, true, false},
      {arn + "a", false, false},
      {"role/AWSReservedSSO_Support_0123", true, false},
      {"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Support_0123", true, false},
      {"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Support_0123/frida", true, false},
      {"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Support_0123/gina", false, false},
      {"arn:aws:iam::444455556666:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Support_0123/frida", false, false},
      {"role/AWSReservedSSO_Support_0123/frida", true, false},
      {"role/AWSReservedSSO_Support_0123/frida@111122223333", true, false},
      {"role/ci/Deploy", false, true},
      {"arn:aws:iam::111122223333:role/ci/Deploy", false, true},
      {"arn:aws:iam::444455556666:role/Deploy", false, false},
      {"arn:aws:iam::111122223333:user/frida", false, false},
      {"frida", true, false},
      {"s", false, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    EXPECT_EQ(PrincipalQuery(c.query).is(person), c.is_person);
    EXPECT_EQ(PrincipalQuery(c.query).is(role), c.is_role);
  }
}

TEST(PrincipalQuery, KnowsSessionsThatAreMerelyNamedSo) {
  const engine::FieldTable fields;
  tests::OwnedEvent machine(fields, kRoleSession), person(fields, kPerson);
  EXPECT_TRUE(PrincipalQuery("build-7").is_session_name_of(*machine));
  EXPECT_FALSE(PrincipalQuery("frida@example.com").is_session_name_of(*person)) << "that is her";
}

}  // namespace
}  // namespace tripline::app
