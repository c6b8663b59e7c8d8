#include "connectors/net/aws_streams.h"

#include <algorithm>
#include <cstdio>

#include "connectors/net/aws_put.h"
#include "engine/json_text.h"

namespace tripline::connectors::net {
namespace {

using engine::JsonText;

constexpr std::string_view kShard = "shardId-000000000000";
constexpr std::string_view kRetentionHours = "24";

std::string digits(std::uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "%020llu", static_cast<unsigned long long>(number));
  return text;
}

std::string record_id(std::uint64_t number) { return "rec-" + digits(number); }

/// 56 digits that begin with 49, as the service's own.
std::string sequence_number(std::uint64_t number) { return "49" + std::string(34, '0') + digits(number); }

/// Seconds with milliseconds.
std::string seconds_text(engine::EventTime time) {
  const auto millis = time.time_since_epoch().count();
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%03d", static_cast<long long>(millis / 1000), static_cast<int>(millis % 1000));
  return text;
}

std::string arn(const AwsStreams& streams, std::string_view service, std::string_view kind, std::string_view name) {
  std::string text = "arn:aws:";
  text.append(service).append(":").append(streams.region).append(":").append(streams.account).append(":");
  return text.append(kind).append("/").append(name);
}

/// The stream that the request asks about.
AwsResult<std::string> known_stream(const AwsObject& request, const AwsStreams& streams, const AwsPutLimits& limits,
                                    std::string_view what) {
  auto name = stream_of(request, limits);
  if (name && !streams.has(*name)) return no_such_stream(what, *name, streams.account);
  return name;
}

/// A page of the streams' names, behind the one that the request names.
struct Page {
  std::vector<std::string_view> names;
  bool more = false;
};
AwsResult<Page> page_of(const AwsObject& request, const AwsStreams& streams, std::string_view start_member,
                        std::int64_t fallback, std::int64_t most) {
  const auto start = request.text(start_member);
  if (!start) return start.error();
  const auto limit = request.number("Limit");
  if (!limit) return limit.error();
  const std::int64_t wanted = limit->value_or(fallback);
  if (wanted < 1 || wanted > most) return invalid_argument("Limit has to be 1 to " + std::to_string(most));
  Page page;
  for (const std::string& name : streams.names) {
    if (*start && name <= **start) continue;
    page.more = page.names.size() == static_cast<std::size_t>(wanted);
    if (page.more) break;
    page.names.push_back(name);
  }
  return page;
}

void add_names(JsonText& json, std::string_view key, const Page& page) {
  json.key(key).begin_array();
  for (const auto name : page.names) json.string(name);
  json.end_array();
}

void add_stream(JsonText& json, const AwsStreams& streams, const std::string& name) {
  json.member("StreamName", name).member("StreamARN", arn(streams, "kinesis", "stream", name));
  json.member("StreamStatus", "ACTIVE").raw_member("StreamModeDetails", R"({"StreamMode":"ON_DEMAND"})");
  json.raw_member("RetentionPeriodHours", kRetentionHours);
  json.raw_member("StreamCreationTimestamp", seconds_text(streams.created));
  json.raw_member("EnhancedMonitoring", R"([{"ShardLevelMetrics":[]}])").member("EncryptionType", "NONE");
}

void add_shards(JsonText& json) {
  json.key("Shards").begin_array().begin_object().member("ShardId", kShard);
  json.key("HashKeyRange").begin_object().member("StartingHashKey", "0");
  json.member("EndingHashKey", "340282366920938463463374607431768211455").end_object();
  json.key("SequenceNumberRange").begin_object().member("StartingSequenceNumber", sequence_number(0)).end_object();
  json.end_object().end_array();
}

void add_put(JsonText& json, std::uint64_t number) {
  json.member("SequenceNumber", sequence_number(number)).member("ShardId", kShard);
}

}  // namespace

bool AwsStreams::has(std::string_view name) const {
  return names.empty() || std::binary_search(names.begin(), names.end(), name);
}

AwsResult<std::string> describe_delivery_stream(const AwsObject& request, const AwsStreams& streams) {
  const auto name = known_stream(request, streams, kFirehosePut, "Firehose");
  if (!name) return name.error();
  JsonText json;
  json.begin_object().key("DeliveryStreamDescription").begin_object().member("DeliveryStreamName", *name);
  json.member("DeliveryStreamARN", arn(streams, "firehose", "deliverystream", *name));
  json.member("DeliveryStreamStatus", "ACTIVE").member("DeliveryStreamType", "DirectPut").member("VersionId", "1");
  json.raw_member("CreateTimestamp", seconds_text(streams.created));
  json.raw_member("Destinations", R"([{"DestinationId":"destinationId-000000000001"}])");
  json.raw_member("HasMoreDestinations", "false").end_object().end_object();
  return json.take();
}

