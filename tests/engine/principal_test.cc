#include "engine/principal.h"

#include <string>

#include <gtest/gtest.h>

#include "engine/field.h"
#include "tests/support/events.h"

namespace tripline::engine {
namespace {

using tests::OwnedEvent;

/// A whole record around `user_identity`, with `more` members (each after a comma).
std::string record(std::string_view user_identity, std::string_view more = "") {
  return R"({"eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"us-east-1","userIdentity":)" +
         std::string(user_identity) + std::string(more) + "}";
}

/// The same of the service that people sign in with.
std::string sign_in(std::string_view user_identity, std::string_view more = "") {
  return R"({"eventSource":"signin.amazonaws.com","userIdentity":)" + std::string(user_identity) + std::string(more) +
         "}";
}

struct Case {
  std::string_view name;
  std::string json;
  Principal expected;
};

void expect_principals(std::initializer_list<Case> cases) {
  const FieldTable fields;
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    OwnedEvent event(fields, c.json);
    ASSERT_TRUE(event.read());
    Principal actual = {"left", "over", "from", "another", "record", "entirely", "!"};
    resolve_principal(*event, actual);
    EXPECT_EQ(actual.principal, c.expected.principal);
    EXPECT_EQ(actual.session, c.expected.session);
    EXPECT_EQ(actual.name, c.expected.name);
    EXPECT_EQ(actual.type, c.expected.type);
    EXPECT_EQ(actual.account, c.expected.account);
    EXPECT_EQ(actual.kind, c.expected.kind);
    EXPECT_EQ(actual.access_key, c.expected.access_key);
  }
}

// Expected values in the order of the struct: principal, session, name, type, account, kind, access key.

