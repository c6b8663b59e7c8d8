#include "connectors/net/http_limits.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "connectors/net/http_server.h"
#include "tests/support/http_client.h"
#include "tests/support/http_service.h"
#include "tests/support/places.h"

namespace tripline::connectors::net {
namespace {

using std::chrono::milliseconds;
using tests::get;
using tests::HttpClient;
using tests::post;

/// A server whose limits a test can reach. No test sleeps: each waits for the server's answer, or for its closing the
/// connection.
struct Server {
  explicit Server(const HttpLimits& limits) : server({.listeners = {{}}, .limits = limits}, echo.service()) {
    if (const auto started = server.start(); !started) throw std::runtime_error(started.error().message);
  }

  std::uint16_t port() const { return server.port(); }
  std::uint64_t ends(HttpEnd end) const { return server.counters().of(end); }

  tests::EchoService echo;
  HttpServer server;
};

TEST(HttpLimits, EndsAConnectionOnWhichNothingIsAsked) {
  HttpLimits limits;
  limits.idle_time = milliseconds{30};
  Server server(limits);
  HttpClient fresh(server.port());
  EXPECT_EQ(fresh.rest(), "");
  HttpClient used(server.port());
  EXPECT_EQ(used.ask(get("/") + "\r\n")->status, 200);  // one line end too many asks nothing
  EXPECT_EQ(used.rest(), "");
  EXPECT_EQ(server.ends(HttpEnd::kIdleTimeout), 2u);
}

TEST(HttpLimits, RefusesHeadersThatComeTooSlowly) {
  HttpLimits limits;
  limits.head_time = milliseconds{30};
  Server server(limits);
  HttpClient client(server.port());
  const auto late = client.ask("GET / HTTP/1.1\r\nHost");
  ASSERT_TRUE(late);
  EXPECT_EQ(late->status, 408);
  EXPECT_EQ(late->header("connection"), "close");
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(server.ends(HttpEnd::kHeadTimeout), 1u);
}

TEST(HttpLimits, RefusesABodyThatStalls) {
  HttpLimits limits;
  limits.stall_time = milliseconds{30};
  Server server(limits);
  server.echo.admission.refuse = [](int status, std::string_view) {
    return HttpResponse{.status = status, .body = "in the service's words"};
  };
  for (const std::string request : {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n123",
                                    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;"}) {
    HttpClient client(server.port());
    const auto late = client.ask(request);
    ASSERT_TRUE(late);
    EXPECT_EQ(late->status, 408);
    EXPECT_EQ(late->body, "in the service's words");
    EXPECT_EQ(client.rest(), "");
  }
  EXPECT_EQ(server.ends(HttpEnd::kBodyTimeout), 2u);
}

TEST(HttpLimits, RefusesABodyThatIsSlowerThanTheRate) {
  HttpLimits limits;
  limits.stall_time = milliseconds{1};
  limits.min_bytes_per_second = 1'000'000'000;  // 100 kB in 0.1 ms, and no more than 1.1 ms for all
  limits.request_time = milliseconds{20'000};
  Server server(limits);
  HttpClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n" + std::string(100'000, 'a'));
  EXPECT_EQ(client.answer()->status, 408);
}

TEST(HttpLimits, GivesABodyNoMoreThanARequestMayTake) {
  HttpLimits limits;
  limits.request_time = milliseconds{30};
  Server server(limits);
  HttpClient client(server.port());
  EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n123")->status, 408);
}

TEST(HttpLimits, Answers503WhenTheServiceTakesTooLong) {
  HttpLimits limits;
  limits.request_time = milliseconds{30};
  Server server(limits);
  HttpClient client(server.port());
  client.send(get("/wait") + get("/never"));
  const auto reply = server.echo.waiting();
  const auto late = client.answer();
  ASSERT_TRUE(late);
  EXPECT_EQ(late->status, 503);
  EXPECT_EQ(client.rest(), "");
  reply({.body = "nobody waits for it"});
  EXPECT_EQ(server.ends(HttpEnd::kAnswerTimeout), 1u);
  EXPECT_EQ(server.echo.handled().size(), 1u);
}

TEST(HttpLimits, CutsAPeerThatDoesNotReadItsAnswer) {
  HttpLimits limits;
  limits.stall_time = milliseconds{30};
  limits.min_bytes_per_second = std::size_t{1} << 40;
  Server server(limits);
  HttpClient client(server.port());
  client.shrink_receive_buffer();
  client.send(get("/large"));
  EXPECT_TRUE(client.wait_for_reset());
  EXPECT_EQ(server.ends(HttpEnd::kWriteTimeout), 1u);
}

TEST(HttpLimits, TurnsAwayWhomItHasNoRoomFor) {
  HttpLimits limits;
  limits.max_connections = 2;
  Server server(limits);
  HttpClient first(server.port());
  first.send(get("/wait"));
  const auto reply = server.echo.waiting();
  HttpClient second(server.port());
  second.send(get("/wait"));
  const auto other_reply = server.echo.waiting();
  HttpClient third(server.port());
  EXPECT_EQ(third.rest(), "");
  EXPECT_EQ(server.ends(HttpEnd::kTooManyConnections), 1u);

  reply({.body = "idle from now on"});
  EXPECT_EQ(first.answer()->body, "idle from now on");
  EXPECT_EQ(first.ask(get("/again"))->status, 200);
}

TEST(HttpLimits, ClosesAnIdleConnectionForANewOne) {
  HttpLimits limits;
  limits.max_connections = 1;
  Server server(limits);
  HttpClient idle(server.port());
  HttpClient next(server.port());
  EXPECT_EQ(idle.rest(), "");
  EXPECT_EQ(next.ask(get("/"))->status, 200);
  EXPECT_EQ(server.ends(HttpEnd::kIdleEvicted), 1u);
}

TEST(HttpLimits, GivesOneAddressItsShareAlone) {
  HttpLimits limits;
  limits.max_connections_per_address = 1;
  Server server(limits);
  HttpClient first(server.port());
  HttpClient second(server.port());
  EXPECT_EQ(second.rest(), "");
  EXPECT_EQ(first.ask(get("/"))->status, 200);
  EXPECT_EQ(server.ends(HttpEnd::kTooManyFromAddress), 1u);
}

TEST(HttpLimits, Answers503WhenAllBodiesTogetherAreTooLarge) {
  HttpLimits limits;
  limits.max_body_bytes_at_once = 100'000;
  Server server(limits);
  HttpClient small(server.port());
  EXPECT_EQ(small.ask(post("/", std::string(50'000, 'a')))->status, 200);
  HttpClient large(server.port());
  large.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + std::string(200'000, 'a'));
  EXPECT_EQ(large.answer()->status, 503);
  EXPECT_EQ(large.rest(), "");
  EXPECT_EQ(server.ends(HttpEnd::kTooManyBodies), 1u);
  EXPECT_EQ(server.server.counters().body_bytes, 0u);
}

TEST(HttpLimits, CountsPeersThatLeaveInTheMiddle) {
  Server server({});
  for (const std::string request : {"GET / HT", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n123"}) {
    HttpClient client(server.port());
    client.send(request);
    client.finish();
    EXPECT_EQ(client.rest(), "");
  }
  EXPECT_EQ(server.ends(HttpEnd::kPeerGone), 2u);
  EXPECT_TRUE(server.echo.handled().empty());
}

TEST(HttpLimits, CutsRequestsThatAreNotDoneWhenTheServerStops) {
  Server server({});
  HttpClient client(server.port());
  EXPECT_EQ(client.ask(get("/"))->status, 200);
  client.send(get("/wait"));
  const auto reply = server.echo.waiting();
  EXPECT_EQ(server.server.stop(milliseconds{10}), 1u);
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(server.ends(HttpEnd::kCutAtStop), 1u);
  EXPECT_EQ(server.server.counters().open_connections, 0u);
  EXPECT_EQ(server.server.counters().open_requests, 0u);
}

TEST(HttpLimits, HandsNothingOnOfWhatFollowsARefusedRequest) {
  Server server({});
  const std::string smuggled = get("/smuggled");
  const struct {
    std::string_view name;
    std::string text;
    int status;
  } cases[] = {
      {"length and chunks",
       "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"a blank before the colon", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 4\r\n\r\n", 400},
      {"a chunk's size", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n", 400},
      {"a bare line feed", "GET / HTTP/1.1\nHost: h\n\n", 400},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"too large a body", post("/", std::string(2 << 20, 'a')), 413},
      {"an unknown encoding", post("/", "abc", "Content-Encoding: br\r\n"), 415},
      {"an unknown expectation", post("/", "abc", "Expect: rain\r\n"), 417},
      {"a long request line", get("/" + std::string(9000, 'a')), 414},
      {"large headers", get("/", "A: " + std::string(140'000, 'a') + "\r\n"), 431},
      {"a later version", "GET / HTTP/1.9\r\nHost: h\r\n\r\n", 505},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    HttpClient client(server.port());
    client.send(c.text + smuggled);
    const auto refused = client.answer();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, c.status);
    EXPECT_EQ(refused->header("connection"), "close");
    EXPECT_EQ(client.rest(), "");
  }
  EXPECT_TRUE(server.echo.handled().empty());
}

TEST(HttpLimits, AreAllNamedInTheDocumentation) {
  const std::string text = tests::read_file(tests::repository() / "docs/architecture.md");
  for (const auto& row : kHttpEnds) {
    SCOPED_TRACE(row.label);
    const auto at = text.find("| `" + std::string(row.label) + "` |");
    ASSERT_NE(at, std::string::npos);
    const auto line = text.substr(at, text.find('\n', at) - at);
    EXPECT_NE(line.find(row.status == 0 ? "closed" : std::to_string(row.status)), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace tripline::connectors::net