AwsResult<std::string> list_delivery_streams(const AwsObject& request, const AwsStreams& streams) {
  const auto page = page_of(request, streams, "ExclusiveStartDeliveryStreamName", 10, 10'000);
  if (!page) return page.error();
  JsonText json;
  add_names(json.begin_object(), "DeliveryStreamNames", *page);
  json.raw_member("HasMoreDeliveryStreams", page->more ? "true" : "false").end_object();
  return json.take();
}

AwsResult<std::string> describe_stream(const AwsObject& request, const AwsStreams& streams) {
  const auto name = known_stream(request, streams, kKinesisPut, "Stream");
  if (!name) return name.error();
  JsonText json;
  json.begin_object().key("StreamDescription").begin_object();
  add_stream(json, streams, *name);
  add_shards(json);
  json.raw_member("HasMoreShards", "false").end_object().end_object();
  return json.take();
}

AwsResult<std::string> describe_stream_summary(const AwsObject& request, const AwsStreams& streams) {
  const auto name = known_stream(request, streams, kKinesisPut, "Stream");
  if (!name) return name.error();
  JsonText json;
  json.begin_object().key("StreamDescriptionSummary").begin_object();
  add_stream(json, streams, *name);
  json.raw_member("OpenShardCount", "1").raw_member("ConsumerCount", "0").end_object().end_object();
  return json.take();
}

AwsResult<std::string> list_shards(const AwsObject& request, const AwsStreams& streams) {
  if (!request.find("NextToken").empty()) {
    return AwsError{"ExpiredNextTokenException", 400, "NextToken is none that was given out"};
  }
  const auto name = known_stream(request, streams, kKinesisPut, "Stream");
  if (!name) return name.error();
  JsonText json;
  add_shards(json.begin_object());
  json.end_object();
  return json.take();
}

AwsResult<std::string> list_streams(const AwsObject& request, const AwsStreams& streams) {
  // The token for the next page is the last name of this one.
  const bool token = !request.find("NextToken").empty();
  const auto page = page_of(request, streams, token ? "NextToken" : "ExclusiveStartStreamName", 100, 10'000);
  if (!page) return page.error();
  JsonText json;
  add_names(json.begin_object(), "StreamNames", *page);
  json.raw_member("HasMoreStreams", page->more ? "true" : "false");
  if (page->more) json.member("NextToken", page->names.back());
  json.end_object();
  return json.take();
}

AwsError no_such_stream(std::string_view what, std::string_view name, std::string_view account) {
  std::string message(what);
  message.append(" ").append(name).append(" under account ").append(account).append(" not found.");
  return {"ResourceNotFoundException", 400, std::move(message)};
}

std::string put_record_answer(std::uint64_t first, std::size_t) {
  JsonText json;
  json.begin_object().member("RecordId", record_id(first)).raw_member("Encrypted", "false").end_object();
  return json.take();
}

// Fluent Bit looks for `"FailedPutCount":0` and `"FailedRecordCount":0` as text, without a blank.

std::string put_record_batch_answer(std::uint64_t first, std::size_t count) {
  JsonText json;
  json.begin_object().raw_member("FailedPutCount", "0").raw_member("Encrypted", "false");
  json.key("RequestResponses").begin_array();
  for (std::size_t i = 0; i < count; ++i) json.begin_object().member("RecordId", record_id(first + i)).end_object();
  json.end_array().end_object();
  return json.take();
}

std::string kinesis_put_record_answer(std::uint64_t first, std::size_t) {
  JsonText json;
  add_put(json.begin_object(), first);
  json.member("EncryptionType", "NONE").end_object();
  return json.take();
}

std::string kinesis_put_records_answer(std::uint64_t first, std::size_t count) {
  JsonText json;
  json.begin_object().raw_member("FailedRecordCount", "0").member("EncryptionType", "NONE");
  json.key("Records").begin_array();
  for (std::size_t i = 0; i < count; ++i) {
    add_put(json.begin_object(), first + i);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace tripline::connectors::net