TEST(Principal, EveryIdentityTypeHasAnActor) {
  expect_principals({
      {"Root in the console",
       record(R"({"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root",
                  "accountId":"111122223333","accessKeyId":""})"),
       {"arn:aws:iam::111122223333:root", "", "root", "Root", "111122223333", "root", ""}},
      {"Root of an account with an alias is the same principal",
       record(R"({"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root",
                  "accountId":"111122223333","userName":"example-corp","accessKeyId":"ASIAEXAMPLE000000001"})"),
       {"arn:aws:iam::111122223333:root", "", "example-corp", "Root", "111122223333", "root", "ASIAEXAMPLE000000001"}},
      {"Root without ARN is the same principal",
       record(R"({"type":"Root","principalId":"111122223333","accountId":"111122223333"})"),
       {"arn:aws:iam::111122223333:root", "", "root", "Root", "111122223333", "root", ""}},
      {"IAMUser with a long-term key",
       record(
           R"({"type":"IAMUser","principalId":"AIDAEXAMPLE0000000001","arn":"arn:aws:iam::111122223333:user/ops/alice",
                  "accountId":"111122223333","accessKeyId":"AKIAEXAMPLE000000001","userName":"alice"})"),
       {"arn:aws:iam::111122223333:user/ops/alice", "", "alice", "IAMUser", "111122223333", "human",
        "AKIAEXAMPLE000000001"}},
      {"AssumedRole: the principal is the issuer, with its path",
       record(R"({"type":"AssumedRole","principalId":"AROAEXAMPLE0000000001:alice",
                  "arn":"arn:aws:sts::111122223333:assumed-role/Deploy/alice","accountId":"111122223333",
                  "accessKeyId":"ASIAEXAMPLE000000001","sessionContext":{"sessionIssuer":{"type":"Role",
                  "principalId":"AROAEXAMPLE0000000001","arn":"arn:aws:iam::111122223333:role/ci/Deploy",
                  "accountId":"111122223333","userName":"Deploy"},"webIdFederationData":{}}})"),
       {"arn:aws:iam::111122223333:role/ci/Deploy", "alice", "alice", "AssumedRole", "111122223333", "role",
        "ASIAEXAMPLE000000001"}},
      {"AssumedRole without issuer, as SwitchRole has it",
       record(R"({"type":"AssumedRole","principalId":"AROAEXAMPLE0000000001:alice",
                  "arn":"arn:aws-cn:sts::111122223333:assumed-role/Deploy/alice","accountId":"111122223333"})"),
       {"arn:aws-cn:iam::111122223333:role/Deploy", "alice", "alice", "AssumedRole", "111122223333", "role", ""}},
      {"AssumedRole with an id alone",
       record(R"({"type":"AssumedRole","principalId":"AROAEXAMPLE0000000001:alice","accountId":"111122223333"})"),
       {"AROAEXAMPLE0000000001", "alice", "alice", "AssumedRole", "111122223333", "role", ""}},
      {"Role",
       record(R"({"type":"Role","principalId":"AROAEXAMPLE0000000001","arn":"arn:aws:iam::111122223333:role/ci/Deploy",
                  "accountId":"111122223333"})"),
       {"arn:aws:iam::111122223333:role/ci/Deploy", "", "Deploy", "Role", "111122223333", "role", ""}},
      {"FederatedUser",
       record(R"({"type":"FederatedUser","principalId":"111122223333:bob",
                  "arn":"arn:aws:sts::111122223333:federated-user/bob","accountId":"111122223333",
                  "accessKeyId":"ASIAEXAMPLE000000001","sessionContext":{"sessionIssuer":{"type":"IAMUser",
                  "principalId":"AIDAEXAMPLE0000000001","arn":"arn:aws:iam::111122223333:user/broker",
                  "userName":"broker"}}})"),
       {"arn:aws:sts::111122223333:federated-user/bob", "bob", "bob", "FederatedUser", "111122223333", "human",
        "ASIAEXAMPLE000000001"}},
      {"Directory",
       record(R"({"type":"Directory","userName":"carol","accountId":"111122223333"})"),
       {"111122223333/carol", "", "carol", "Directory", "111122223333", "human", ""}},
      {"AWSAccount, a role's session",
       record(R"({"type":"AWSAccount","principalId":"AROAEXAMPLE0000000001:alice","accountId":"222233334444"})"),
       {"AROAEXAMPLE0000000001", "alice", "alice", "AWSAccount", "222233334444", "role", ""}},
      {"AWSAccount, a user",
       record(R"({"type":"AWSAccount","principalId":"AIDAEXAMPLE0000000001","accountId":"222233334444"})"),
       {"AIDAEXAMPLE0000000001", "", "AIDAEXAMPLE0000000001", "AWSAccount", "222233334444", "human", ""}},
      {"AWSAccount, its root",
       record(R"({"type":"AWSAccount","principalId":"222233334444","accountId":"222233334444"})"),
       {"222233334444", "", "222233334444", "AWSAccount", "222233334444", "root", ""}},
      {"AWSAccount, nobody known",
       record(R"({"type":"AWSAccount","principalId":"","accountId":"ANONYMOUS_PRINCIPAL"})"),
       {"anonymous", "", "anonymous", "AWSAccount", "", "anonymous", ""}},
      {"AWSAccount, nobody known, in lower case",
       record(R"({"type":"AWSAccount","principalId":"","accountId":"anonymous"})"),
       {"anonymous", "", "anonymous", "AWSAccount", "", "anonymous", ""}},
      {"AWSService",
       record(R"({"type":"AWSService","invokedBy":"cloudtrail.amazonaws.com"})"),
       {"cloudtrail.amazonaws.com", "", "cloudtrail.amazonaws.com", "AWSService", "", "service", ""}},
      {"SAMLUser",
       record(R"({"type":"SAMLUser","principalId":"SAMLqualifier=:alice@example.com","userName":"alice@example.com",
                  "identityProvider":"SAMLqualifier="})"),
       {"SAMLqualifier=:alice@example.com", "", "alice@example.com", "SAMLUser", "", "human", ""}},
      {"SAMLUser whose subject is made up for each sign-in: the session name tells",
       record(R"({"type":"SAMLUser","principalId":"SAMLqualifier=:_5f1e","userName":"_5f1e",
                  "identityProvider":"SAMLqualifier="})",
              R"(,"responseElements":{"subjectType":"transient",
                  "assumedRoleUser":{"assumedRoleId":"AROAEXAMPLE0000000001:alice"}})"),
       {"SAMLqualifier=:alice", "", "alice", "SAMLUser", "", "human", ""}},
      {"SAMLUser: the session's name, which the provider chose, tells",
       record(R"({"type":"SAMLUser","principalId":"SAMLqualifier=:00u1","userName":"00u1",
                  "identityProvider":"SAMLqualifier="})",
              R"(,"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/Deploy","roleSessionName":"alice",
                  "principalArn":"arn:aws:iam::111122223333:saml-provider/idp"})"),
       {"arn:aws:iam::111122223333:saml-provider/idp/alice", "", "alice", "SAMLUser", "111122223333", "human", ""}},
      {"SAMLUser whom IAM Identity Center lets in",
       record(R"({"type":"SAMLUser","principalId":"SAMLqualifier=:alice","userName":"alice",
                  "identityProvider":"SAMLqualifier="})",
              R"(,"requestParameters":{"roleSessionName":"alice",
                  "roleArn":"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b",
                  "principalArn":"arn:aws:iam::111122223333:saml-provider/AWSSSO_0a1b_DO_NOT_DELETE"})"),
       {"sso.amazonaws.com/alice", "", "alice", "SAMLUser", "111122223333", "human", ""}},
      {"WebIdentityUser, a person",
       record(R"({"type":"WebIdentityUser","principalId":"accounts.google.com:app:1234","userName":"1234",
                  "identityProvider":"accounts.google.com"})"),
       {"accounts.google.com:app:1234", "", "1234", "WebIdentityUser", "", "human", ""}},
      {"WebIdentityUser, a workload",
       record(R"({"type":"WebIdentityUser","userName":"repo:example/app:ref:refs/heads/main",
                  "principalId":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com:sts.amazonaws.com:repo:example/app:ref:refs/heads/main",
                  "identityProvider":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"})"),
       {"arn:aws:iam::111122223333:oidc-provider/"
        "token.actions.githubusercontent.com:sts.amazonaws.com:repo:example/app:ref:refs/heads/main",
        "", "repo:example/app:ref:refs/heads/main", "WebIdentityUser", "", "service", ""}},
      {"IdentityCenterUser",
       record(R"({"type":"IdentityCenterUser","accountId":"111122223333","onBehalfOf":{"userId":"94d00cd8-e9e6",
                  "identityStoreArn":"arn:aws:identitystore::111122223333:identitystore/d-90675"},
                  "credentialId":"90e292de"})"),
       {"arn:aws:identitystore::111122223333:identitystore/d-90675/user/94d00cd8-e9e6", "", "94d00cd8-e9e6",
        "IdentityCenterUser", "111122223333", "human", ""}},
      {"Unknown, signing in to Identity Center",
       sign_in(R"({"type":"Unknown","principalId":"","accountId":"111122223333",
                   "userName":"HIDDEN_DUE_TO_SECURITY_REASONS"})",
               R"(,"additionalEventData":{"UserName":"alice"})"),
       {"sso.amazonaws.com/alice", "", "alice", "Unknown", "111122223333", "human", ""}},
      {"Unknown, signing in to Identity Center: the account's id is not who signs in",
       sign_in(R"({"type":"Unknown","principalId":"111122223333","arn":"","accountId":"111122223333",
                   "userName":"user1"})"),
       {"sso.amazonaws.com/user1", "", "user1", "Unknown", "111122223333", "human", ""}},
      {"Unknown, with the name elsewhere",
       sign_in(R"({"type":"Unknown","principalId":"111122223333","arn":"","accountId":"111122223333"})",
               R"(,"additionalEventData":{"UserName":"user2"})"),
       {"sso.amazonaws.com/user2", "", "user2", "Unknown", "111122223333", "human", ""}},
      {"Unknown, of another service",
       record(R"({"type":"Unknown","principalId":"111122223333","arn":"","accountId":"111122223333",
                  "userName":"user1"})"),
       {"user1", "", "user1", "Unknown", "111122223333", "human", ""}},
      {"Unknown, without any name: the account is all that is known",
       sign_in(R"({"type":"Unknown","principalId":"111122223333","arn":"","accountId":"111122223333"})"),
       {"111122223333", "", "111122223333", "Unknown", "111122223333", "human", ""}},
      {"IdentityCenterUser with the account's id",
       record(R"({"type":"IdentityCenterUser","principalId":"111122223333","accountId":"111122223333",
                  "userName":"user1"})"),
       {"sso.amazonaws.com/user1", "", "user1", "IdentityCenterUser", "111122223333", "human", ""}},
      {"a type from the future is read by its ARN",
       record(R"({"type":"Starship","arn":"arn:aws:sts::111122223333:assumed-role/Deploy/i-0abc"})"),
       {"arn:aws:iam::111122223333:role/Deploy", "i-0abc", "i-0abc", "Starship", "111122223333", "role", ""}},
      {"no type: AWS did it",
       record(R"({"accountId":"111122223333","invokedBy":"ec2.amazonaws.com"})"),
       {"ec2.amazonaws.com", "", "ec2.amazonaws.com", "", "111122223333", "service", ""}},
      {"userIdentity is null", record("null"), {"anonymous", "", "anonymous", "", "", "anonymous", ""}},
      {"userIdentity is no object", record(R"("alice")"), {"anonymous", "", "anonymous", "", "", "anonymous", ""}},
      {"no userIdentity: CloudTrail writes an Insight, whatever it is about",
       R"({"eventType":"AwsCloudTrailInsight","insightDetails":{"eventSource":"ec2.amazonaws.com"}})",
       {"cloudtrail.amazonaws.com", "", "cloudtrail.amazonaws.com", "", "", "service", ""}},
      {"nothing at all", "{}", {"anonymous", "", "anonymous", "", "", "anonymous", ""}},
  });
}

