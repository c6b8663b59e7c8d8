#include "connectors/net/aws_api.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/net/sigv4.h"
#include "tests/support/deliveries.h"
#include "tests/support/direct_server.h"
#include "tests/support/slow_evaluate.h"

namespace tripline::connectors::net {
namespace {

using tests::DirectServer;

const AwsCredentials kWriter{"TRIPLINEWRITER00", "a-secret-of-the-writer", ""};

WaysIn::Options signed_only() {
  WaysIn::Options options;
  options.access.credentials = {kWriter};
  options.access.streams = {{"ct-direct", "org-trail"}, {"ct-other", "other-trail"}};
  options.access.account = "123456789012";
  return options;
}

const engine::EventTime kNow{std::chrono::milliseconds{1768471872391}};

HttpRequest unsigned_call(const std::string& target, std::string body) {
  HttpRequest request;
  request.head.method = "POST";
  request.head.target = "/";
  request.head.headers = {{"host", "127.0.0.1:8443"},
                          {"content-type", "application/x-amz-json-1.1"},
                          {"x-amz-target", target},
                          {"amz-sdk-invocation-id", "11112222-3333-4444-5555-666677778888"}};
  request.body = std::move(body);
  return request;
}

HttpRequest signed_by(const AwsCredentials& credentials, HttpRequest request, engine::EventTime at = kNow) {
  const bool kinesis = request.head.find("x-amz-target")->starts_with("Kinesis");
  const auto added = sign(request.head, request.body, credentials, {"eu-west-1", kinesis ? "kinesis" : "firehose"}, at);
  request.head.headers.insert(request.head.headers.end(), added.begin(), added.end());
  return request;
}

HttpRequest call(const std::string& target, std::string body) {
  return signed_by(kWriter, unsigned_call(target, std::move(body)));
}

const std::string kBatch = R"({"DeliveryStreamName":"ct-direct","Records":[{"Data":"e30="},{"Data":"e30K"}]})";
const std::string kRecord = R"({"DeliveryStreamName":"ct-direct","Record":{"Data":"e30="}})";
const std::string kKinesisBatch =
    R"({"StreamName":"ct-direct","Records":[{"Data":"e30=","PartitionKey":"a"},{"Data":"e30K","PartitionKey":"b"}]})";
const std::string kKinesisRecord = R"({"StreamName":"ct-direct","Data":"e30=","PartitionKey":"a"})";

HttpRequest put_batch() { return call("Firehose_20150804.PutRecordBatch", kBatch); }

/// A member of the answer, as it stands.
std::string member(const std::string& json, std::string_view path) {
  if (!tests::is_json(json)) return "no JSON: " + json;
  const auto values = tests::slow_values(tests::parse_json(json), path);
  return values.empty() ? "" : values.front().text;
}

std::string code_in(const tests::WireAnswer& answer) {
  return std::to_string(answer.status) + " " + member(answer.body, "__type");
}

std::vector<std::string> counted(const WaysIn& ways) {
  std::vector<std::string> rows;
  for (const auto& row : ways.counters().rows()) {
    rows.push_back(std::string(kWays[static_cast<std::size_t>(row.way)].label) + " " + row.source + " " +
                   std::string(kWayOutcomes[static_cast<std::size_t>(row.outcome)].label));
  }
  return rows;
}

TEST(AwsApi, AnswersAPutOnceItIsDurable) {
  DirectServer server(signed_only());
  const auto& exchange = server.send(put_batch());
  EXPECT_FALSE(exchange.answer);
  server.settle();
  ASSERT_TRUE(exchange.answer);
  EXPECT_EQ(exchange.answers, 1u);
  EXPECT_EQ(exchange.answer->status, 200);
  EXPECT_EQ(exchange.answer->content_type, "application/x-amz-json-1.1");
  ASSERT_EQ(server.settled.size(), 1u);
  EXPECT_EQ(server.settled[0].source, "org-trail");
  EXPECT_EQ(server.settled[0].path, "11112222-3333-4444-5555-666677778888");
  EXPECT_EQ(server.settled[0].body, R"({"records":[{"data":"e30="},{"data":"e30K"}]})");
  EXPECT_EQ(counted(server.ways), std::vector<std::string>{"firehose_api org-trail accepted"});
}

TEST(AwsApi, AnswersEachPutInItsForm) {
  DirectServer server(signed_only());
  const auto put = [&](const std::string& target, const std::string& body) {
    const auto answer = server.exchange(call(target, body));
    EXPECT_EQ(answer->status, 200) << answer->body;
    return answer->body;
  };
  const std::string batch = put("Firehose_20150804.PutRecordBatch", kBatch);
  EXPECT_EQ(batch.rfind(R"({"FailedPutCount":0,)", 0), 0u) << batch;
  EXPECT_EQ(tests::parse_json(batch).members.back().value.items.size(), 2u);
  EXPECT_EQ(member(put("Firehose_20150804.PutRecord", kRecord), "RecordId").rfind("rec-", 0), 0u);
  const std::string records = put("Kinesis_20131202.PutRecords", kKinesisBatch);
  EXPECT_EQ(records.rfind(R"({"FailedRecordCount":0,)", 0), 0u) << records;
  EXPECT_EQ(tests::parse_json(records).members.back().value.items.size(), 2u);
  const std::string record = put("Kinesis_20131202.PutRecord", kKinesisRecord);
  EXPECT_EQ(member(record, "ShardId"), "shardId-000000000000");
  EXPECT_EQ(member(record, "SequenceNumber").size(), 56u);
}

TEST(AwsApi, NumbersOnlyEverGrowAlsoOverRuns) {
  std::string last;
  for (int run = 0; run < 3; ++run) {
    DirectServer server(signed_only(), 1 << 20, kNow + std::chrono::milliseconds{run});
    for (int i = 0; i < 3; ++i) {
      const auto answer = server.exchange(call("Kinesis_20131202.PutRecords", kKinesisBatch));
      const tests::Json json = tests::parse_json(answer->body);
      for (const auto& record : json.members.back().value.items) {
        const std::string number = tests::slow_values(record, "SequenceNumber").front().text;
        EXPECT_GT(number, last);
        last = number;
      }
    }
  }
}

TEST(AwsApi, RefusesWhoDoesNotSign) {
  HttpRequest changed = put_batch();
  changed.body += " ";
  const AwsCredentials stranger{"STRANGER00000000", "a-secret-of-the-writer", ""};
  const AwsCredentials forger{"TRIPLINEWRITER00", "another-secret", ""};
  const HttpRequest plain = unsigned_call("Firehose_20150804.PutRecordBatch", kBatch);
  HttpRequest broken = plain;
  broken.head.headers.emplace_back("authorization", "AWS4-HMAC-SHA256 Credential=x");
  const std::pair<HttpRequest, std::string_view> cases[] = {
      {plain, "400 MissingAuthenticationTokenException"},
      {broken, "400 IncompleteSignatureException"},
      {signed_by(stranger, plain), "400 UnrecognizedClientException"},
      {signed_by(forger, plain), "400 InvalidSignatureException"},
      {signed_by(kWriter, plain, kNow - std::chrono::minutes{6}), "400 InvalidSignatureException"},
      {changed, "400 InvalidSignatureException"},
  };
  for (const auto& [request, code] : cases) {
    SCOPED_TRACE(code);
    DirectServer server(signed_only());
    const auto answer = server.exchange(request);
    EXPECT_EQ(code_in(*answer), code);
    EXPECT_FALSE(member(answer->body, "message").empty());
    EXPECT_TRUE(server.settled.empty());
    EXPECT_EQ(counted(server.ways), std::vector<std::string>{"firehose_api  unauthorised"});
  }
}

TEST(AwsApi, RefusesWhatItDoesNotKnow) {
  const std::pair<HttpRequest, std::string_view> cases[] = {
      {call("Firehose_20150804.DeleteDeliveryStream", "{}"), "400 UnknownOperationException"},
      {call("DynamoDB_20120810.PutItem", "{}"), "400 UnknownOperationException"},
      {call("Firehose_20150804.PutRecordBatch", R"({"DeliveryStreamName":"none","Records":[{"Data":""}]})"),
       "400 ResourceNotFoundException"},
      {call("Kinesis_20131202.PutRecord", R"({"StreamName":"none","Data":"","PartitionKey":"a"})"),
       "400 ResourceNotFoundException"},
      {call("Firehose_20150804.DescribeDeliveryStream", R"({"DeliveryStreamName":"none"})"),
       "400 ResourceNotFoundException"},
      {call("Firehose_20150804.PutRecordBatch", "{"), "400 SerializationException"},
      {call("Firehose_20150804.PutRecord", R"({"DeliveryStreamName":"ct-direct"})"), "400 SerializationException"},
      {call("Kinesis_20131202.PutRecords", kKinesisBatch.substr(0, kKinesisBatch.size() - 1) + R"(,"DryRun":true})"),
       "400 DryRunOperationException"},
      {call("Firehose_20150804.ListDeliveryStreams", std::string(70'000, ' ')), "413 RequestEntityTooLargeException"},
      {call("Firehose_20150804.PutRecord", std::string(9 << 20, ' ')), "413 RequestEntityTooLargeException"},
  };
  for (const auto& [request, code] : cases) {
    SCOPED_TRACE(*request.head.find("x-amz-target"));
    DirectServer server(signed_only());
    EXPECT_EQ(code_in(*server.exchange(request)), code);
    EXPECT_TRUE(server.settled.empty());
  }
}

TEST(AwsApi, TellsClientsToComeAgainInTheirServicesWords) {
  const HttpRequest firehose = put_batch();
  const HttpRequest kinesis = call("Kinesis_20131202.PutRecords", kKinesisBatch);
  const struct {
    std::string_view name;
    HttpRequest request;
    std::string_view full, stopping, failed;
  } cases[] = {
      {"Firehose", firehose, "503 ServiceUnavailableException", "503 ServiceUnavailableException",
       "500 InternalFailure"},
      {"Kinesis", kinesis, "400 ProvisionedThroughputExceededException", "500 InternalFailureException",
       "500 InternalFailureException"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    DirectServer server(signed_only(), 60);
    const auto& first = server.send(c.request);
    EXPECT_EQ(code_in(tests::on_the_wire(*server.send(c.request).answer)), c.full);
    server.durable = engine::fail(engine::ErrorCode::kStore, "the disk is full");
    server.settle();
    EXPECT_EQ(code_in(tests::on_the_wire(*first.answer)), c.failed);
    server.intake.close();
    EXPECT_EQ(code_in(tests::on_the_wire(*server.send(c.request).answer)), c.stopping);
    EXPECT_EQ(counted(server.ways).size(), 3u);
  }
}

TEST(AwsApi, AnswersCborWithItsReasonInCbor) {
  HttpRequest request = unsigned_call("Kinesis_20131202.PutRecords", "\xbf\xff");
  request.head.headers[1].second = "application/x-amz-cbor-1.1";
  DirectServer server(signed_only());
  const auto& exchange = server.send(signed_by(kWriter, request));
  ASSERT_TRUE(exchange.answer);
  EXPECT_EQ(exchange.answer->status, 400);
  EXPECT_EQ(exchange.answer->content_type, "application/x-amz-cbor-1.1");
  EXPECT_EQ(exchange.answer->body.rfind("\xa2\x66__type\x76SerializationException\x67message\x78", 0), 0u);
}

TEST(AwsApi, TakesGzipWhoseSignatureIsOfTheBytesSent) {
  HttpRequest request = unsigned_call("Firehose_20150804.PutRecordBatch", tests::gzip(kBatch));
  request.head.headers.emplace_back("content-encoding", "gzip");
  DirectServer server(signed_only());
  EXPECT_EQ(server.exchange(signed_by(kWriter, request))->status, 200);
  EXPECT_EQ(server.settled.size(), 1u);
  request.body[20] = static_cast<char>(~request.body[20]);
  EXPECT_EQ(code_in(*server.exchange(signed_by(kWriter, request))), "400 MalformedHttpRequestException");
  request.body = tests::gzip(std::string(9 << 20, ' '));
  EXPECT_EQ(code_in(*server.exchange(signed_by(kWriter, request))), "413 RequestEntityTooLargeException");
}

TEST(AwsApi, IsOpenWithoutCredentialsOnlyWhenToldSo) {
  WaysIn::Options options;
  const HttpRequest request = unsigned_call("Firehose_20150804.PutRecordBatch", kBatch);
  DirectServer closed(options);
  EXPECT_EQ(code_in(*closed.exchange(request)), "400 MissingAuthenticationTokenException");
  EXPECT_EQ(code_in(*closed.exchange(put_batch())), "400 UnrecognizedClientException");
  options.access.open_without_keys = true;
  DirectServer open(options);
  EXPECT_EQ(open.exchange(request)->status, 200);
  EXPECT_EQ(open.exchange(put_batch())->status, 200);
  EXPECT_EQ(open.settled[0].source, "aws");
}

TEST(AwsApi, TellsOfItsStreamsWhatWritersAskFor) {
  DirectServer server(signed_only());
  const struct {
    std::string target, body, path;
    std::string_view value;
  } cases[] = {
      {"Firehose_20150804.DescribeDeliveryStream", R"({"DeliveryStreamName":"ct-direct","Limit":1})",
       "DeliveryStreamDescription.DeliveryStreamName", "ct-direct"},
      {"Firehose_20150804.DescribeDeliveryStream", R"({"DeliveryStreamName":"ct-direct"})",
       "DeliveryStreamDescription.DeliveryStreamARN",
       "arn:aws:firehose:us-east-1:123456789012:deliverystream/ct-direct"},
      {"Firehose_20150804.ListDeliveryStreams", "{}", "DeliveryStreamNames", "ct-direct"},
      {"Firehose_20150804.ListDeliveryStreams", R"({"Limit":1})", "HasMoreDeliveryStreams", "true"},
      {"Firehose_20150804.ListDeliveryStreams", R"({"ExclusiveStartDeliveryStreamName":"ct-direct"})",
       "DeliveryStreamNames", "ct-other"},
      {"Firehose_20150804.ListDeliveryStreams", R"({"ExclusiveStartDeliveryStreamName":"ct-direct"})",
       "HasMoreDeliveryStreams", "false"},
      {"Firehose_20150804.ListDeliveryStreams", R"({"Limit":0})", "__type", "InvalidArgumentException"},
      {"Firehose_20150804.ListDeliveryStreams", R"({"Limit":"1"})", "__type", "SerializationException"},
      {"Kinesis_20131202.DescribeStream", R"({"StreamName":"ct-other","Limit":1})", "StreamDescription.StreamName",
       "ct-other"},
      {"Kinesis_20131202.DescribeStream", R"({"StreamName":"ct-other"})", "StreamDescription.Shards.ShardId",
       "shardId-000000000000"},
      {"Kinesis_20131202.DescribeStreamSummary",
       R"({"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/ct-other"})",
       "StreamDescriptionSummary.StreamARN", "arn:aws:kinesis:us-east-1:123456789012:stream/ct-other"},
      {"Kinesis_20131202.DescribeStreamSummary", R"({"StreamName":"ct-other"})",
       "StreamDescriptionSummary.StreamCreationTimestamp", "1768471872.391"},
      {"Kinesis_20131202.ListShards", R"({"StreamName":"ct-other"})", "Shards.HashKeyRange.EndingHashKey",
       "340282366920938463463374607431768211455"},
      {"Kinesis_20131202.ListShards", R"({"NextToken":"x"})", "__type", "ExpiredNextTokenException"},
      {"Kinesis_20131202.ListStreams", R"({"Limit":1})", "NextToken", "ct-direct"},
      {"Kinesis_20131202.ListStreams", R"({"Limit":1,"NextToken":"ct-direct"})", "StreamNames", "ct-other"},
      {"Kinesis_20131202.ListStreams", R"({"NextToken":"ct-direct"})", "HasMoreStreams", "false"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.target + " " + c.body);
    const auto answer = server.exchange(call(c.target, c.body));
    EXPECT_TRUE(tests::is_json(answer->body)) << answer->body;
    const auto values = tests::slow_values(tests::parse_json(answer->body), c.path);
    ASSERT_FALSE(values.empty()) << answer->body;
    const auto& first = values.front().items.empty() ? values.front() : values.front().items.front();
    EXPECT_EQ(first.text, c.value) << answer->body;
  }
  EXPECT_TRUE(counted(server.ways).empty());
}

}  // namespace
}  // namespace tripline::connectors::net
