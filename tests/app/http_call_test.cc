#include "app/http_call.h"

#include <gtest/gtest.h>

#include "connectors/net/http_server.h"
#include "tests/support/http_service.h"

namespace tripline::app {
namespace {

using connectors::net::HttpServer;
using std::chrono::milliseconds;

class HttpCall : public ::testing::Test {
 protected:
  HttpCall() : server_({.listeners = {{}}, .threads = 1}, echo_.service()) {
    EXPECT_TRUE(server_.start());
    url_ = "http://127.0.0.1:" + std::to_string(server_.port());
  }
  tests::EchoService echo_;
  HttpServer server_;
  std::string url_;
};

TEST_F(HttpCall, FetchesWithAToken) {
  const auto answer = http_call(url_ + "/a?b=c", {.token = "secret-token"});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_NE(answer->body.find("GET /a?b=c"), std::string::npos) << answer->body;
  const auto handled = echo_.handled();
  ASSERT_EQ(handled.size(), 1U);
  const std::string* token = handled[0].head.find("authorization");
  ASSERT_NE(token, nullptr);
  EXPECT_EQ(*token, "Bearer secret-token");
  ASSERT_TRUE(http_call(url_ + "/", {}));
  EXPECT_EQ(echo_.handled().at(1).head.find("authorization"), nullptr);
}

TEST_F(HttpCall, SendsJson) {
  const auto answer = http_call(url_ + "/a", {.method = "POST", .json = R"({"ids":[1]})"});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, R"(POST /a {"ids":[1]})");
  const auto handled = echo_.handled();
  EXPECT_EQ(*handled.at(0).head.find("content-type"), "application/json");
  ASSERT_TRUE(http_call(url_ + "/a", {.method = "DELETE"}));
  EXPECT_EQ(echo_.handled().at(1).head.method, "DELETE");
}

TEST_F(HttpCall, GivesWhateverTheServerAnswers) {
  const auto answer = http_call(url_ + "/refused", {});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 401);
  EXPECT_EQ(answer->body, "no");
}

TEST_F(HttpCall, SaysWhatWentWrong) {
  HttpCallOptions short_answers;
  short_answers.max_bytes = 3;
  short_answers.token = "secret-token";
  const auto large = http_call(url_ + "/", short_answers);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, engine::ErrorCode::kTooLarge);
  EXPECT_EQ(large.error().message, url_ + "/: the answer is longer than 3 bytes");

  HttpCallOptions impatient;
  impatient.limit = milliseconds{50};
  const auto late = http_call(url_ + "/wait", impatient);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, engine::ErrorCode::kIo);
  EXPECT_NE(late.error().message.find("timed out"), std::string::npos) << late.error().message;

  server_.stop(milliseconds{0});
  const auto gone = http_call(url_ + "/", short_answers);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, engine::ErrorCode::kIo);
  EXPECT_NE(gone.error().message.find("connect"), std::string::npos) << gone.error().message;
  EXPECT_EQ(gone.error().message.find("secret-token"), std::string::npos);

  const auto file = http_call("file:///etc/hostname", {});
  ASSERT_FALSE(file) << "http and https alone";
}

}  // namespace
}  // namespace tripline::app
