// Every form in which CloudTrail records can reach us, read through the whole reader.

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/deliveries.h"

namespace tripline::connectors {
namespace {

using engine::ErrorCode;
using tests::base64;
using tests::gzip;
using tests::json_string;
using tests::read_body;
using tests::record;

const std::string kA = record("A");
const std::string kB = record("B");

// AWS' samples, shortened and with invented accounts.

std::string event_bridge(std::string_view detail) {
  return R"({"version":"0","id":"3d1c2c0a-7a0e-4a54-8a39-6a0c2f5b9d11","detail-type":"AWS API Call via CloudTrail",)"
         R"("source":"aws.iam","account":"123456789012","time":"2026-01-15T10:11:12Z","region":"us-east-1",)"
         R"("resources":[],"detail":)" +
         std::string(detail) + "}";
}

std::string cloudwatch_logs(const std::vector<std::string>& messages) {
  std::string events;
  for (const auto& message : messages) {
    if (!events.empty()) events += ",";
    events += R"({"id":"1","timestamp":1768471872000,"message":)" + json_string(message) + "}";
  }
  return R"({"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"ct-logs",)"
         R"("logStream":"123456789012_CloudTrail_us-east-1","subscriptionFilters":["to-engine"],"logEvents":[)" +
         events + "]}";
}

const std::string kControlMessage =
    R"({"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],)"
    R"("logEvents":[{"id":"","timestamp":1768471800000,"message":"CWL CONTROL MESSAGE: Checking health."}]})";

std::string sns(std::string_view message) {
  return R"({"Type":"Notification","MessageId":"0a1b2c3d-0000-4000-8000-000000000001",)"
         R"("TopicArn":"arn:aws:sns:us-east-1:123456789012:topic","Message":)" +
         json_string(message) + R"(,"Timestamp":"2026-01-15T10:13:06.101Z","SignatureVersion":"1"})";
}

const std::string kS3Notification =
    R"({"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1","eventTime":"2026-01-15T10:13:05.120Z",)"
    R"("eventName":"ObjectCreated:Put","userIdentity":{"principalId":"AWS:AROAEXAMPLE"},"s3":{"s3SchemaVersion":"1.0",)"
    R"("bucket":{"name":"ct-bucket"},"object":{"key":"AWSLogs/x.json.gz","size":5120}}})";

std::string lookup_event(std::string_view event) {
  return R"({"EventId":"1","EventName":"A","EventTime":"2026-01-15 10:11:12+00:00","Resources":[],"CloudTrailEvent":)" +
         json_string(event) + "}";
}

std::string failed_delivery(std::string_view raw) {
  return R"({"attemptsMade":4,"arrivalTimestamp":1768471872345,"errorCode":"HttpEndpoint.RequestTimeout",)"
         R"("errorMessage":"no answer","attemptEndingTimestamp":1768471972345,"rawData":")" +
         base64(raw) + R"(","subsequenceNumber":0,"dataId":"4976"})";
}

std::string kinesis_record(std::string_view data) {
  return R"({"kinesis":{"partitionKey":"p","sequenceNumber":"495","data":")" + base64(data) +
         R"("},"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-0:495",)"
         R"("eventName":"aws:kinesis:record","awsRegion":"us-east-1"})";
}

std::string in(std::string_view key, std::string_view elements) {
  return "{\"" + std::string(key) + "\":[" + std::string(elements) + "]}";
}

/// The same JSON text with other keys first and white space everywhere.
const std::string kOtherOrder =
    "{\n  \"awsRegion\" : \"eu-west-1\",\n  \"requestParameters\" : { \"eventVersion\" : \"2.1\" },\n"
    "  \"eventVersion\" : \"1.08\",\n  \"eventName\" : \"A\"\n}";

const std::string kInsight =
    R"({"eventVersion":"1.09","eventTime":"2026-01-15T10:20:00Z","awsRegion":"us-east-1","eventID":"a",)"
    R"("eventType":"AwsCloudTrailInsight","insightDetails":{"state":"Start","eventSource":"ec2.amazonaws.com",)"
    R"("eventName":"RunInstances"},"eventCategory":"Insight"})";

