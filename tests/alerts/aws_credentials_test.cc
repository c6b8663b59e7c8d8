#include <future>
#include <map>

#include <gtest/gtest.h>

#include "alerts/aws_credential_chain.h"
#include "alerts/aws_profile.h"
#include "tests/support/messages.h"
#include "tests/support/scripted_server.h"

namespace tripline::alerts {
namespace {

using connectors::net::AwsCredentials;
using engine::EventTime;
using engine::Result;
using std::chrono::minutes;
using std::chrono::seconds;
using tests::ScriptedAnswer;
using tests::ScriptedServer;

const EventTime kNoon = *engine::parse_time("2026-01-15T12:00:00Z");

/// Surroundings of a test: variables, files, and answers by `METHOD URL`. What is asked for is kept; held requests are
/// answered when the test says so.
struct Fake {
  std::map<std::string, std::string> variables, files;
  std::map<std::string, Exchange> answers;
  std::vector<Request> asked;
  bool hold = false;
  std::vector<std::function<void()>> held;

  AwsSurroundings surroundings() {
    return {.variable = [this](std::string_view name) { return variables[std::string(name)]; },
            .read_file = [this](const std::string& path) -> Result<std::string> {
              const auto at = files.find(path);
              if (at == files.end()) return engine::fail(engine::ErrorCode::kIo, path + " cannot be read");
              return at->second;
            },
            .fetch =
                [this](Request request, auto, AwsSurroundings::Exchanged done) {
                  asked.push_back(request);
                  const auto at = answers.find(request.method + " " + request.url);
                  Exchange exchange;
                  exchange.response.status = 404;
                  if (at != answers.end()) exchange = at->second;
                  const auto answer = [done, exchange] { done(exchange); };
                  if (hold) held.push_back(answer);
                  if (!hold) answer();
                }};
  }

  void answer(const std::string& what, std::string body) {
    answers[what] = {};
    answers[what].response = {.status = 200, .headers = {}, .body = std::move(body)};
  }

