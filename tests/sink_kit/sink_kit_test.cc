// What every sink that sends by HTTP must do, whatever its receiver does. A new kind is a row in
// tests/support/sink_kinds.cc. Of those that write lines see line_kit_test.cc.

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include <gtest/gtest.h>

#include "alerts/sender.h"
#include "tests/support/messages.h"
#include "tests/support/places.h"
#include "tests/support/scripted_server.h"
#include "tests/support/sink_kinds.h"
#include "tests/support/slow_evaluate.h"

namespace tripline::alerts {
namespace {

using std::chrono::seconds;
using tests::KitKind;
using tests::ScriptedAnswer;
using tests::ScriptedServer;
using Kind = Verdict::Kind;

class SinkKit : public testing::TestWithParam<KitKind> {
 protected:
  /// Its own settings and those that let it reach a server of the test.
  Given settings(const std::string& url, const Given& more = {{"allow", "127.0.0.1"}}) const {
    Given given = GetParam().settings(url);
    given.insert(given.end(), more.begin(), more.end());
    return given;
  }

  std::shared_ptr<Sender> sender(const Given& given) {
    Carriers carriers;
    carriers.http = &client_;
    carriers.aws = [](engine::EventTime, auto done) {
      done(connectors::net::AwsCredentials{"AKIDEXAMPLE", "aws-secret-111", "aws-token-222"});
    };
    carriers.aws_refused = [this] { ++refused_; };
    return tests::make_sender(GetParam().name, given, carriers);
  }

  static Message message() { return tests::message_of(tests::full_signal()); }

  Sent send(const ScriptedServer& server, const Given& more = {{"allow", "127.0.0.1"}}) {
    return tests::send_and_wait(*sender(settings(server.url(), more)), {message()});
  }

  /// The verdict of the only message.
  static Verdict only(const Sent& sent) {
    EXPECT_EQ(sent.verdicts.size(), 1u);
    return sent.verdicts.empty() ? Verdict{} : sent.verdicts.front();
  }

  void expect_no_secret(const Sent& sent) const {
    for (const std::string& secret : GetParam().secrets) {
      EXPECT_EQ(sent.said.find(secret), std::string::npos) << sent.said;
      for (const Verdict& verdict : sent.verdicts)
        EXPECT_EQ(verdict.why.find(secret), std::string::npos) << verdict.why;
    }
  }

