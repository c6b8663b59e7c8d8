// A canary that comes is a number in the metrics, and nothing that anybody is told of.

#include <string>

#include <gtest/gtest.h>

#include "tests/support/http_client.h"
#include "tests/support/places.h"
#include "tests/support/program.h"
#include "tests/support/serving.h"

namespace tripline {
namespace {

TEST(Canary, IsCountedAndOpensNoSignal) {
  const tests::TemporaryFolder folder;
  const std::string config =
      folder.write("tripline.yml", "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: data}\n");
  tests::Serving server({"-c", config});
  tests::HttpClient client(server.port());
  const std::string canary =
      R"({"eventVersion":"1.11","eventTime":"2026-01-15T10:11:12Z","eventName":"GetCallerIdentity","eventID":"c1",)"
      R"("eventSource":"sts.amazonaws.com","awsRegion":"eu-west-1","recipientAccountId":"111122223333",)"
      R"("userAgent":"Boto3/1.44.8 md/Botocore#1.44.8 tripline-canary","readOnly":true,"eventType":"AwsApiCall",)"
      R"("userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/canary/canary",)"
      R"("accountId":"111122223333"}})";
  ASSERT_EQ(client.ask(tests::post("/v1/events", canary))->status, 200) << server.said();
  const auto metrics = client.ask(tests::get("/metrics"));
  ASSERT_TRUE(metrics);
  EXPECT_NE(metrics->body.find("\ntripline_rule_matches_total{rule_id=\"1435c5c9-4ccc-4b05-b04e-5c0f8f73942a\","
                               "level=\"informational\"} 1\n"),
            std::string::npos);
  const auto signals = client.ask(tests::get("/api/v1/signals"));
  ASSERT_TRUE(signals);
  EXPECT_NE(signals->body.find("\"signals\":[]"), std::string::npos) << signals->body;
  EXPECT_EQ(server.stop(), 0);
  EXPECT_EQ(server.out(), "");
  const auto exported = tests::run_program({"store", "export", (folder.path() / "data" / "store.db").string()});
  EXPECT_EQ(exported.out, "") << exported.err;
}

}  // namespace
}  // namespace tripline