const std::string kNetworkActivity =
    R"({"eventVersion":"1.09","userIdentity":{"type":"AWSAccount"},"eventTime":"2026-01-15T10:11:12Z",)"
    R"("eventSource":"s3.amazonaws.com","eventName":"GetObject","errorCode":"VpceAccessDenied",)"
    R"("eventType":"AwsVpceEvent","vpcEndpointId":"vpce-1","eventCategory":"NetworkActivity"})";

const std::string kAggregated =
    R"({"eventVersion":"1.0","accountId":"123456789012","eventId":"e","eventCategory":"Aggregated",)"
    R"("eventType":"AwsAggregatedEvent","awsRegion":"us-east-1","timeWindow":{"windowSize":"PT5M"},"summary":{}})";

TEST(PayloadForms, BecomeBareRecords) {
  const std::string deep = R"({"eventVersion":"1.0","eventTime":"2013-11-02T01:06:28Z","eventName":"Old"})";
  const struct {
    std::string_view name;
    std::string body;
    std::vector<std::string> records;
  } cases[] = {
      {"log file", in("Records", kA + "," + kB), {kA, kB}},
      {"lone record", kA, {kA}},
      {"NDJSON", kA + "\n" + kB + "\n", {kA, kB}},
      {"array", "[" + kA + ",\n" + kB + "]", {kA, kB}},
      {"record with other keys first", kOtherOrder, {kOtherOrder}},
      {"record of version 1.0", deep, {deep}},
      {"record without a version",
       R"({"eventTime":"2013-11-02T01:06:28Z","eventName":"A"})",
       {R"({"eventTime":"2013-11-02T01:06:28Z","eventName":"A"})"}},
      {"insight", in("Records", kInsight), {kInsight}},
      {"network activity", in("Records", kNetworkActivity), {kNetworkActivity}},
      {"EventBridge", event_bridge(kA) + "\n" + event_bridge(kOtherOrder), {kA, kOtherOrder}},
      {"EventBridge insight", event_bridge(kInsight), {kInsight}},
      {"CloudWatch Logs", cloudwatch_logs({kA, kB}), {kA, kB}},
      {"CloudWatch Logs without an event", cloudwatch_logs({}), {}},
      {"CloudWatch Logs, messages extracted", kA + "\n" + kB, {kA, kB}},
      {"CloudWatch Logs one behind the other", cloudwatch_logs({kA}) + cloudwatch_logs({kB}), {kA, kB}},
      {"CloudWatch Logs in a Lambda event",
       R"({"awslogs":{"data":")" + base64(gzip(cloudwatch_logs({kA}))) + "\"}}",
       {kA}},
      {"SNS", sns(kA), {kA}},
      {"SNS with an EventBridge event", sns(event_bridge(kA)), {kA}},
      {"SNS in a Lambda event",
       in("Records", R"({"EventSource":"aws:sns","EventVersion":"1.0","Sns":)" + sns(kA) + "}"),
       {kA}},
      {"SQS in a Lambda event",
       in("Records", R"({"messageId":"1","body":)" + json_string(event_bridge(kA)) + R"(,"eventSource":"aws:sqs"})"),
       {kA}},
      {"SQS messages", in("Messages", R"({"MessageId":"1","Body":)" + json_string(sns(event_bridge(kA))) + "}"), {kA}},
      {"Kinesis in a Lambda event",
       in("Records", kinesis_record(kA) + "," + kinesis_record(gzip(cloudwatch_logs({kB})))),
       {kA, kB}},
      {"Firehose request",
       R"({"requestId":"r","timestamp":1,"records":[{"data":")" + base64(kA) + R"("},{"data":")" +
           base64(gzip(cloudwatch_logs({kB}))) + "\"}]}",
       {kA, kB}},
      {"failed deliveries",
       failed_delivery(kA) + "\n" + failed_delivery(gzip(cloudwatch_logs({kA, kB}))),
       {kA, kA, kB}},
      {"failed delivery of lines", failed_delivery(kA + "\n" + kB + "\n"), {kA, kB}},
      {"failed delivery of gzip members", failed_delivery(gzip(kA + "\n") + gzip(kB)), {kA, kB}},
      {"failed delivery of a log file", failed_delivery(in("Records", kA + "," + kB)), {kA, kB}},
      {"LookupEvents", in("Events", lookup_event(kA) + "," + lookup_event(kB)), {kA, kB}},
      {"LookupEvents in lines", lookup_event(kA) + "\n" + lookup_event(kB), {kA, kB}},
      {"_raw", R"([{"_raw":)" + json_string("\n " + kA) + R"(,"source":"s"}])", {kA}},
      {"message", R"({"@timestamp":"t","message":)" + json_string(kA) + "}", {kA}},
      {"event.original", R"({"event.original":)" + json_string(kOtherOrder) + "}", {kOtherOrder}},
      {"a document of a search engine", R"({"_index":"ct","_source":)" + kA + "}", {kA}},
      {"escapes in a string",
       R"({"_raw":"{\u0022eventVersion\u0022:\u00221.08\u0022,\"a\":\"\\u00e4\ud83d\ude00\"}"})",
       {R"({"eventVersion":"1.08","a":"\u00e4)"
        "\U0001F600\"}"}},
      {"a log file in a string", R"({"body":)" + json_string(in("Records", kA + "," + kB)) + "}", {kA, kB}},
  };
  for (const auto& c : cases) {
    for (const bool compressed : {false, true}) {
      SCOPED_TRACE(std::string(c.name) + (compressed ? ", gzip" : ""));
      const auto delivery = read_body(compressed ? gzip(c.body) : c.body);
      EXPECT_EQ(delivery.records, c.records);
      EXPECT_TRUE(delivery.set_aside.empty()) << delivery.set_aside.front().reason;
      EXPECT_TRUE(delivery.skipped.empty());
    }
  }
}