  HttpClient client_;
  int refused_ = 0;
};

TEST_P(SinkKit, DeliversWhenTheReceiverAccepts) {
  ScriptedServer server([](const auto& request) { return ScriptedAnswer{202, GetParam().accepts(request)}; });
  const Sent sent = send(server);
  EXPECT_EQ(only(sent).kind, Kind::kDelivered) << only(sent).why;
  EXPECT_EQ(only(sent).why, "");
  EXPECT_EQ(sent.status, 202);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_P(SinkKit, DeliversMoreThanOneRequestHolds) {
  ScriptedServer server([](const auto& request) { return ScriptedAnswer{200, GetParam().accepts(request)}; });
  std::vector<Message> messages(23, message());
  const Sent sent = tests::send_and_wait(*sender(settings(server.url())), messages);
  ASSERT_EQ(sent.verdicts.size(), 23u);
  for (const Verdict& verdict : sent.verdicts) EXPECT_EQ(verdict.kind, Kind::kDelivered) << verdict.why;
  const std::size_t batch = find_sink_kind(GetParam().name)->batch;
  EXPECT_EQ(server.requests().size(), (23 + batch - 1) / batch);
}

TEST_P(SinkKit, GivesUpAMessageThatIsRefused) {
  for (const int status : {400, 413, 422}) {
    ScriptedServer server({{status, "no"}});
    const Verdict verdict = only(send(server));
    EXPECT_EQ(verdict.kind, Kind::kGiveUp) << status;
    EXPECT_FALSE(verdict.of_sink) << status;
    EXPECT_NE(verdict.why.find(std::to_string(status)), std::string::npos) << verdict.why;
  }
}

TEST_P(SinkKit, GivesUpOfManyOnlyTheOneThatIsRefused) {
  const std::string bad = "bad00000000000000000000000000bad";
  ScriptedServer server([&](const auto& request) {
    if (request.body.find(bad) != std::string::npos) return ScriptedAnswer{400, "no"};
    return ScriptedAnswer{200, GetParam().accepts(request)};
  });
  constexpr std::size_t kMessages = 23;
  for (const std::size_t at : {0u, 7u, 22u}) {
    std::vector<Message> messages;
    for (std::size_t i = 0; i < kMessages; ++i) {
      auto signal = tests::full_signal();
      signal->id = i == at ? bad : std::to_string(10'000 + i);
      messages.push_back(tests::message_of(signal));
    }
    const auto before = server.requests().size();
    const Sent sent = tests::send_and_wait(*sender(settings(server.url())), messages);
    ASSERT_EQ(sent.verdicts.size(), kMessages);
    for (std::size_t i = 0; i < kMessages; ++i) {
      EXPECT_EQ(sent.verdicts[i].kind, i == at ? Kind::kGiveUp : Kind::kDelivered) << i << sent.verdicts[i].why;
    }
    std::map<std::string, int> taken;  // by id: what was accepted came once
    const auto requests = server.requests();
    for (const auto& request : std::span(requests).subspan(before)) {
      if (request.body.find(bad) != std::string::npos) continue;
      for (const Message& message : messages) {
        const std::string& id = message.told.front().signal->id;
        taken[id] += request.body.find(message.key) != std::string::npos ? 1 : 0;
      }
    }
    for (const auto& [id, times] : taken) EXPECT_EQ(times, id == bad ? 0 : 1) << id;
    EXPECT_LE(requests.size() - before, kMessages + 1);
  }
}

TEST_P(SinkKit, SaysWhenTheReceiverWouldTakeNoOtherEither) {
  for (const int status : {301, 401, 403, 404, 410}) {
    ScriptedServer server({{status, "no"}});
    const Verdict verdict = only(send(server));
    EXPECT_EQ(verdict.kind, Kind::kGiveUp) << status;
    EXPECT_TRUE(verdict.of_sink) << status;
  }
}

TEST_P(SinkKit, WaitsAsLongAsTheReceiverWants) {
  ScriptedServer server(
      {{429, "slower", {{"retry-after", "7"}}}, {503, "", {{"Retry-After", "Fri, 20 Nov 2026 10:08:00 GMT"}}}});
  Verdict verdict = only(send(server));
  EXPECT_EQ(verdict.kind, Kind::kRetry);
  EXPECT_EQ(verdict.after, seconds{7});
  verdict = only(send(server));
  EXPECT_EQ(verdict.kind, Kind::kRetry);
  EXPECT_EQ(verdict.after, seconds{60});
}

TEST_P(SinkKit, TriesAgainWhenTheReceiverFails) {
  for (const int status : {500, 502, 503, 504}) {
    ScriptedServer server({{status, "oops"}});
    const Verdict verdict = only(send(server));
    EXPECT_EQ(verdict.kind, Kind::kRetry) << status;
    EXPECT_EQ(verdict.after, std::nullopt) << status;
  }
}

TEST_P(SinkKit, TriesAgainWhenTheAnswerDoesNotEnd) {
  using End = ScriptedAnswer::End;
  const struct {
    std::string_view name;
    ScriptedAnswer answer;
    std::string limit;
  } cases[] = {{"silence", {200, "ok", {}, End::kSilent}, "100ms"},
               {"a slow drip", {200, std::string(10'000, 'x'), {}, End::kDrip}, "100ms"},
               {"a reset in the body", {200, std::string(10'000, 'x'), {}, End::kReset}, "20s"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    ScriptedServer server({c.answer});
    const Sent sent = send(server, {{"allow", "127.0.0.1"}, {"timeout", c.limit}});
    EXPECT_EQ(only(sent).kind, Kind::kRetry);
    EXPECT_TRUE(only(sent).of_sink);
    EXPECT_NE(only(sent).why, "");
    EXPECT_EQ(sent.status, 0);
    expect_no_secret(sent);
  }
}

TEST_P(SinkKit, ReadsNoMoreThanItsCapOfAnAnswer) {
  ScriptedServer server({{500, std::string(8 << 20, 'x')}});
  EXPECT_EQ(only(send(server)).kind, Kind::kRetry);
  EXPECT_EQ(client_.counters().cut_answers, 1u);
  EXPECT_LT(only(send(server)).why.size(), 400u);
}

TEST_P(SinkKit, SendsNothingOverTlsThatItCannotTrust) {
  const tests::TemporaryFolder folder;
  const tests::TestCertificates certificates(folder.path().string());
  ScriptedServer server(
      [](const auto& request) {
        return ScriptedAnswer{200, GetParam().accepts(request)};
      },
      {certificates.server_cert_file, certificates.server_key_file, ""});
  const Sent sent = send(server);
  EXPECT_EQ(only(sent).kind, Kind::kRetry);
  EXPECT_NE(only(sent).why.find("certificate"), std::string::npos) << only(sent).why;
  EXPECT_EQ(server.requests().size(), 0u);
  expect_no_secret(sent);
  const Sent trusted = send(server, {{"allow", "127.0.0.1"}, {"ca_file", certificates.ca_file}});
  EXPECT_EQ(only(trusted).kind, Kind::kDelivered) << only(trusted).why;
}

TEST_P(SinkKit, ShowsNoSecretThatTheReceiverRepeats) {
  ScriptedServer server([](const connectors::net::HttpRequest& request) {
    std::string all = request.head.target + "\n";
    for (const auto& [name, value] : request.head.headers) all += name + ": " + value + "\n";
    return ScriptedAnswer{400, all + request.body};
  });
  const Sent sent = send(server);
  EXPECT_EQ(only(sent).kind, Kind::kGiveUp);
  expect_no_secret(sent);
}

TEST_P(SinkKit, SendsTheSameKeyAtEveryAttempt) {
  ScriptedServer server({{500, ""}});
  send(server);
  send(server);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2u);
  const std::string key = message().key;
  std::string dashed = key;
  std::replace(dashed.begin(), dashed.end(), '.', '-');  // Standard Webhooks has no dot in it
  for (const auto& request : requests) {
    std::string all = request.body;
    for (const auto& [name, value] : request.head.headers) all += "\n" + value;
    EXPECT_TRUE(all.find(key) != std::string::npos || all.find(dashed) != std::string::npos) << all;
  }
  EXPECT_EQ(requests[0].body, requests[1].body);
}

TEST_P(SinkKit, GoesNowhereItMayNot) {
  ScriptedServer server({{200, "ok"}});
  const Sent sent = send(server, {});
  EXPECT_EQ(only(sent).kind, Kind::kRetry);
  EXPECT_NE(only(sent).why.find("loopback"), std::string::npos) << only(sent).why;
  EXPECT_EQ(server.connections(), 0u);
  EXPECT_EQ(client_.counters().refused_addresses, 1u);
}

TEST_P(SinkKit, DoesNotFollowRedirects) {
  ScriptedServer other({{200, "ok"}});
  ScriptedServer server({{307, "", {{"location", other.url()}}}});
  EXPECT_EQ(only(send(server)).kind, Kind::kGiveUp);
  EXPECT_EQ(other.requests().size(), 0u);
}

TEST_P(SinkKit, SendsWhateverIsInASignal) {
  ScriptedServer server([](const auto& request) { return ScriptedAnswer{200, GetParam().accepts(request)}; });
  for (const Message& one : tests::odd_messages()) {
    const Sent sent = tests::send_and_wait(*sender(settings(server.url())), {one});
    EXPECT_EQ(only(sent).kind, Kind::kDelivered) << only(sent).why;
  }
  for (const auto& request : server.requests()) {
    EXPECT_EQ(request.body.find("<!channel>"),
              GetParam().name == "slack" ? std::string::npos : request.body.find("<!channel>"));
    const std::string* type = request.head.find("content-type");
    ASSERT_NE(type, nullptr);
    if (type->find("json") == std::string::npos || type->find("ndjson") != std::string::npos) continue;
    EXPECT_TRUE(tests::is_json(request.body)) << request.body;
  }
}

INSTANTIATE_TEST_SUITE_P(All, SinkKit, testing::ValuesIn(tests::kit_kinds()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(SinkKitItself, TriesEveryKindThatSendsByHttp) {
  std::set<std::string_view> tried, all;
  for (const KitKind& kind : tests::kit_kinds()) tried.insert(kind.name);
  for (const SinkKind* kind : sink_kinds()) {
    if (kind->carrier == Carrier::kHttp || kind->carrier == Carrier::kAws) all.insert(kind->name);
  }
  EXPECT_EQ(tried, all);
}

}  // namespace
}  // namespace tripline::alerts
