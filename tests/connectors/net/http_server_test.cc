#include "connectors/net/http_server.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/http_client.h"
#include "tests/support/http_service.h"

namespace tripline::connectors::net {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using tests::chunked;
using tests::get;
using tests::HttpClient;
using tests::post;

/// A server on a port of its own that says back what it is sent.
struct Echo {
  explicit Echo(HttpServer::Options options = {}, Admission admission = {}) {
    echo.admission = std::move(admission);
    if (options.listeners.empty()) options.listeners.emplace_back();
    server.emplace(std::move(options), echo.service());
    if (const auto started = server->start(); !started) throw std::runtime_error(started.error().message);
  }

  std::uint16_t port() const { return server->port(); }
  std::uint64_t ends(HttpEnd end) const { return server->counters().of(end); }

  tests::EchoService echo;
  std::optional<HttpServer> server;
};

TEST(HttpServer, AnswersWithLengthAndTypeAndKeepsTheConnection) {
  Echo echo;
  HttpClient client(echo.port());
  const auto first = client.ask(post("/a?b=%20", "body"));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->status, 200);
  EXPECT_EQ(first->body, "POST /a?b=%20 body");
  EXPECT_EQ(first->header("content-type"), "text/plain");
  EXPECT_EQ(first->header("content-length"), "18");
  EXPECT_EQ(first->header("content-encoding"), "");
  EXPECT_EQ(first->header("connection"), "");
  EXPECT_THAT(first->header("date"), ::testing::MatchesRegex("[A-Z][a-z][a-z], [0-9]+ .* GMT"));
  EXPECT_EQ(client.ask(get("/b"))->body, "GET /b ");
  const auto handled = echo.echo.handled();
  ASSERT_EQ(handled.size(), 2u);
  EXPECT_EQ(handled[0].head.peer, "127.0.0.1");
  EXPECT_FALSE(handled[0].head.tls);
}