TEST(Principal, WhoHasNoNameIsTheAccountAndNeverTheServiceThatWasCalled) {
  const std::string account = "111122223333";
  expect_principals({
      {"a user",
       record(R"({"type":"IAMUser","accountId":"111122223333"})"),
       {account, "", account, "IAMUser", account, "human", ""}},
      {"a user, and no account",
       record(R"({"type":"IAMUser"})"),
       {"unknown", "", "unknown", "IAMUser", "", "human", ""}},
      {"a sign-in under a name that no user has",
       record(R"({"type":"IAMUser","accountId":"111122223333","accessKeyId":"",
                  "userName":"HIDDEN_DUE_TO_SECURITY_REASONS"})"),
       {account, "", account, "IAMUser", account, "human", ""}},
      {"the same, where nothing else is known",
       record(R"({"type":"Unknown","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"})"),
       {"anonymous", "", "anonymous", "Unknown", "", "anonymous", ""}},
      {"a role's session",
       record(R"({"type":"AssumedRole","accountId":"111122223333"})"),
       {account, "", account, "AssumedRole", account, "role", ""}},
      {"a service", record(R"({"type":"AWSService"})"), {"unknown", "", "unknown", "AWSService", "", "service", ""}},
      {"somebody from an identity provider",
       record(R"({"type":"SAMLUser"})"),
       {"unknown", "", "unknown", "SAMLUser", "", "human", ""}},
      {"nobody, about something",
       record(R"({"accountId":"111122223333"})", R"(,"resources":[{"ARN":"arn:aws:s3:::logs"}])"),
       {account, "", "arn:aws:s3:::logs", "", account, "anonymous", ""}},
      {"what a service does of its own accord",
       record(R"({"accountId":"111122223333"})", R"(,"eventType":"AwsServiceEvent")"),
       {"s3.amazonaws.com", "", "s3.amazonaws.com", "", account, "service", ""}},
  });
}

