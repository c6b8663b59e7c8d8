#include "tests/support/identities.h"

#include <atomic>

namespace tripline::tests {

namespace {

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string role_id(std::string_view role) { return "AROA" + std::string(role) + "ID"; }

std::string role_arn(char digit, std::string_view role) {
  return "arn:aws:iam::" + account(digit) + ":role/path/" + std::string(role);
}

std::string session_arn(char digit, std::string_view role, std::string_view name) {
  return "arn:aws:sts::" + account(digit) + ":assumed-role/" + std::string(role) + "/" + std::string(name);
}

/// A new one for each record: two records are two events.
std::string event_id() {
  static std::atomic<int> next{0};
  return "00000000-0000-4000-8000-" + std::to_string(100000000000 + next++);
}

}  // namespace

std::string account(char digit) { return std::string(12, digit); }

std::string key(std::string_view name) {
  std::string out = "ASIA" + std::string(name);
  out.resize(20, 'X');
  return out;
}

std::string user(char digit, std::string_view name, std::string_view access_key) {
  const std::string n(name);
  return R"({"type":"IAMUser","principalId":"AIDA)" + n + R"(","arn":"arn:aws:iam::)" + account(digit) + ":user/" + n +
         R"(","accountId":)" + quoted(account(digit)) + R"(,"accessKeyId":)" +
         quoted(access_key.empty() ? "AKIA" + n : std::string(access_key)) + R"(,"userName":)" + quoted(n) + "}";
}

std::string session(const Session& of) {
  std::string out = R"({"type":"AssumedRole","principalId":)" + quoted(role_id(of.role) + ":" + of.name) +
                    R"(,"arn":)" + quoted(session_arn(of.account, of.role, of.name)) + R"(,"accountId":)" +
                    quoted(account(of.account));
  if (!of.access_key.empty()) out += R"(,"accessKeyId":)" + quoted(of.access_key);
  out += R"(,"sessionContext":{)" + of.context;
  if (!of.created.empty()) {
    out += R"("attributes":{"creationDate":)" + quoted(of.created) + R"(,"mfaAuthenticated":"false"},)";
  }
  return out + R"("sessionIssuer":{"type":"Role","principalId":)" + quoted(role_id(of.role)) + R"(,"arn":)" +
         quoted(role_arn(of.account, of.role)) + R"(,"accountId":)" + quoted(account(of.account)) + R"(,"userName":)" +
         quoted(of.role) + "}}}";
}

std::string service(std::string_view name) { return R"({"type":"AWSService","invokedBy":)" + quoted(name) + "}"; }

std::string outsider(char digit, std::string_view role, std::string_view name) {
  return R"({"type":"AWSAccount","principalId":)" + quoted(role_id(role) + ":" + std::string(name)) +
         R"(,"accountId":)" + quoted(account(digit)) + "}";
}

std::string call(std::string_view time, std::string_view identity, std::string_view name, std::string_view more) {
  return R"({"eventVersion":"1.08","eventTime":)" + quoted(time) +
         R"(,"eventSource":"ec2.amazonaws.com","awsRegion":"us-east-1","eventName":)" + quoted(name) +
         R"(,"eventID":)" + quoted(event_id()) + R"(,"userIdentity":)" + std::string(identity) + std::string(more) +
         "}";
}

std::string assume(const Assume& of) {
  const bool is_service = of.identity.find("AWSService") != std::string::npos;  // they tell neither
  std::string out =
      R"({"eventVersion":"1.08","eventTime":)" + quoted(of.time) +
      R"(,"eventSource":"sts.amazonaws.com","awsRegion":"us-east-1","eventName":"AssumeRole","eventID":)" +
      quoted(event_id()) + R"(,"userIdentity":)" + of.identity + R"(,"requestParameters":{"roleArn":)" +
      quoted(role_arn(of.account, of.role)) + R"(,"roleSessionName":)" + quoted(of.session) +
      (is_service ? "" : R"(,"durationSeconds":)" + std::to_string(of.lifetime)) +
      R"(},"responseElements":{"credentials":{"accessKeyId":)" + quoted(of.access_key) +
      R"(,"expiration":"soon","sessionToken":"EXAMPLE"})";
  if (!is_service) {
    out += R"(,"assumedRoleUser":{"assumedRoleId":)" + quoted(role_id(of.role) + ":" + of.session) + R"(,"arn":)" +
           quoted(session_arn(of.account, of.role, of.session)) + "}";
  }
  out += "}";
  if (!of.shared.empty()) out += R"(,"sharedEventID":)" + quoted(of.shared);
  return out + R"(,"recipientAccountId":)" + quoted(account(of.recipient != 0 ? of.recipient : of.account)) + "}";
}

}  // namespace tripline::tests