TEST(PayloadForms, ThatHoldNoEventsAreSkippedByName) {
  const struct {
    std::string_view name;
    std::string body;
    Skipped skipped;
  } cases[] = {
      {"control message", kControlMessage, Skipped::kControlMessage},
      {"control message in a failed delivery", failed_delivery(gzip(kControlMessage)), Skipped::kControlMessage},
      {"S3 notification", in("Records", kS3Notification), Skipped::kNotification},
      {"S3 notification in SNS", sns(in("Records", kS3Notification)), Skipped::kNotification},
      {"S3 by EventBridge",
       event_bridge(R"({"version":"0","bucket":{"name":"b"},"object":{"key":"k"},"reason":"PutObject"})"),
       Skipped::kNotification},
      {"CloudTrail's notification", sns(R"({"s3Bucket":"ct-bucket","s3ObjectKey":["AWSLogs/x.json.gz"]})"),
       Skipped::kNotification},
      {"subscription", R"({"Type":"SubscriptionConfirmation","TopicArn":"arn","Token":"t","Message":"You have"})",
       Skipped::kNotification},
      {"S3's test message", R"({"Service":"Amazon S3","Event":"s3:TestEvent","Time":"t","Bucket":"b"})",
       Skipped::kTestEvent},
      {"digest",
       R"({"awsAccountId":"123456789012","digestStartTime":"2026-01-15T09:00:00Z","digestEndTime":)"
       R"("2026-01-15T10:00:00Z","digestS3Bucket":"b","digestS3Object":"AWSLogs/x.json.gz","logFiles":[]})",
       Skipped::kDigest},
      {"aggregated record", in("Records", kAggregated), Skipped::kAggregated},
      {"record without data", R"({"records":[{"data":""}]})", Skipped::kEmpty},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto delivery = read_body(c.body);
    EXPECT_TRUE(delivery.records.empty());
    EXPECT_TRUE(delivery.set_aside.empty()) << delivery.set_aside.front().reason;
    EXPECT_EQ(delivery.skipped, std::vector{c.skipped});
  }
}