TEST(Principal, AUserWithATemporaryKeyAndAnEmptyIssuerIsThatUserInTheConsole) {
  expect_principals({
      {"console",
       record(R"({"type":"IAMUser","principalId":"AIDAEXAMPLE0000000001","arn":"arn:aws:iam::111122223333:user/alice",
                  "accountId":"111122223333","accessKeyId":"ASIAEXAMPLE000000001","userName":"alice",
                  "sessionContext":{"sessionIssuer":{},"webIdFederationData":{},
                  "attributes":{"creationDate":"2026-01-15T10:00:00Z","mfaAuthenticated":"true"}},
                  "invokedBy":"signin.amazonaws.com"})"),
       {"arn:aws:iam::111122223333:user/alice", "", "alice", "IAMUser", "111122223333", "human",
        "ASIAEXAMPLE000000001"}},
      {"a failed sign-in has no ARN",
       record(R"({"type":"IAMUser","principalId":"AIDAEXAMPLE0000000001","accountId":"111122223333","accessKeyId":"",
                  "userName":"alice"})"),
       {"arn:aws:iam::111122223333:user/alice", "", "alice", "IAMUser", "111122223333", "human", ""}},
      {"a failed sign-in in GovCloud",
       R"({"awsRegion":"us-gov-west-1","userIdentity":{"type":"IAMUser","accountId":"111122223333","userName":"alice"}})",
       {"arn:aws-us-gov:iam::111122223333:user/alice", "", "alice", "IAMUser", "111122223333", "human", ""}},
      {"no user name, but an ARN",
       record(
           R"({"type":"IAMUser","principalId":"AIDAEXAMPLE0000000001","arn":"arn:aws:iam::111122223333:user/ops/bob"})"),
       {"arn:aws:iam::111122223333:user/ops/bob", "", "bob", "IAMUser", "111122223333", "human", ""}},
  });
}

