#include "connectors/net/aws_put.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/deliveries.h"

namespace tripline::connectors::net {
namespace {

std::string code_of(const AwsResult<AwsPut>& put) { return put ? "none" : std::string(put.error().code); }

AwsResult<AwsPut> read_firehose(std::string_view json) {
  const auto object = AwsObject::read(json);
  if (!object) return object.error();
  return read_put_many(*object, kFirehosePut);
}

AwsResult<AwsPut> read_kinesis(std::string_view json) {
  const auto object = AwsObject::read(json);
  if (!object) return object.error();
  return read_put_many(*object, kKinesisPut);
}

std::string firehose_batch(const std::string& records, const std::string& stream = "ct-direct") {
  return R"({"DeliveryStreamName":")" + stream + R"(","Records":[)" + records + "]}";
}

std::string kinesis_batch(const std::string& records) { return R"({"StreamName":"ct","Records":[)" + records + "]}"; }

std::string data(const std::string& bytes) { return R"({"Data":")" + tests::base64(bytes) + R"("})"; }

std::string repeated(const std::string& record, std::size_t count) {
  std::string records;
  for (std::size_t i = 0; i < count; ++i) records += (i == 0 ? "" : ",") + record;
  return records;
}

TEST(AwsPut, BecomesABodyWhoseRecordsAreRead) {
  const auto put = read_firehose(firehose_batch(data(tests::record("One") + "\n" + tests::record("Two")) + ", " +
                                                data(tests::gzip(tests::record("Three"))) + "," + data("")));
  ASSERT_TRUE(put);
  EXPECT_EQ(put->stream, "ct-direct");
  EXPECT_EQ(put->records, 3u);
  const auto read = tests::read_body(put->body);
  EXPECT_EQ(read.records,
            (std::vector<std::string>{tests::record("One"), tests::record("Two"), tests::record("Three")}));
  EXPECT_TRUE(read.set_aside.empty());
}

TEST(AwsPut, TakesBase64WhoseSlashesAreEscaped) {
  const auto put = read_firehose(firehose_batch(R"({"Data":"\/\/8\u003d"})"));
  ASSERT_TRUE(put);
  EXPECT_EQ(put->body, R"({"records":[{"data":"//8="}]})");
}

TEST(AwsPut, PassesOverMembersItDoesNotKnowAndNulls) {
  const auto put = read_kinesis(
      R"({"More":[{"Data":1}],"StreamARN":null,"Records":[{"Data":"e30=","PartitionKey":"a","ExplicitHashKey":null}],)"
      R"("StreamName":"ct"})");
  ASSERT_TRUE(put) << put.error().message;
  EXPECT_EQ(put->stream, "ct");
}

TEST(AwsPut, FindsTheStreamOfAnArn) {
  const auto put = read_kinesis(
      R"({"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/ct","Records":[{"Data":"","PartitionKey":"a"}]})");
  ASSERT_TRUE(put) << put.error().message;
  EXPECT_EQ(put->stream, "ct");
}

TEST(AwsPut, HoldsFirehoseToItsLimits) {
  const std::string small = R"({"Data":"e30="})";
  const std::pair<std::string, std::string_view> cases[] = {
      {firehose_batch(repeated(small, 500)), "none"},
      {firehose_batch(repeated(small, 501)), "InvalidArgumentException"},
      {firehose_batch(""), "InvalidArgumentException"},
      {R"({"DeliveryStreamName":"ct"})", "InvalidArgumentException"},
      {firehose_batch(data(std::string(1'024'000, 'x'))), "none"},
      {firehose_batch(data(std::string(1'024'001, 'x'))), "InvalidArgumentException"},
      {firehose_batch(repeated(data(std::string(1'000'000, 'x')), 4)), "none"},
      {firehose_batch(repeated(data(std::string(1'000'000, 'x')), 5)), "InvalidArgumentException"},
      {firehose_batch(small, std::string(64, 'a')), "none"},
      {firehose_batch(small, std::string(65, 'a')), "InvalidArgumentException"},
      {firehose_batch(small, ""), "InvalidArgumentException"},
      {firehose_batch(small, "a/b"), "InvalidArgumentException"},
      {R"({"Records":[{"Data":"e30="}]})", "InvalidArgumentException"},
      {firehose_batch("{}"), "InvalidArgumentException"},
      {firehose_batch(R"({"Data":null})"), "InvalidArgumentException"},
      {firehose_batch(R"({"Data":1})"), "SerializationException"},
      {firehose_batch(R"({"Data":"e30"})"), "none"},
      {firehose_batch(R"({"Data":"{}"})"), "SerializationException"},
      {firehose_batch("1"), "SerializationException"},
      {R"({"DeliveryStreamName":1,"Records":[{"Data":"e30="}]})", "SerializationException"},
      {R"({"DeliveryStreamName":"ct","Records":{}})", "SerializationException"},
      {firehose_batch(small) + "x", "SerializationException"},
      {R"({"DeliveryStreamName":"ct","Records":[{"Data":"e30="})", "SerializationException"},
      {"", "SerializationException"},
  };
  for (const auto& [json, code] : cases) EXPECT_EQ(code_of(read_firehose(json)), code) << json.substr(0, 200);
}

TEST(AwsPut, HoldsKinesisToItsLimits) {
  const auto record = [](const std::string& more) { return R"({"Data":"e30=")" + more + "}"; };
  const auto keyed = [&](const std::string& key) { return kinesis_batch(record(R"(,"PartitionKey":")" + key + "\"")); };
  const auto hashed = [&](const std::string& hash) {
    return kinesis_batch(record(R"(,"PartitionKey":"a","ExplicitHashKey":")" + hash + "\""));
  };
  const std::string ten_mebibytes = tests::base64(std::string((std::size_t{10} << 20) - 1, 'x'));
  std::string umlauts;
  for (int i = 0; i < 256; ++i) umlauts += "\u00e4";
  const std::pair<std::string, std::string_view> cases[] = {
      {keyed("a"), "none"},
      {keyed(std::string(256, 'a')), "none"},
      {keyed(umlauts), "none"},
      {keyed(std::string(257, 'a')), "InvalidArgumentException"},
      {keyed(""), "InvalidArgumentException"},
      {kinesis_batch(record("")), "InvalidArgumentException"},
      {hashed("0"), "none"},
      {hashed("340282366920938463463374607431768211455"), "none"},
      {hashed("340282366920938463463374607431768211456"), "InvalidArgumentException"},
      {hashed("01"), "InvalidArgumentException"},
      {hashed("-1"), "InvalidArgumentException"},
      {hashed(""), "InvalidArgumentException"},
      {kinesis_batch(R"({"PartitionKey":"a","Data":")" + ten_mebibytes + "\"}"), "none"},
      {kinesis_batch(R"({"PartitionKey":"ab","Data":")" + ten_mebibytes + "\"}"), "InvalidArgumentException"},
  };
  for (const auto& [json, code] : cases) EXPECT_EQ(code_of(read_kinesis(json)), code) << json.substr(0, 200);
}

TEST(AwsPut, SaysHowToSwitchAggregationOff) {
  // Two records aggregated by the Kinesis Producer Library.
  const auto put = read_kinesis(
      kinesis_batch(R"({"PartitionKey":"a","Data":"84mawgoBYQoCYmIaBggAGgJ7fRoHCAEaA1sxXRF1acg4Ry2i2tzq61EYc1o="})"));
  EXPECT_EQ(code_of(put), "InvalidArgumentException");
  EXPECT_NE(put.error().message.find("AggregationEnabled=false"), std::string::npos);
}

}  // namespace
}  // namespace tripline::connectors::net