TEST(HttpServer, AnswersRequestsThatCameAtOnceInTheirOrder) {
  Echo echo;
  HttpClient client(echo.port());
  client.send(post("/1", "x") + get("/2") + post("/3", std::string(100'000, 'y')) + "\r\n" + get("/4"));
  EXPECT_EQ(client.answer()->body, "POST /1 x");
  EXPECT_EQ(client.answer()->body, "GET /2 ");
  EXPECT_EQ(client.answer()->body.size(), 8u + 100'000);
  EXPECT_EQ(client.answer()->body, "GET /4 ");
}

TEST(HttpServer, KeepsAConnectionOfHttp10OnlyIfAsked) {
  Echo echo;
  HttpClient client(echo.port());
  const auto kept = client.ask("GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
  EXPECT_EQ(kept->body, "GET /a ");
  EXPECT_EQ(kept->header("connection"), "keep-alive");
  const auto last = client.ask("GET /b HTTP/1.0\r\n\r\n");
  EXPECT_EQ(last->body, "GET /b ");
  EXPECT_EQ(last->header("connection"), "close");
  EXPECT_EQ(client.rest(), "");
}

TEST(HttpServer, ClosesAfterTheAnswerWhenThePeerSaysSo) {
  Echo echo;
  HttpClient client(echo.port());
  client.send(get("/a", "Connection: x, close\r\n") + get("/never"));
  EXPECT_EQ(client.answer()->header("connection"), "close");
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(echo.echo.handled().size(), 1u);
}

TEST(HttpServer, SendsNoBodyToHeadAndWith204) {
  Echo echo;
  HttpClient client(echo.port());
  client.send("HEAD /abc HTTP/1.1\r\nHost: h\r\n\r\n" + get("/none") + get("/after"));
  const auto head = client.answer(true);
  EXPECT_EQ(head->header("content-length"), "10");  // of "HEAD /abc "
  const auto none = client.answer();
  EXPECT_EQ(none->status, 204);
  EXPECT_EQ(none->header("content-length"), "");
  EXPECT_EQ(none->header("content-type"), "");
  EXPECT_EQ(client.answer()->body, "GET /after ");
}

TEST(HttpServer, ReadsBodiesInChunksAndAfterItHasSaidContinue) {
  Echo echo;
  HttpClient client(echo.port());
  const std::string head = "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n";
  client.send(head + "\r\n" + chunked("hello, chunks", 5));
  EXPECT_EQ(client.answer()->body, "POST /c hello, chunks");
  client.send(head + "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.answer()->status, 100);
  client.send(chunked("later", 2));
  EXPECT_EQ(client.answer()->body, "POST /c later");
}

TEST(HttpServer, RefusesBeforeTheBodyIsSent) {
  Echo echo;
  HttpClient client(echo.port());
  client.send("POST /refused HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n");
  const auto refused = client.answer();
  EXPECT_EQ(refused->status, 401);
  EXPECT_EQ(refused->header("connection"), "close");
  EXPECT_EQ(client.rest(), "");
}

TEST(HttpServer, LetsAPeerThatIsStillSendingReadTheRefusal) {
  Echo echo;
  HttpClient client(echo.port());
  client.send(post("/refused", std::string(std::size_t{8} << 20, 'x')));
  EXPECT_EQ(client.answer()->status, 401);
}

TEST(HttpServer, Answers500WhenTheServiceThrowsDropsOrSaysWhatCannotBeSent) {
  Echo echo;
  HttpClient client(echo.port());
  for (const std::string path : {"/throws", "/drops", "/splits"}) {
    SCOPED_TRACE(path);
    const auto failed = client.ask(get(path));
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->status, 500);
    EXPECT_EQ(failed->header("x-evil"), "");
    EXPECT_THAT(failed->body, HasSubstr("could not be answered"));
  }
  EXPECT_EQ(client.ask(get("/throws-early"))->status, 500);
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(echo.ends(HttpEnd::kServiceFailed), 4u);
}

TEST(HttpServer, TakesAnAnswerFromAnyThreadMuchLater) {
  Echo echo;
  HttpClient client(echo.port());
  client.send(get("/wait") + get("/behind"));
  auto reply = echo.echo.waiting();
  EXPECT_EQ(echo.server->counters().open_requests, 1u);
  EXPECT_EQ(echo.echo.handled().size(), 1u);  // the one behind it is not read before
  std::thread([reply = std::move(reply)] { reply({.body = "late"}); }).join();
  EXPECT_EQ(client.answer()->body, "late");
  EXPECT_EQ(client.answer()->body, "GET /behind ");
}

TEST(HttpServer, OutlivesAPeerThatLeavesBeforeItsAnswer) {
  Echo echo;
  Reply reply;
  {
    HttpClient client(echo.port());
    client.send(get("/wait"));
    reply = echo.echo.waiting();
    client.reset();
  }
  reply({.body = "nobody hears it"});
  reply({.body = "and twice"});
  EXPECT_EQ(HttpClient(echo.port()).ask(get("/next"))->status, 200);
}

TEST(HttpServer, HarmlessToAReplyThatOutlivesIt) {
  Reply reply;
  {
    Echo echo;
    HttpClient client(echo.port());
    client.send(get("/wait"));
    reply = echo.echo.waiting();
    EXPECT_EQ(echo.server->stop(milliseconds{0}), 1u);
    EXPECT_EQ(client.rest(), "");
    EXPECT_EQ(echo.ends(HttpEnd::kCutAtStop), 1u);
  }
  reply({.body = "too late"});
}

TEST(HttpServer, StopsInTwoSteps) {
  Echo echo;
  HttpClient idle(echo.port());
  EXPECT_EQ(idle.ask(get("/"))->status, 200);
  HttpClient busy(echo.port());
  busy.send(get("/wait"));
  auto reply = echo.echo.waiting();

  echo.server->drain();
  EXPECT_EQ(idle.rest(), "");
  EXPECT_THROW(HttpClient(echo.port()), std::runtime_error);
  std::thread stopping([&] { EXPECT_EQ(echo.server->stop(std::chrono::minutes{1}), 0u); });
  reply({.body = "done"});
  const auto last = busy.answer();
  EXPECT_EQ(last->body, "done");
  EXPECT_EQ(last->header("connection"), "close");
  EXPECT_EQ(busy.rest(), "");
  busy.finish();
  stopping.join();
  EXPECT_EQ(echo.server->counters().open_connections, 0u);
}

TEST(HttpServer, SaysWhichAddressItCannotHave) {
  Echo echo;
  HttpServer second({.listeners = {{.port = echo.port()}}}, echo.echo.service());
  const auto taken = second.start();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, engine::ErrorCode::kIo);
  EXPECT_EQ(taken.error().message, "127.0.0.1:" + std::to_string(echo.port()) + ": Address already in use");
  HttpServer nowhere({.listeners = {{.address = "localhost"}}}, echo.echo.service());
  EXPECT_EQ(nowhere.start().error().message, "'localhost' is no IPv4 or IPv6 address");
}

TEST(HttpServer, ListensAtSeveralAddresses) {
  HttpServer::Options options;
  options.listeners = {{.address = "127.0.0.1"}, {.address = "::1"}};
  Echo echo(options);
  EXPECT_EQ(HttpClient(echo.server->port(0)).ask(get("/4"))->status, 200);
  EXPECT_EQ(HttpClient(echo.server->port(1), "::1").ask(get("/6"))->status, 200);
  EXPECT_EQ(echo.echo.handled()[1].head.peer, "::1");
}

}  // namespace
}  // namespace tripline::connectors::net