  void on_an_instance(EventTime expires, const std::string& key = "AKIDI") {
    answer("PUT http://169.254.169.254/latest/api/token", "imds-token");
    answer("GET http://169.254.169.254/latest/meta-data/iam/security-credentials/", "soc role\n");
    answer("GET http://169.254.169.254/latest/meta-data/iam/security-credentials/soc%20role",
           R"({"Code":"Success","AccessKeyId":")" + key + R"(","SecretAccessKey":"s","Token":"t","Expiration":")" +
               engine::format_time(expires) + "\"}");
  }
};

std::string text(const Result<AwsCredentials>& result) {
  if (!result) return "error: " + result.error().message;
  return result->key_id + " " + result->secret + " " + result->session_token;
}

std::string got(AwsCredentialChain& chain, EventTime now) {
  std::string answer = "nothing yet";
  chain.get(now, [&](const Result<AwsCredentials>& result) { answer = text(result); });
  return answer;
}

TEST(AwsCredentials, ComeFromTheFirstSourceThatApplies) {
  const std::string session =
      R"({"AccessKeyId":"AKIDC","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-15T18:00:00Z"})";
  const std::string sts =
      "<AssumeRoleWithWebIdentityResponse><Credentials><AccessKeyId>AKIDW</AccessKeyId><SecretAccessKey>s"
      "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-01-15T18:00:00Z</Expiration></Credentials>"
      "</AssumeRoleWithWebIdentityResponse>";
  Fake all;
  all.variables = {{"AWS_ACCESS_KEY_ID", "AKIDE"},
                   {"AWS_SECRET_ACCESS_KEY", "s"},
                   {"AWS_SESSION_TOKEN", "t"},
                   {"AWS_WEB_IDENTITY_TOKEN_FILE", "/token"},
                   {"AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/soc"},
                   {"AWS_REGION", "eu-west-1"},
                   {"AWS_PROFILE", "soc"},
                   {"HOME", "/home/soc"},
                   {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/x"},
                   {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token"}};
  all.files = {{"/token", "web-token\n"},
               {"/home/soc/.aws/credentials",
                "[soc]\naws_access_key_id = AKIDP\naws_secret_access_key=s\naws_session_token = t\n"}};
  all.answer("POST https://sts.eu-west-1.amazonaws.com/", sts);
  all.answer("GET http://169.254.170.2/v2/credentials/x", session);
  all.on_an_instance(kNoon + minutes{360});
  const struct {
    std::string_view name;
    std::vector<std::string> without;
    std::string credentials;
  } cases[] = {
      {"environment", {}, "AKIDE s t"},
      {"web identity", {"AWS_ACCESS_KEY_ID"}, "AKIDW s t"},
      {"profile", {"AWS_ROLE_ARN"}, "AKIDP s t"},
      {"container", {"AWS_PROFILE"}, "AKIDC s t"},
      {"instance", {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"}, "AKIDI s t"},
  };
  ASSERT_EQ(std::size(cases), aws_credential_sources().size());
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    SCOPED_TRACE(cases[i].name);
    EXPECT_EQ(aws_credential_sources()[i].name, cases[i].name);
    for (const auto& variable : cases[i].without) all.variables.erase(variable);
    EXPECT_EQ(got(*AwsCredentialChain::make(all.surroundings()), kNoon), cases[i].credentials);
  }
  EXPECT_NE(all.asked[0].body.find("WebIdentityToken=web-token"), std::string::npos) << all.asked[0].body;
  EXPECT_EQ(all.asked[1].headers.at(0).second, "container-token");
  EXPECT_EQ(all.asked[3].headers.at(0).second, "imds-token");
}

TEST(AwsCredentials, AreFetchedAgainBeforeTheyEnd) {
  Fake fake;
  fake.on_an_instance(kNoon + minutes{60}, "ONE");
  const auto chain = AwsCredentialChain::make(fake.surroundings());
  EXPECT_EQ(got(*chain, kNoon), "ONE s t");
  EXPECT_EQ(got(*chain, kNoon + minutes{44}), "ONE s t");
  EXPECT_EQ(fake.asked.size(), 3u);
  fake.on_an_instance(kNoon + minutes{120}, "TWO");
  EXPECT_EQ(got(*chain, kNoon + minutes{46}), "ONE s t") << "fetched in the background: nobody waits for it";
  EXPECT_EQ(fake.asked.size(), 6u);
  EXPECT_EQ(got(*chain, kNoon + minutes{46}), "TWO s t");
  EXPECT_EQ(fake.asked.size(), 6u);
}

TEST(AwsCredentials, GoOnWhileTheyAreGoodWhenFetchingFails) {
  Fake fake;
  fake.on_an_instance(kNoon + minutes{60}, "ONE");
  const auto chain = AwsCredentialChain::make(fake.surroundings());
  got(*chain, kNoon);
  fake.answers.clear();
  EXPECT_EQ(got(*chain, kNoon + minutes{59} + seconds{30}), "ONE s t") << "their last half minute";
  EXPECT_EQ(fake.asked.size(), 4u);
  EXPECT_EQ(got(*chain, kNoon + minutes{59} + seconds{40}), "ONE s t");
  EXPECT_EQ(fake.asked.size(), 4u) << "there is a pause between attempts";
  EXPECT_EQ(got(*chain, kNoon + minutes{61}), "error: instance: no token: status 404");
  EXPECT_EQ(got(*chain, kNoon + minutes{61}), "error: instance: no token: status 404");
  EXPECT_EQ(fake.asked.size(), 5u);
  fake.on_an_instance(kNoon + minutes{120}, "TWO");
  EXPECT_EQ(got(*chain, kNoon + minutes{62}), "TWO s t");
}

TEST(AwsCredentials, AreFetchedOnceForAllWhoWait) {
  Fake fake;
  fake.on_an_instance(kNoon + minutes{60});
  fake.hold = true;
  const auto chain = AwsCredentialChain::make(fake.surroundings());
  std::vector<std::string> answers;
  for (int i = 0; i < 3; ++i) {
    chain->get(kNoon, [&](const Result<AwsCredentials>& result) { answers.push_back(text(result)); });
  }
  EXPECT_EQ(fake.asked.size(), 1u);
  while (!fake.held.empty()) {
    const auto answer = fake.held.front();
    fake.held.erase(fake.held.begin());
    answer();
  }
  EXPECT_EQ(answers, (std::vector<std::string>{"AKIDI s t", "AKIDI s t", "AKIDI s t"}));
}

TEST(AwsCredentials, AreOthersWhenAwsRefusesThem) {
  Fake fake;
  fake.on_an_instance(kNoon + minutes{60}, "ONE");
  const auto chain = AwsCredentialChain::make(fake.surroundings());
  got(*chain, kNoon);
  fake.on_an_instance(kNoon + minutes{90}, "TWO");
  chain->refused();
  EXPECT_EQ(got(*chain, kNoon), "TWO s t");
}

TEST(AwsCredentials, SayWhatIsMissingAndNoSecret) {
  const struct {
    std::string_view name;
    std::map<std::string, std::string> variables, files;
    std::string error;
  } cases[] = {
      {"half a key",
       {{"AWS_ACCESS_KEY_ID", "A"}},
       {},
       "environment: AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"},
      {"no token file",
       {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}, {"AWS_ROLE_ARN", "r"}},
       {},
       "web identity: /t cannot be read"},
      {"no region",
       {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}, {"AWS_ROLE_ARN", "r"}},
       {{"/t", "secret-token"}},
       "web identity: AWS_REGION is not set, so STS cannot be found"},
      {"another kind of profile",
       {{"AWS_PROFILE", "p"}, {"AWS_CONFIG_FILE", "/c"}},
       {{"/c", "[profile p]\nrole_arn=r\n"}},
       "profile: it has no aws_access_key_id and aws_secret_access_key; other kinds of profiles are not read"},
      {"a container that is elsewhere",
       {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://203.0.113.7/c"}},
       {},
       "container: AWS_CONTAINER_CREDENTIALS_FULL_URI names another host by http"},
      {"a token of two lines",
       {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/c"},
        {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "secret\nx: y"}},
       {},
       "container: the authorization token has several lines"},
      {"nothing",
       {{"AWS_EC2_METADATA_DISABLED", "true"}},
       {},
       "instance: no other source applies, and AWS_EC2_METADATA_DISABLED is true"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Fake fake;
    fake.variables = c.variables;
    fake.files = c.files;
    EXPECT_EQ(got(*AwsCredentialChain::make(fake.surroundings()), kNoon), "error: " + c.error);
    EXPECT_EQ(fake.asked.size(), 0u);
  }
}

TEST(AwsCredentials, AreReadFromAServerThatIsReal) {
  ScriptedServer server([](const connectors::net::HttpRequest& request) {
    const std::string* token = request.head.find("x-aws-ec2-metadata-token");
    if (request.head.method == "PUT") return ScriptedAnswer{200, "imds-token"};
    if (token == nullptr || *token != "imds-token") return ScriptedAnswer{401, ""};
    if (request.head.target.ends_with("/")) return ScriptedAnswer{200, "soc"};
    return ScriptedAnswer{200, R"({"Code":"Success","AccessKeyId":"A","SecretAccessKey":"s","Token":"t",)"
                               R"("Expiration":"2026-01-15T18:00:00Z"})"};
  });
  HttpClient client;
  AwsSurroundings surroundings = real_surroundings(client);
  surroundings.variable = [&](std::string_view name) {
    return name == "AWS_EC2_METADATA_SERVICE_ENDPOINT" ? server.url() + "/" : std::string();
  };
  const auto chain = AwsCredentialChain::make(surroundings);
  std::promise<std::string> promise;
  auto future = promise.get_future();
  chain->get(kNoon, [&](const Result<AwsCredentials>& result) { promise.set_value(text(result)); });
  ASSERT_EQ(future.wait_for(seconds{30}), std::future_status::ready);
  EXPECT_EQ(future.get(), "A s t");
  EXPECT_EQ(server.requests().size(), 3u);
}

TEST(AwsProfile, IsReadAsAwsToolsDo) {
  const std::string credentials =
      "# ours\n[default]\naws_access_key_id=D\n\n[ soc ]\naws_access_key_id = S ; comment\nx=a#b\n";
  const std::string config =
      "[default]\nregion = eu-west-1\n[profile soc]\nregion=us-east-1\naws_access_key_id = overridden\ns3 =\n  region "
      "= nested\n"
      "[soc]\noutput=json\n";
  const struct {
    std::string_view name;
    Profile profile;
  } cases[] = {
      {"default", {{"aws_access_key_id", "D"}, {"region", "eu-west-1"}}},
      {"soc", {{"aws_access_key_id", "S"}, {"x", "a#b"}, {"region", "us-east-1"}, {"s3", ""}}},
      {"none", {}},
  };
  for (const auto& c : cases) EXPECT_EQ(read_profile(credentials, config, c.name), c.profile) << c.name;
}

}  // namespace
}  // namespace tripline::alerts
