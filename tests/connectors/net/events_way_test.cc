#include "connectors/net/events_way.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/deliveries.h"
#include "tests/support/direct_server.h"
#include "tests/support/slow_evaluate.h"

namespace tripline::connectors::net {
namespace {

using tests::DirectServer;

WaysIn::Options with_tokens() {
  WaysIn::Options options;
  options.access.event_tokens = {{"token-of-vector-01", "vector"}, {"token-of-fluent-02", "fluent-bit"}};
  options.max_event_bytes = 4096;
  return options;
}

HttpRequest post(std::string body, const std::string& authorization = "Bearer token-of-vector-01") {
  HttpRequest request;
  request.head.method = "POST";
  request.head.target = "/v1/events";
  request.head.headers = {{"host", "127.0.0.1:8443"}};
  if (!authorization.empty()) request.head.headers.emplace_back("authorization", authorization);
  request.body = std::move(body);
  return request;
}

std::string member(const std::string& json, std::string_view key) {
  for (const auto& member : tests::parse_json(json).members) {
    if (member.key == key) return member.value.text;
  }
  return {};
}

TEST(EventsWay, AcceptsOnceEverythingIsDurable) {
  DirectServer server(with_tokens());
  const auto& exchange = server.send(post(tests::record("CreateUser")));
  EXPECT_FALSE(exchange.answer);
  server.settle();
  ASSERT_TRUE(exchange.answer);
  EXPECT_EQ(exchange.answer->status, 200);
  EXPECT_EQ(exchange.answer->body,
            R"({"accepted":true,"bytes":)" + std::to_string(tests::record("CreateUser").size()) + "}");
  EXPECT_EQ(server.settled[0].source, "vector");
  EXPECT_EQ(server.settled[0].delivered, server.now);
  EXPECT_FALSE(server.settled[0].path.empty());
}

TEST(EventsWay, TakesEveryFormThatFilesMayHave) {
  const std::string one = tests::record("One"), two = tests::record("Two");
  // Vector sends arrays or lines; Fluent Bit too, with a `date` before the record's own keys.
  const std::string dated = R"({"date":1768471872.5,)" + one.substr(1);
  const std::pair<std::string, std::vector<std::string>> cases[] = {
      {one + "\n" + two + "\n", {one, two}},
      {"[" + one + "," + two + "]", {one, two}},
      {R"({"Records":[)" + one + "," + two + "]}", {one, two}},
      {" \n" + one, {one}},
      {tests::gzip(one + "\n" + two), {one, two}},
      {R"([{"message":)" + tests::json_string(one) + "}]", {one}},
      {dated, {dated}},
  };
  for (const auto& [body, records] : cases) {
    SCOPED_TRACE(body.substr(0, 80));
    DirectServer server(with_tokens());
    EXPECT_EQ(server.exchange(post(body))->status, 200);
    EXPECT_EQ(tests::read_body(*server.settled.at(0).body).records, records);
  }
}

TEST(EventsWay, RefusesWithAWordForProgramsAndASentenceForPeople) {
  HttpRequest get = post("");
  get.head.method = "GET";
  HttpRequest encoded = post("{}");
  encoded.head.headers.emplace_back("content-encoding", "zstd");
  const struct {
    std::string_view name;
    HttpRequest request;
    int status;
    std::string_view error;
  } cases[] = {
      {"no token", post("{}", ""), 401, "unauthorised"},
      {"a wrong token", post("{}", "Bearer token-of-vector-02"), 401, "unauthorised"},
      {"a token of another scheme", post("{}", "Basic token-of-vector-01"), 401, "unauthorised"},
      {"an empty token", post("{}", "Bearer "), 401, "unauthorised"},
      {"no body", post(""), 400, "bad_request"},
      {"no JSON", post("hello"), 400, "bad_request"},
      {"another method", get, 405, "bad_request"},
      {"another encoding", encoded, 400, "bad_request"},
      {"too much", post(std::string(4097, ' ')), 413, "too_large"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    DirectServer server(with_tokens());
    const auto answer = server.exchange(c.request);
    EXPECT_EQ(answer->status, c.status);
    EXPECT_EQ(member(answer->body, "accepted"), "false");
    EXPECT_EQ(member(answer->body, "error"), c.error);
    EXPECT_FALSE(member(answer->body, "message").empty());
    EXPECT_TRUE(server.settled.empty());
    EXPECT_EQ(server.ways.counters().rows().size(), 1u);
  }
}

TEST(EventsWay, AsksToComeAgainWhenItCannotTakeMore) {
  DirectServer server(with_tokens(), 100);
  const std::string body = "{\"a\":\"" + std::string(60, 'x') + "\"}";
  const auto& first = server.send(post(body));
  const auto& second = server.send(post(body));
  EXPECT_EQ(second.answer->status, 503);
  EXPECT_EQ(member(second.answer->body, "error"), "full");
  EXPECT_EQ(second.answer->headers, (std::vector<HttpHeader>{{"retry-after", "1"}}));
  server.durable = engine::fail(engine::ErrorCode::kIo, "the disk is gone");
  server.settle();
  EXPECT_EQ(first.answer->status, 503);
  EXPECT_EQ(member(first.answer->body, "error"), "failed");
  server.intake.close();
  EXPECT_EQ(member(server.exchange(post(body))->body, "error"), "stopping");
}

TEST(EventsWay, NamesTheSourceByItsToken) {
  DirectServer server(with_tokens());
  server.exchange(post("{}", "bearer  token-of-fluent-02"));
  EXPECT_EQ(server.settled.at(0).source, "fluent-bit");
  WaysIn::Options options;
  options.access.open_without_keys = true;
  DirectServer open(options);
  EXPECT_EQ(open.exchange(post("{}", ""))->status, 200);
  EXPECT_EQ(open.settled.at(0).source, "events");
  DirectServer closed({});
  EXPECT_EQ(closed.exchange(post("{}"))->status, 401);
}

}  // namespace
}  // namespace tripline::connectors::net
