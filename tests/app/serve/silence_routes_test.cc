#include "app/serve/silence_routes.h"

#include <map>

#include <gtest/gtest.h>

#include "alerts/silences.h"

namespace tripline::app {
namespace {

using connectors::net::HttpRequest;
using connectors::net::HttpResponse;
using engine::EventTime;
using engine::Result;

class SilenceRoutes : public ::testing::Test {
 protected:
  SilenceRoutes()
      : routes_(silence_routes({.now = [this] { return now_; },
                                .all = [this]() -> Result<std::vector<alerts::Silence>> {
                                  if (stopped_) return engine::fail(engine::ErrorCode::kIo, "the server stops");
                                  return silences_.all();
                                },
                                .put = [this](const alerts::Silence& silence) { return silences_.put(silence, now_); },
                                .end = [this](const std::string& id) { return silences_.end(id, now_); },
                                .doubts = [this](const alerts::Silence&) { return doubts_; }})) {}

  HttpResponse call(const std::string& method, const std::string& target, const std::string& body = "",
                    const std::string& type = "application/json") {
    HttpRequest request;
    request.head.method = method;
    request.head.target = target;
    if (!type.empty()) request.head.headers.emplace_back("content-type", type);
    request.body = body;
    for (const Route& route : routes_) {
      const auto parts = fit_path(route.path, target);
      if (route.method == method && parts) return route.answer(request, *parts);
    }
    return {.status = 404, .body = {}};
  }

  EventTime now_ = *engine::parse_time("2026-01-15T12:00:00Z");
  alerts::Silences silences_{2};
  bool stopped_ = false;
  std::vector<std::string> doubts_;
  std::vector<Route> routes_;
};

const std::string kBody = R"({"match":{"rule":["a"]},"for":"2h","by":"alice","comment":"why"})";

TEST_F(SilenceRoutes, MakeSilencesShowThemAndEndThem) {
  const auto made = call("POST", "/api/v1/silences", kBody);
  ASSERT_EQ(made.status, 200) << made.body;
  const std::string id = silences_.all().at(0).id;
  EXPECT_NE(made.body.find(id), std::string::npos);
  EXPECT_EQ(call("GET", "/api/v1/silences").body,
            "{\"silences\":[" + made.body.substr(0, made.body.size() - 1) + "]}\n");
  now_ += std::chrono::minutes{5};
  EXPECT_EQ(call("POST", "/api/v1/silences/" + id + "/end", "{}").status, 200);
  EXPECT_EQ(silences_.active(now_), 0u);
  EXPECT_NE(call("GET", "/api/v1/silences").body.find(R"("state":"ended")"), std::string::npos);
  EXPECT_EQ(call("POST", "/api/v1/silences/" + id + "/end", "{}").status, 404) << "it has ended";
}

TEST_F(SilenceRoutes, SayWhatSeemsToBeWrongWithOneThatIsMade) {
  doubts_ = {"no rule has the id a"};
  const auto made = call("POST", "/api/v1/silences", kBody);
  EXPECT_EQ(made.status, 200);
  EXPECT_NE(made.body.find(R"("warnings":["no rule has the id a"])"), std::string::npos) << made.body;
  EXPECT_EQ(silences_.active(now_), 1u) << "it is made all the same";
}

TEST_F(SilenceRoutes, RefuseWhatIsWrong) {
  EXPECT_EQ(call("POST", "/api/v1/silences", kBody, "text/plain").status, 415) << "a page in a browser could send it";
  EXPECT_EQ(call("POST", "/api/v1/silences", "{}").status, 400);
  EXPECT_EQ(call("POST", "/api/v1/silences/0123456789abcdef/end", "{}").status, 404);
  EXPECT_EQ(call("POST", "/api/v1/silences/0123456789abcdef/end", "{}", "").status, 415);
  for (int i = 0; i < 3; ++i) {
    now_ += std::chrono::seconds{1};
    EXPECT_EQ(call("POST", "/api/v1/silences", kBody).status, i < 2 ? 200 : 400) << "there is room for two";
  }
  stopped_ = true;
  EXPECT_EQ(call("GET", "/api/v1/silences").status, 503);
}

TEST_F(SilenceRoutes, WantATokenForChanges) {
  for (const Route& route : routes_) {
    EXPECT_EQ(route.access, route.method == "GET" ? Access::kRead : Access::kAdmin) << route.path;
  }
}

}  // namespace
}  // namespace tripline::app
