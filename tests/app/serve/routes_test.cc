#include "app/serve/routes.h"

#include <atomic>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

using connectors::net::HttpRequest;
using connectors::net::HttpResponse;

TEST(FitPath, TakesEachStarForOneSegment) {
  using Parts = std::vector<std::string>;
  const struct {
    std::string_view pattern, path;
    std::optional<Parts> expected;
  } cases[] = {
      {"/metrics", "/metrics", Parts{}},
      {"/metrics", "/metrics/", std::nullopt},
      {"/metrics", "/metric", std::nullopt},
      {"/signals/*", "/signals/a1", Parts{"a1"}},
      {"/signals/*", "/signals/", std::nullopt},
      {"/signals/*", "/signals/a/b", std::nullopt},
      {"/signals/*/close", "/signals/a%2Fb/close", Parts{"a/b"}},
      {"/signals/*", "/signals/100%", Parts{"100%"}},
      {"/*/*", "/a/b", Parts{"a", "b"}},
  };
  for (const auto& c : cases) EXPECT_EQ(fit_path(c.pattern, c.path), c.expected) << c.pattern << " " << c.path;
}

class RoutesTest : public testing::Test {
 protected:
  static std::vector<Route> routes() {
    const auto say = [](std::string what) {
      return [what](const HttpRequest&, const std::vector<std::string>& parts) {
        return HttpResponse{.body = what + (parts.empty() ? "" : " " + parts[0])};
      };
    };
    return {{"GET", "/open", Access::kOpen, say("open")},
            {"GET", "/read/*", Access::kRead, say("read")},
            {"POST", "/admin", Access::kAdmin, say("admin")},
            {"GET", "/broken", Access::kOpen, [](const HttpRequest&, const std::vector<std::string>&) -> HttpResponse {
               throw std::runtime_error("secret detail");
             }}};
  }
  static HttpResponse ask(Routes& routes, std::string method, std::string target, const std::string& token = "") {
    HttpRequest request;
    request.head.method = std::move(method);
    request.head.target = std::move(target);
    if (!token.empty()) request.head.headers.emplace_back("authorization", "Bearer " + token);
    std::promise<HttpResponse> answered;
    routes.handle(std::move(request), [&](HttpResponse response) { answered.set_value(std::move(response)); });
    return answered.get_future().get();
  }
};

TEST_F(RoutesTest, AnswerWhoMayAsk) {
  Routes closed(routes(), {.read = {"reader"}, .admin = {"boss"}});
  Routes open(routes(), {.open_without = true});
  Routes shut(routes(), {});
  const struct {
    std::string_view name;
    Routes& routes;
    std::string method, target, token;
    int status;
  } cases[] = {
      {"anybody may call what is open", closed, "GET", "/open", "", 200},
      {"reading wants a token", closed, "GET", "/read/a", "", 401},
      {"a reader may read", closed, "GET", "/read/a?x=1", "reader", 200},
      {"an admin may read", closed, "GET", "/read/a", "boss", 200},
      {"a wrong token opens nothing", closed, "GET", "/read/a", "readers", 401},
      {"a reader may change nothing", closed, "POST", "/admin", "reader", 401},
      {"an admin may", closed, "POST", "/admin", "boss", 200},
      {"without tokens all may, if that is said", open, "POST", "/admin", "", 200},
      {"else nobody", shut, "GET", "/read/a", "", 401},
      {"no such path", closed, "GET", "/nothing", "boss", 404},
      {"no such method", closed, "GET", "/admin", "boss", 405},
      {"HEAD is a GET", closed, "HEAD", "/open", "", 200},
  };
  for (const auto& c : cases) EXPECT_EQ(ask(c.routes, c.method, c.target, c.token).status, c.status) << c.name;
  EXPECT_EQ(ask(closed, "GET", "/read/a1", "reader").body, "read a1");
  EXPECT_EQ(ask(closed, "GET", "/admin").headers, (std::vector<connectors::net::HttpHeader>{{"Allow", "POST"}}));
}

TEST_F(RoutesTest, TakeOtherTokensWhileTheyRun) {
  Routes closed(routes(), {.read = {"old"}});
  closed.change_tokens({.read = {"new"}});
  EXPECT_EQ(ask(closed, "GET", "/read/a", "old").status, 401);
  EXPECT_EQ(ask(closed, "GET", "/read/a", "new").status, 200);
}

TEST_F(RoutesTest, TellNothingOfAnAnswerThatFailed) {
  Routes any(routes(), {});
  const auto response = ask(any, "GET", "/broken");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

TEST_F(RoutesTest, RefuseWhatWouldWaitTooLong) {
  std::atomic<int> refused = 0, answered = 0;
  std::promise<void> go;
  auto gone = go.get_future().share();
  Routes slow({{"GET", "/slow", Access::kOpen,
                [gone](const HttpRequest&, const std::vector<std::string>&) {
                  gone.wait();
                  return HttpResponse{};
                }}},
              {});
  for (std::size_t i = 0; i < Routes::kMostWaiting + 5; ++i) {
    HttpRequest request;
    request.head.method = "GET";
    request.head.target = "/slow";
    slow.handle(std::move(request),
                [&](const HttpResponse& response) { ++(response.status == 503 ? refused : answered); });
  }
  EXPECT_GE(refused, 4) << "one may be at work";
  EXPECT_EQ(slow.refused(), static_cast<std::uint64_t>(refused));
  go.set_value();
}

}  // namespace
}  // namespace tripline::app
