#include "alerts/http_client.h"

#include <atomic>

#include <gtest/gtest.h>

#include "tests/support/messages.h"
#include "tests/support/places.h"
#include "tests/support/scripted_server.h"

namespace tripline::alerts {
namespace {

using std::chrono::milliseconds;
using tests::exchange;
using tests::ScriptedAnswer;
using tests::ScriptedServer;

HttpPolicy local(milliseconds total = milliseconds{20'000}) {
  HttpPolicy policy;
  policy.total_limit = total;
  policy.guard = AddressGuard({"127.0.0.1"});
  return policy;
}

TEST(HttpClient, SendsWhatItWasGivenAndBringsBackTheAnswer) {
  ScriptedServer server({{201, "made", {{"X-Name", "  a value "}}}});
  HttpClient client;
  const auto done = exchange(client,
                             {.method = "PUT",
                              .url = server.url() + "/a/../b?c=%20d",
                              .headers = {{"x-own", "1"}, {"x-empty", ""}},
                              .body = "hello"},
                             local());
  EXPECT_EQ(done.failure, HttpFailure::kNone) << done.why;
  EXPECT_EQ(done.response.status, 201);
  EXPECT_EQ(done.response.body, "made");
  ASSERT_NE(done.response.find("x-name"), nullptr);
  EXPECT_EQ(*done.response.find("x-name"), "a value");
  EXPECT_GT(done.took.count(), 0);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].head.method, "PUT");
  EXPECT_EQ(requests[0].head.target, "/a/../b?c=%20d") << "what is signed may not be changed";
  EXPECT_EQ(requests[0].body, "hello");
  ASSERT_NE(requests[0].head.find("x-own"), nullptr);
  ASSERT_NE(requests[0].head.find("x-empty"), nullptr);
  EXPECT_EQ(requests[0].head.find("content-type"), nullptr);
  EXPECT_EQ(requests[0].head.find("expect"), nullptr);
}

TEST(HttpClient, KeepsConnections) {
  ScriptedServer server({{200, "ok"}});
  HttpClient client;
  for (int i = 0; i < 5; ++i) exchange(client, {.url = server.url()}, local());
  EXPECT_EQ(server.requests().size(), 5u);
  EXPECT_EQ(server.connections(), 1u);
}

TEST(HttpClient, SaysWhyThereIsNoAnswer) {
  using End = ScriptedAnswer::End;
  const std::string body(200'000, 'x');
  const struct {
    std::string_view name;
    ScriptedAnswer answer;
    HttpFailure failure;
  } cases[] = {
      {"silence", {200, body, {}, End::kSilent}, HttpFailure::kTimeout},
      {"a byte now and then", {200, body.substr(0, 50'000), {}, End::kDrip}, HttpFailure::kTimeout},
      {"a reset in the body", {200, body.substr(0, 50'000), {}, End::kReset}, HttpFailure::kBroken},
  };
  HttpClient client;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    ScriptedServer server({c.answer});
    const auto done = exchange(client, {.url = server.url() + "/path-secret"},
                               local(c.failure == HttpFailure::kTimeout ? milliseconds{150} : milliseconds{20'000}));
    EXPECT_EQ(row_of(done.failure).label, row_of(c.failure).label) << done.why;
    EXPECT_EQ(done.why, "127.0.0.1: " + std::string(row_of(c.failure).meaning));
    EXPECT_EQ(done.response.status, 0) << "no answer counts that did not end";
  }
  int free_port = 0;
  {
    ScriptedServer gone({{200, ""}});
    free_port = gone.port();
  }
  EXPECT_EQ(exchange(client, {.url = "http://127.0.0.1:" + std::to_string(free_port)}, local()).failure,
            HttpFailure::kConnect);
  EXPECT_EQ(exchange(client, {.url = "http://no-such-host.invalid"}, local()).failure, HttpFailure::kResolve);
  EXPECT_EQ(exchange(client, {.url = "file:///etc/passwd"}, local()).failure, HttpFailure::kRequest);
  EXPECT_EQ(exchange(client, {.url = "http://127.0.0.1", .headers = {{"x", "a\r\nhost: other"}}}, local()).failure,
            HttpFailure::kRequest);
  EXPECT_EQ(client.counters().requests, 7u);
  EXPECT_EQ(client.counters().failures[static_cast<int>(HttpFailure::kTimeout)], 2u);
}

TEST(HttpClient, ReadsNoMoreOfAnAnswerThanItsCap) {
  ScriptedServer server({{202, std::string(5 << 20, 'x')}});
  HttpClient client;
  HttpPolicy policy = local();
  policy.most_response_bytes = 1000;
  const auto done = exchange(client, {.url = server.url()}, policy);
  EXPECT_EQ(done.failure, HttpFailure::kNone) << done.why;
  EXPECT_EQ(done.response.status, 202);
  EXPECT_EQ(done.response.body.size(), 1000u);
  EXPECT_TRUE(done.response.cut);
  EXPECT_EQ(client.counters().cut_answers, 1u);
}

TEST(HttpClient, DoesNotFollowRedirects) {
  ScriptedServer other({{200, "ok"}});
  ScriptedServer server({{307, "", {{"location", other.url() + "/elsewhere"}}}});
  HttpClient client;
  EXPECT_EQ(exchange(client, {.url = server.url()}, local()).response.status, 307);
  EXPECT_EQ(other.requests().size(), 0u);
}

TEST(HttpClient, GoesNowhereItMayNotBeItByNameOrByAddress) {
  ScriptedServer server({{200, "ok"}});
  const std::string port = std::to_string(server.port());
  const struct {
    std::string host;
    std::vector<std::string> allowed;
    bool refused;
  } cases[] = {
      {"127.0.0.1", {}, true},
      {"127.1", {}, true},
      {"2130706433", {}, true},
      {"localhost", {}, true},
      {"[::1]", {}, true},
      {"[::ffff:127.0.0.1]", {}, true},
      {"0.0.0.0", {}, true},
      {"169.254.169.254", {}, true},
      {"localhost", {"other"}, true},
      {"localhost", {"127.0.0.0/8"}, false},
      {"localhost", {"LOCALHOST"}, false},
      {"127.0.0.1", {"localhost"}, true},
  };
  HttpClient client;
  std::uint64_t refused = 0, sent = 0;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.host);
    HttpPolicy policy;
    policy.guard = AddressGuard(c.allowed);
    const auto done = exchange(client, {.url = "http://" + c.host + ":" + port}, policy);
    EXPECT_EQ(done.failure == HttpFailure::kRefusedAddress, c.refused) << done.why;
    ++(c.refused ? refused : sent);
    EXPECT_EQ(server.requests().size(), sent);
    EXPECT_EQ(client.counters().refused_addresses, refused);
  }
}

TEST(HttpClient, ChecksAKeptConnectionForWhoeverUsesItNext) {
  ScriptedServer server({{200, "ok"}});
  HttpClient client;
  const std::string url = "http://localhost:" + std::to_string(server.port());
  HttpPolicy free;
  free.guard = AddressGuard({"127.0.0.0/8"});
  ASSERT_EQ(exchange(client, {.url = url}, free).failure, HttpFailure::kNone);
  EXPECT_EQ(exchange(client, {.url = url}, {}).failure, HttpFailure::kRefusedAddress);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(HttpClient, TrustsNoCertificateButThoseOfItsAuthorities) {
  const tests::TemporaryFolder folder;
  const tests::TestCertificates certificates(folder.path().string());
  ScriptedServer server({{200, "ok"}}, {certificates.server_cert_file, certificates.server_key_file, ""});
  HttpClient client;
  HttpPolicy policy = local();
  auto done = exchange(client, {.url = server.url() + "/path-secret"}, policy);
  EXPECT_EQ(done.failure, HttpFailure::kTls);
  EXPECT_NE(done.why.find("certificate"), std::string::npos) << done.why;
  EXPECT_EQ(done.why.find("path-secret"), std::string::npos) << done.why;
  policy.ca_file = certificates.ca_file;
  done = exchange(client, {.url = server.url()}, policy);
  EXPECT_EQ(done.failure, HttpFailure::kNone) << done.why;
  EXPECT_EQ(server.requests().size(), 1u);
  policy.ca_file = "/nowhere.pem";
  EXPECT_EQ(exchange(client, {.url = server.url()}, policy).failure, HttpFailure::kTls);
}

TEST(HttpClient, ShowsItsOwnCertificateWhereOneIsAskedFor) {
  const tests::TemporaryFolder folder;
  const tests::TestCertificates certificates(folder.path().string());
  ScriptedServer server({{200, "ok"}},
                        {certificates.server_cert_file, certificates.server_key_file, certificates.ca_file});
  HttpClient client;
  HttpPolicy policy = local();
  policy.ca_file = certificates.ca_file;
  EXPECT_NE(exchange(client, {.url = server.url()}, policy).failure, HttpFailure::kNone);
  policy.client_cert_file = certificates.client_cert_file;
  policy.client_key_file = certificates.client_key_file;
  const auto done = exchange(client, {.url = server.url()}, policy);
  EXPECT_EQ(done.failure, HttpFailure::kNone) << done.why;
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(HttpClient, GoesThroughAProxyThatItIsTold) {
  ScriptedServer proxy({{200, "from the proxy"}});
  HttpClient client;
  HttpPolicy policy;
  policy.proxy = proxy.url();
  auto done = exchange(client, {.url = "http://receiver.example/hook"}, policy);
  EXPECT_EQ(done.response.body, "from the proxy") << done.why;
  ASSERT_EQ(proxy.requests().size(), 1u);
  EXPECT_EQ(proxy.requests()[0].head.target, "http://receiver.example/hook");
  done = exchange(client, {.url = "http://169.254.169.254/latest"}, policy);
  EXPECT_EQ(done.failure, HttpFailure::kRefusedAddress);
  EXPECT_EQ(proxy.requests().size(), 1u);
}

TEST(HttpClient, EndsWhatIsOnItsWayWhenItIsDestroyed) {
  ScriptedServer server({{200, "", {}, ScriptedAnswer::End::kSilent}});
  std::atomic<int> stopped{0};
  {
    HttpClient client;
    const auto policy = std::make_shared<const HttpPolicy>(local());
    for (int i = 0; i < 8; ++i) {
      client.send({.url = server.url()}, policy,
                  [&](const Exchange& done) { stopped += done.failure == HttpFailure::kStopped; });
    }
  }
  EXPECT_EQ(stopped, 8);
}

TEST(HttpClient, SendsSideBySide) {
  ScriptedServer silent({{200, "", {}, ScriptedAnswer::End::kSilent}});
  ScriptedServer quick({{200, "ok"}});
  HttpClient client;
  for (int i = 0; i < 50; ++i) {
    client.send({.url = silent.url()}, std::make_shared<const HttpPolicy>(local()), [](const Exchange&) {});
  }
  EXPECT_EQ(exchange(client, {.url = quick.url()}, local()).failure, HttpFailure::kNone);
}

TEST(AddressGuard, RefusesIPv4InsideOfIPv6) {
  const AddressGuard guard;
  const struct {
    std::string_view address;
    std::string_view why;
  } cases[] = {
      {"127.0.0.1", "loopback"},
      {"10.0.0.1", ""},
      {"203.0.113.7", ""},
      {"169.254.170.2", "link-local"},
      {"224.0.0.1", "multicast"},
      {"255.255.255.255", "reserved"},
      {"::", "unspecified"},
      {"::1", "loopback"},
      {"fe80::1", "link-local"},
      {"fd00:ec2::254", "metadata"},
      {"ff02::1", "multicast"},
      {"2001:db8::1", ""},
      {"64:ff9b::a9fe:a9fe", "link-local"},
      {"2002:7f00:1::", "loopback"},
      {"fd00::1", ""},
      {"64:ff9b::cb00:7107", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(guard.refusal("h", *engine::parse_address(c.address)), c.why) << c.address;
}

}  // namespace
}  // namespace tripline::alerts