TEST(PayloadForms, ThatCannotBeReadAreSetAsideAndTheRestIsRead) {
  const std::string cut = gzip(cloudwatch_logs({kA, kB, kA, kB}));
  const struct {
    std::string_view name;
    std::string object;
    ErrorCode code;
    std::string reason;
    std::vector<std::string> records;
  } cases[] = {
      {"rawData that is no base64",
       R"({"attemptsMade":1,"rawData":"{}"})",
       ErrorCode::kNotALog,
       "`rawData` holds no CloudTrail record",
       {}},
      {"rawData that is no record",
       failed_delivery("text"),
       ErrorCode::kNotALog,
       "`rawData` holds no CloudTrail record",
       {}},
      {"rawData that is cut off",
       failed_delivery(gzip(kA + "\n" + kB).substr(0, 200)),
       ErrorCode::kTruncated,
       "the gzip data ends in the middle",
       {}},
      {"other log events",
       cloudwatch_logs({"START RequestId", kA, "END"}),
       ErrorCode::kNotALog,
       "2 of its log events are no CloudTrail record",
       {kA}},
      {"an SNS message", sns("ALARM"), ErrorCode::kNotALog, "the SNS message holds no CloudTrail record", {}},
      {"a broken CloudTrailEvent",
       lookup_event("{"),
       ErrorCode::kBadInput,
       "`CloudTrailEvent` holds no CloudTrail record",
       {}},
      {"a record cut off in a string",
       R"({"_raw":)" + json_string(kA + kB.substr(0, 40)) + "}",
       ErrorCode::kTruncated,
       "a part of what it carries is no record",
       {kA}},
      {"five envelopes in one another",
       sns(sns(sns(sns(event_bridge(kA))))),
       ErrorCode::kTooDeep,
       "more than 4 envelopes in one another",
       {}},
      {"an unknown object",
       R"({"level":"info","msg":"{\"a\":1}"})",
       ErrorCode::kNotALog,
       "a JSON object that is no CloudTrail record, nor anything that carries one",
       {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    std::vector<std::string> records = c.records;
    records.insert(records.begin(), kA);
    records.push_back(kB);
    const auto delivery = read_body(kA + "\n" + c.object + "\n" + kB);
    EXPECT_EQ(delivery.records.front(), kA);
    EXPECT_EQ(delivery.records.back(), kB);
    if (c.code != ErrorCode::kTruncated || !c.records.empty()) {
      EXPECT_EQ(delivery.records, records);
    }
    ASSERT_EQ(delivery.set_aside.size(), 1u);
    EXPECT_EQ(delivery.set_aside[0].code, c.code);
    EXPECT_EQ(delivery.set_aside[0].reason, c.reason);
    EXPECT_EQ(delivery.set_aside[0].offset, kA.size() + 1);
    EXPECT_EQ(delivery.set_aside[0].bytes, c.object.size());
  }
}

TEST(PayloadForms, AreTakenOffUpToFourDeep) {
  const auto delivery = read_body(sns(sns(sns(event_bridge(kA)))));
  EXPECT_EQ(delivery.records, std::vector{kA});
  EXPECT_TRUE(delivery.set_aside.empty());
}

TEST(PayloadForms, ThatInflateToTooMuchAreSetAside) {
  tests::ReadOptions options;
  options.limits.max_record_bytes = 100000;
  const std::string bomb = failed_delivery(gzip(std::string(1 << 20, ' ') + kA));
  const auto delivery = read_body(bomb + "\n" + kB, options);
  EXPECT_EQ(delivery.records, std::vector{kB});
  ASSERT_EQ(delivery.set_aside.size(), 1u);
  EXPECT_EQ(delivery.set_aside[0].code, ErrorCode::kTooLarge);
}

TEST(PayloadForms, OfOtherLogsAreObjectsAndArraysOfThem) {
  tests::ReadOptions options;
  options.cloudtrail = false;
  const std::string wrapped = in("Records", kA);
  for (const std::string& body :
       {wrapped + "\n" + event_bridge(kA) + "\n{}", "[" + wrapped + "," + event_bridge(kA) + ",{}]"}) {
    const auto delivery = read_body(body, options);
    EXPECT_EQ(delivery.records, (std::vector<std::string>{wrapped, event_bridge(kA), "{}"}));
    EXPECT_TRUE(delivery.set_aside.empty());
  }
}

TEST(PayloadForms, KeepTheOffsetOfWhatCarriedTheRecord) {
  const std::string first = kA + "\n";
  const auto delivery = read_body(first + cloudwatch_logs({kA, kB}) + "\n" + event_bridge(kB));
  const std::uint64_t second = first.size();
  EXPECT_EQ(delivery.offsets,
            (std::vector<std::uint64_t>{0, second, second, second + cloudwatch_logs({kA, kB}).size() + 1}));
}

}  // namespace
}  // namespace tripline::connectors