TEST(Principal, CallsWithoutUserNameFallBackToWhatElseNamesThem) {
  expect_principals({
      {"RDS' Decrypt: AWS Internal says nothing, the encryption context names the database",
       R"({"eventSource":"kms.amazonaws.com","eventName":"Decrypt",
           "userIdentity":{"type":"AWSService","invokedBy":"AWS Internal"},
           "requestParameters":{"encryptionContext":{"aws:rds:db-id":"db-EXAMPLE1"}},
           "resources":[{"ARN":"arn:aws:kms:us-east-1:111122223333:key/1"}]})",
       {"AWS Internal", "", "db-EXAMPLE1", "AWSService", "", "service", ""}},
      {"the same with an account and no type",
       R"({"eventSource":"kms.amazonaws.com","eventName":"Decrypt",
           "userIdentity":{"accountId":"111122223333","invokedBy":"AWS Internal"},
           "requestParameters":null,"resources":[{"ARN":"arn:aws:kms:us-east-1:111122223333:key/1"}]})",
       {"AWS Internal", "", "arn:aws:kms:us-east-1:111122223333:key/1", "", "111122223333", "service", ""}},
      {"Lambda's Decrypt: the session is the function",
       R"({"eventSource":"kms.amazonaws.com","eventName":"Decrypt",
           "userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE0000000001:resize-images",
           "arn":"arn:aws:sts::111122223333:assumed-role/lambda-basic/resize-images","accountId":"111122223333",
           "sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/lambda-basic",
           "userName":"lambda-basic"}}},
           "requestParameters":{"encryptionContext":{"aws:lambda:FunctionArn":"arn:aws:lambda:eu-west-1:1:function:x"}}})",
       {"arn:aws:iam::111122223333:role/lambda-basic", "resize-images", "resize-images", "AssumedRole", "111122223333",
        "role", ""}},
      {"TrustedAdvisor: the service",
       record(R"({"accountId":"111122223333","invokedBy":"trustedadvisor.amazonaws.com"})"),
       {"trustedadvisor.amazonaws.com", "", "trustedadvisor.amazonaws.com", "", "111122223333", "service", ""}},
      {"TrustedAdvisor by its service-linked role: the service too",
       record(R"({"type":"AssumedRole","principalId":"AROAEXAMPLE0000000001:TrustedAdvisor_111122223333_1",
                  "arn":"arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForTrustedAdvisor/TrustedAdvisor_111122223333_1",
                  "accountId":"111122223333","invokedBy":"trustedadvisor.amazonaws.com","sessionContext":{
                  "sessionIssuer":{"type":"Role","userName":"AWSServiceRoleForTrustedAdvisor",
                  "arn":"arn:aws:iam::111122223333:role/aws-service-role/trustedadvisor.amazonaws.com/AWSServiceRoleForTrustedAdvisor"}}})"),
       {"arn:aws:iam::111122223333:role/aws-service-role/trustedadvisor.amazonaws.com/AWSServiceRoleForTrustedAdvisor",
        "TrustedAdvisor_111122223333_1", "trustedadvisor.amazonaws.com", "AssumedRole", "111122223333", "service", ""}},
      {"a service-linked role whose caller AWS does not name",
       record(
           R"({"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForRDS/SLRManagement",
                  "accountId":"111122223333","invokedBy":"AWS Internal"})"),
       {"arn:aws:iam::111122223333:role/AWSServiceRoleForRDS", "SLRManagement", "AWSServiceRoleForRDS", "AssumedRole",
        "111122223333", "service", ""}},
      {"a service-linked role by its path, which names the service",
       record(
           R"({"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForRDS/SLRManagement",
                  "accountId":"111122223333","invokedBy":"AWS Internal","sessionContext":{"sessionIssuer":{
                  "arn":"arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"}}})"),
       {"arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS", "SLRManagement",
        "rds.amazonaws.com", "AssumedRole", "111122223333", "service", ""}},
      {"a service with an id of its own is named by invokedBy",
       record(R"({"type":"AWSService","principalId":"logs.us-east-1.amazonaws.com","accountId":"111122223333",
                  "invokedBy":"cloudtrail.amazonaws.com"})"),
       {"cloudtrail.amazonaws.com", "", "cloudtrail.amazonaws.com", "AWSService", "111122223333", "service", ""}},
      {"a service acting for a user is that user",
       record(R"({"type":"IAMUser","principalId":"AIDAEXAMPLE0000000001","arn":"arn:aws:iam::111122223333:user/alice",
                  "accountId":"111122223333","userName":"alice","invokedBy":"cloudformation.amazonaws.com"})"),
       {"arn:aws:iam::111122223333:user/alice", "", "alice", "IAMUser", "111122223333", "human", ""}},
  });
}

