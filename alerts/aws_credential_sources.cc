#include <algorithm>
#include <array>
#include <iterator>

#include <simdjson.h>

#include "alerts/address_guard.h"
#include "alerts/aws_answer.h"
#include "alerts/aws_credential_chain.h"
#include "alerts/aws_profile.h"
#include "alerts/aws_request.h"
#include "alerts/url.h"

namespace tripline::alerts {
namespace {

using connectors::net::AwsCredentials;
using Done = AwsCredentialSource::Done;
using engine::ErrorCode;
using engine::EventTime;
using engine::fail;
using engine::Result;
using std::chrono::milliseconds;

Result<AwsSession> failed(std::string why) { return fail(ErrorCode::kIo, std::move(why)); }

/// These addresses are what requests are else kept from; here they are the very ones.
std::shared_ptr<const HttpPolicy> policy_for(const std::string& url, milliseconds limit) {
  HttpPolicy policy;
  policy.connect_limit = policy.total_limit = limit;
  const auto parsed = parse_url(url);
  if (parsed) {
    std::string host = parsed->host;
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    policy.guard = AddressGuard({host});
  }
  return std::make_shared<const HttpPolicy>(std::move(policy));
}

std::string why_not(const Exchange& exchange) {
  if (exchange.failure != HttpFailure::kNone) return exchange.why;
  return "status " + std::to_string(exchange.response.status);
}

/// What containers and instances answer; nothing of it goes into an error.
Result<AwsSession> session_of(const Exchange& exchange) {
  if (exchange.failure != HttpFailure::kNone || exchange.response.status != 200) return failed(why_not(exchange));
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const std::string& body = exchange.response.body;
  if (parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS) return failed("the answer is no JSON");
  const auto text = [&](const char* key) {
    std::string_view value;
    return std::string(root[key].get(value) == simdjson::SUCCESS ? value : "");
  };
  if (const std::string code = text("Code"); !code.empty() && code != "Success")
    return failed("the answer is no success");
  AwsSession session{{text("AccessKeyId"), text("SecretAccessKey"), text("Token")},
                     engine::parse_time(text("Expiration"))};
  if (session.credentials.key_id.empty() || session.credentials.secret.empty()) return failed("the answer has no key");
  return session;
}

// --- environment ---

void from_environment(const AwsSurroundings& around, EventTime, Done done) {
  AwsSession session{{around.variable("AWS_ACCESS_KEY_ID"), around.variable("AWS_SECRET_ACCESS_KEY"),
                      around.variable("AWS_SESSION_TOKEN")}};
  if (session.credentials.secret.empty()) {
    done(failed("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"));
  } else {
    done(std::move(session));
  }
}

// --- web identity: a token in a file is exchanged for a role's credentials ---

Result<AwsSession> session_of_sts(const Exchange& exchange) {
  if (exchange.failure != HttpFailure::kNone) return failed(exchange.why);
  if (exchange.response.status != 200) {
    const auto fault = aws_fault(exchange.response);
    return failed(fault ? fault->code : why_not(exchange));
  }
  const auto text = [&](std::string_view name) {
    std::size_t from = 0;
    return xml_text(exchange.response.body, name, from).value_or("");
  };
  AwsSession session{{text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken")},
                     engine::parse_time(text("Expiration"))};
  if (session.credentials.key_id.empty() || session.credentials.secret.empty()) return failed("the answer has no key");
  return session;
}

std::string region_of(const AwsSurroundings& around) {
  const std::string region = around.variable("AWS_REGION");
  return region.empty() ? around.variable("AWS_DEFAULT_REGION") : region;
}

void from_web_identity(const AwsSurroundings& around, EventTime, Done done) {
  auto token = around.read_file(around.variable("AWS_WEB_IDENTITY_TOKEN_FILE"));  // it is renewed in its file
  if (!token) return done(failed(token.error().message));
  while (!token->empty() && static_cast<unsigned char>(token->back()) <= ' ') token->pop_back();
  const std::string own = around.variable("AWS_ENDPOINT_URL_STS");
  const std::string region = region_of(around);
  if (own.empty() && region.empty()) return done(failed("AWS_REGION is not set, so STS cannot be found"));
  const std::string name = around.variable("AWS_ROLE_SESSION_NAME");
  Request request{.url = own.empty() ? aws_endpoint("sts", region) + "/" : own,
                  .headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}}};
  request.body = form({{"Action", "AssumeRoleWithWebIdentity"},
                       {"Version", "2011-06-15"},
                       {"RoleArn", around.variable("AWS_ROLE_ARN")},
                       {"RoleSessionName", name.empty() ? "tripline" : name},
                       {"WebIdentityToken", *token}});
  HttpPolicy policy;
  if (!own.empty()) policy = *policy_for(own, milliseconds{10'000});
  around.fetch(std::move(request), std::make_shared<const HttpPolicy>(policy),
               [done](const Exchange& exchange) { done(session_of_sts(exchange)); });
}

// --- profile: the shared files ---

std::string file_of(const AwsSurroundings& around, std::string_view variable, std::string_view name) {
  const std::string path = around.variable(variable);
  return path.empty() ? around.variable("HOME") + "/.aws/" + std::string(name) : path;
}

Profile profile_of(const AwsSurroundings& around) {
  const auto text = [&](std::string_view variable, std::string_view name) {
    const auto file = around.read_file(file_of(around, variable, name));
    return file ? *file : std::string();
  };
  const std::string name = around.variable("AWS_PROFILE");
  return read_profile(text("AWS_SHARED_CREDENTIALS_FILE", "credentials"), text("AWS_CONFIG_FILE", "config"),
                      name.empty() ? "default" : name);
}

bool has_profile(const AwsSurroundings& around) {
  return !around.variable("AWS_PROFILE").empty() || profile_of(around).contains("aws_access_key_id");
}

void from_profile(const AwsSurroundings& around, EventTime, Done done) {
  const Profile profile = profile_of(around);
  const auto text = [&](const char* key) {
    const auto at = profile.find(key);
    return at == profile.end() ? std::string() : at->second;
  };
  AwsSession session{{text("aws_access_key_id"), text("aws_secret_access_key"), text("aws_session_token")}};
  if (session.credentials.key_id.empty() || session.credentials.secret.empty()) {
    done(failed("it has no aws_access_key_id and aws_secret_access_key; other kinds of profiles are not read"));
  } else {
    done(std::move(session));
  }
}

// --- container: ECS, EKS Pod Identity ---

constexpr milliseconds kContainerLimit{2'000};

bool in_container(const AwsSurroundings& around) {
  return !around.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").empty() ||
         !around.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI").empty();
}

/// A token must not go to anybody by http who is not the machine itself.
bool may_be_asked(const std::string& url) {
  constexpr std::string_view kHosts[] = {"localhost",     "127.0.0.1",      "[::1]",
                                         "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};
  const auto parsed = parse_url(url);
  if (!parsed) return false;
  return parsed->scheme == "https" || std::find(std::begin(kHosts), std::end(kHosts), parsed->host) != std::end(kHosts);
}

void from_container(const AwsSurroundings& around, EventTime, Done done) {
  const std::string relative = around.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string url =
      relative.empty() ? around.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") : "http://169.254.170.2" + relative;
  if (!may_be_asked(url)) return done(failed("AWS_CONTAINER_CREDENTIALS_FULL_URI names another host by http"));
  std::string token = around.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const auto path = around.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !path.empty()) {
    const auto file = around.read_file(path);
    if (!file) return done(failed(file.error().message));
    token = *file;
  }
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (token.find_first_of("\r\n") != std::string::npos)
    return done(failed("the authorization token has several lines"));
  Request request{.method = "GET", .url = url};
  if (!token.empty()) request.headers.emplace_back("authorization", token);
  around.fetch(std::move(request), policy_for(url, kContainerLimit),
               [done](const Exchange& exchange) { done(session_of(exchange)); });
}

// --- instance: EC2's metadata service, version 2 alone ---

constexpr milliseconds kInstanceLimit{1'000};
constexpr std::string_view kInstance = "http://169.254.169.254";
constexpr std::string_view kRoles = "/latest/meta-data/iam/security-credentials/";

/// Three requests: a token, the role's name, its credentials.
void from_instance(const AwsSurroundings& around, EventTime, Done done) {
  if (around.variable("AWS_EC2_METADATA_DISABLED") == "true") {
    return done(failed("no other source applies, and AWS_EC2_METADATA_DISABLED is true"));
  }
  const std::string own = around.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  std::string base = own.empty() ? std::string(kInstance) : own;
  while (base.ends_with('/')) base.pop_back();
  const auto policy = policy_for(base, kInstanceLimit);
  const auto fetch = around.fetch;
  const auto ask = [fetch, policy](const std::string& url, const std::string& token, AwsSurroundings::Exchanged then) {
    fetch({.method = "GET", .url = url, .headers = {{"x-aws-ec2-metadata-token", token}}}, policy, std::move(then));
  };
  const auto ok = [](const Exchange& exchange) {
    return exchange.failure == HttpFailure::kNone && exchange.response.status == 200;
  };
  fetch({.method = "PUT",
         .url = base + "/latest/api/token",
         .headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}}},
        policy, [=](const Exchange& first) {
          if (!ok(first)) return done(failed("no token: " + why_not(first)));
          const std::string token = first.response.body;
          ask(base + std::string(kRoles), token, [=](const Exchange& second) {
            if (!ok(second)) return done(failed("no role: " + why_not(second)));
            const std::string role = second.response.body.substr(0, second.response.body.find('\n'));
            ask(base + std::string(kRoles) + percent_encoded(role), token,
                [done](const Exchange& third) { done(session_of(third)); });
          });
        });
}

constexpr std::array kSources = {
    AwsCredentialSource{"environment", "`AWS_ACCESS_KEY_ID` is set.",
                        [](const AwsSurroundings& around) { return !around.variable("AWS_ACCESS_KEY_ID").empty(); },
                        &from_environment},
    AwsCredentialSource{"web identity", "`AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN` are set, as EKS does it.",
                        [](const AwsSurroundings& around) {
                          return !around.variable("AWS_WEB_IDENTITY_TOKEN_FILE").empty() &&
                                 !around.variable("AWS_ROLE_ARN").empty();
                        },
                        &from_web_identity},
    AwsCredentialSource{"profile", "`AWS_PROFILE` is set, or `~/.aws` has a default profile with keys.", &has_profile,
                        &from_profile},
    AwsCredentialSource{"container",
                        "`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `_FULL_URI` is set, as ECS and EKS do it.",
                        &in_container, &from_container},
    AwsCredentialSource{"instance", "Nothing else: the metadata service of EC2, version 2.",
                        [](const AwsSurroundings&) { return true; }, &from_instance},
};

}  // namespace

std::span<const AwsCredentialSource> aws_credential_sources() { return kSources; }

}  // namespace tripline::alerts
