#include "connectors/net/http_answer.h"

#include <gtest/gtest.h>

namespace tripline::connectors::net {
namespace {

TEST(HttpAnswer, SaysLengthTypeAndTimeAndLeavesTheFramingToTheConnection) {
  const HttpResponse answer{.status = 503,
                            .body = "{}",
                            .headers = {{"Retry-After", "1"},
                                        {"Content-Length", "7"},
                                        {"transfer-encoding", "chunked"},
                                        {"Connection", "keep-alive"},
                                        {"content-encoding", "gzip"}}};
  EXPECT_EQ(answer_head(answer, {.keep_alive = false, .now = 784'111'777}),
            "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: close\r\nRetry-After: 1\r\n\r\n");
}

TEST(HttpAnswer, IsNotSentWithLineEndsInAHeader) {
  EXPECT_TRUE(is_sendable({}));
  EXPECT_TRUE(is_sendable({.headers = {{"a", "b\tc"}}}));
  for (const HttpResponse& bad : {HttpResponse{.status = 99}, HttpResponse{.status = 600}, HttpResponse{.status = 100},
                                  HttpResponse{.content_type = "a\r\nb: c"}, HttpResponse{.headers = {{"a", "b\nc"}}},
                                  HttpResponse{.headers = {{"a b", "c"}}}, HttpResponse{.headers = {{"", "c"}}}}) {
    EXPECT_FALSE(is_sendable(bad));
  }
}

}  // namespace
}  // namespace tripline::connectors::net