TEST(Principal, PeopleWhoShareARoleAreTwoPrincipalsAndAMachineRolesSessionsAreOne) {
  const auto session = [](std::string_view role_path, std::string_view role, std::string_view session_name,
                          std::string_view more = "") {
    const std::string r(role), s(session_name);
    return record(R"({"type":"AssumedRole","principalId":"AROAEXAMPLE0000000001:)" + s +
                  R"(","arn":"arn:aws:sts::111122223333:assumed-role/)" + r + "/" + s +
                  R"(","accountId":"111122223333","sessionContext":{"sessionIssuer":{"type":"Role","userName":")" + r +
                  R"(","arn":"arn:aws:iam::111122223333:role/)" + std::string(role_path) + r + R"("})" +
                  std::string(more) + "}}");
  };
  const auto principal_of = [](std::string_view json) {
    const FieldTable fields;
    OwnedEvent event(fields, json);
    Principal out;
    resolve_principal(*event, out);
    return out;
  };
  const struct {
    std::string_view name, path, role, one, other, more;
    bool same;
    std::string_view kind;
  } cases[] = {
      {"an Identity Center permission set", "aws-reserved/sso.amazonaws.com/", "AWSReservedSSO_Admin_0a1b2c3d4e5f6071",
       "alice", "bob", "", false, "human"},
      {"sessions of a role that are named like mail addresses", "", "Operators", "alice@example.com", "bob@example.com",
       "", true, "role"},
      {"a web identity", "", "Mobile", "alice", "bob",
       R"(,"webIdFederationData":{"federatedProvider":"accounts.google.com"})", false, "human"},
      {"pods of a cluster", "", "Api", "botocore-session-1700000001", "botocore-session-1700000002",
       R"(,"webIdFederationData":{"federatedProvider":"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"})",
       true, "role"},
      {"a workload of an issuer that is not known as one", "", "Api", "botocore-session-1700000001", "1700000002",
       R"(,"webIdFederationData":{"federatedProvider":"arn:aws:iam::111122223333:oidc-provider/oidc.example.com"})",
       true, "role"},
      {"builds behind a proxy of their issuer", "", "Api", "GitHubActions", "GitHubActions-2",
       R"(,"webIdFederationData":{"federatedProvider":"arn:aws:iam::111122223333:oidc-provider/ci.example.com"})", true,
       "role"},
      {"an identity pool, which names all sessions alike", "", "Mobile", "CognitoIdentityCredentials",
       "CognitoIdentityCredentials", R"(,"webIdFederationData":{"federatedProvider":"cognito-identity.amazonaws.com"})",
       true, "role"},
      {"instances", "", "Web", "i-0123456789abcdef0", "i-0123456789abcdef1", "", true, "role"},
      {"functions", "service-role/", "Resize", "resize-a", "resize-b", "", true, "role"},
      {"a service-linked role", "aws-service-role/rds.amazonaws.com/", "AWSServiceRoleForRDS", "SLRManagement", "x@y.z",
       "", true, "service"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Principal one = principal_of(session(c.path, c.role, c.one, c.more));
    const Principal other = principal_of(session(c.path, c.role, c.other, c.more));
    EXPECT_EQ(one.principal == other.principal, c.same) << one.principal << ' ' << other.principal;
    EXPECT_EQ(one.kind, c.kind);
    EXPECT_EQ(one.session, c.one);
    if (!c.same) {
      EXPECT_EQ(one.name, c.one);
      EXPECT_EQ(one.principal, "arn:aws:iam::111122223333:role/" + std::string(c.path) + std::string(c.role) + "/" +
                                   std::string(c.one));
    }
  }
  EXPECT_EQ(principal_of(session("", "Api", "botocore-session-1700000001")).name, "Api");
  EXPECT_EQ(principal_of(session("", "Api", "1700000001")).name, "Api");
  EXPECT_EQ(principal_of(session("", "Web", "i-0123456789abcdef0")).name, "i-0123456789abcdef0");
}

TEST(Principal, OfDuplicateKeysTheFirstCounts) {
  expect_principals({
      {"a second ARN is smuggled in",
       record(
           R"({"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/alice","arn":"arn:aws:iam::111122223333:user/bob",
                  "userName":"alice","userName":"bob"})"),
       {"arn:aws:iam::111122223333:user/alice", "", "alice", "IAMUser", "111122223333", "human", ""}},
  });
}

}  // namespace
}  // namespace tripline::engine
