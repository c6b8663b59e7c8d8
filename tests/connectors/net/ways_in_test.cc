#include "connectors/net/ways_in.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/direct_server.h"

namespace tripline::connectors::net {
namespace {

HttpHead head_of(std::string method, std::string target, bool with_amz_target = false) {
  HttpHead head;
  head.method = std::move(method);
  head.target = std::move(target);
  if (with_amz_target) head.headers.emplace_back("x-amz-target", "Firehose_20150804.PutRecord");
  return head;
}

TEST(WaysIn, TakeTheirOwnPathsAndNoOthers) {
  const std::pair<HttpHead, bool> cases[] = {
      {head_of("POST", "/firehose"), true},
      {head_of("POST", "/firehose?a=b"), true},
      {head_of("GET", "/firehose"), true},
      {head_of("POST", "/firehose/"), false},
      {head_of("POST", "/v1/events"), true},
      {head_of("POST", "/"), true},
      {head_of("GET", "/"), false},
      {head_of("GET", "/", true), true},
      {head_of("POST", "/metrics"), false},
      {head_of("POST", ""), false},
      {head_of("POST", "/v1/events2"), false},
  };
  for (const auto& [head, takes] : cases) EXPECT_EQ(WaysIn::takes(head), takes) << head.method << " " << head.target;
  tests::DirectServer server({});
  EXPECT_EQ(server.ways.admit(head_of("GET", "/metrics")).refusal->status, 404);
}

TEST(WaysIn, TakeRequestsOfManyThreadsWhileTheirKeysChange) {
  WaysIn::Options options;
  options.access.event_tokens = {{"token-of-vector-01", "vector"}};
  Intake intake({});
  WaysIn ways(options, intake, [] { return engine::EventTime{}; });
  std::jthread worker([&] {
    while (const auto envelope = intake.take()) intake.settle(envelope->sequence, {});
  });
  constexpr int kEach = 200;
  std::atomic<int> accepted{0};
  {
    std::vector<std::jthread> senders;
    for (int thread = 0; thread < 3; ++thread) {
      senders.emplace_back([&] {
        for (int i = 0; i < kEach; ++i) {
          HttpRequest request;
          request.head = head_of("POST", "/v1/events");
          request.head.headers.emplace_back("authorization", "Bearer token-of-vector-01");
          request.body = "{}";
          if (ways.admit(request.head).refusal) continue;
          ways.handle(request, [&](HttpResponse answer) { accepted += answer.status == 200 ? 1 : 0; });
        }
      });
    }
    for (int i = 0; i < kEach; ++i) ways.change_access(options.access);
  }
  EXPECT_TRUE(intake.wait_until_empty(std::chrono::seconds{60}));
  intake.close();
  worker.join();
  EXPECT_EQ(accepted, 3 * kEach);
}

}  // namespace
}  // namespace tripline::connectors::net
