#include "connectors/net/aws_api.h"

#include <algorithm>
#include <utility>

#include "connectors/inflate.h"
#include "connectors/net/aws_answer.h"
#include "connectors/net/aws_object.h"
#include "connectors/net/aws_put.h"
#include "connectors/net/aws_streams.h"

namespace tripline::connectors::net {

/// One call: it puts (`read`, `answer`) or asks (`query`).
struct AwsApi::Operation {
  std::string_view target;  // X-Amz-Target
  Way way;
  std::size_t max_body;
  AwsResult<AwsPut> (*read)(const AwsObject& request);
  AwsPutAnswer answer;
  AwsQuery query;
};

namespace {

/// 4 MiB of data are 5.7 MiB of request.
constexpr std::size_t kFirehoseBody = std::size_t{8} << 20;
/// And 10 MiB are 13.4 MiB.
constexpr std::size_t kKinesisBody = std::size_t{16} << 20;
constexpr std::size_t kQueryBody = std::size_t{64} << 10;

AwsResult<AwsPut> read_put_record(const AwsObject& request) {
  const auto record = AwsObject::read(request.find("Record"));
  if (!record) return serialization_error("Record has to be an object");
  return read_put_one(request, *record, kFirehosePut);
}

AwsResult<AwsPut> read_put_record_batch(const AwsObject& request) { return read_put_many(request, kFirehosePut); }

AwsResult<AwsPut> read_kinesis_put_record(const AwsObject& request) {
  return read_put_one(request, request, kKinesisPut);
}

AwsResult<AwsPut> read_kinesis_put_records(const AwsObject& request) {
  auto put = read_put_many(request, kKinesisPut);
  const auto dry_run = request.flag("DryRun");
  if (!dry_run) return dry_run.error();
  if (put && *dry_run) return AwsError{"DryRunOperationException", 400, "The request would have succeeded."};
  return put;
}

std::string_view service_of(Way way) { return way == Way::kFirehoseApi ? "firehose" : "kinesis"; }

/// What a client does with it: both services' words for "send it again later", which SDKs do on their own.
AwsError not_taken(WayOutcome outcome, Way way, std::string_view stream, std::string_view account) {
  const bool firehose = way == Way::kFirehoseApi;
  switch (outcome) {
    case WayOutcome::kFull:
      if (firehose) return {"ServiceUnavailableException", 503, "Slow down."};
      return {"ProvisionedThroughputExceededException", 400,
              "Rate exceeded for shard shardId-000000000000 in stream " + std::string(stream) + " under account " +
                  std::string(account) + "."};
    case WayOutcome::kStopping:
      if (firehose) return {"ServiceUnavailableException", 503, reason_of(outcome)};
      return {"InternalFailureException", 500, reason_of(outcome)};
    default:
      return {firehose ? "InternalFailure" : "InternalFailureException", 500, reason_of(outcome)};
  }
}

/// What a request that is sent again has in common with the first, so that events without an id of their own are known
/// again: the SDKs say it. Else the id of this request.
std::string delivery_name(const HttpHead& head, std::string_view id) {
  const std::string* invocation = head.find("amz-sdk-invocation-id");
  const auto plain = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-'; };
  const bool good = invocation && !invocation->empty() && invocation->size() <= 64 &&
                    std::all_of(invocation->begin(), invocation->end(), plain);
  return good ? *invocation : std::string(id);
}

bool is_gzip_encoded(const HttpHead& head) {
  const std::string* encoding = head.find("content-encoding");
  return encoding && *encoding == "gzip";
}

}  // namespace

const AwsApi::Operation AwsApi::kOperations[] = {
    {"Firehose_20150804.PutRecord", Way::kFirehoseApi, kFirehoseBody, &read_put_record, &put_record_answer, nullptr},
    {"Firehose_20150804.PutRecordBatch", Way::kFirehoseApi, kFirehoseBody, &read_put_record_batch,
     &put_record_batch_answer, nullptr},
    {"Firehose_20150804.DescribeDeliveryStream", Way::kFirehoseApi, kQueryBody, nullptr, nullptr,
     &describe_delivery_stream},
    {"Firehose_20150804.ListDeliveryStreams", Way::kFirehoseApi, kQueryBody, nullptr, nullptr, &list_delivery_streams},
    {"Kinesis_20131202.PutRecord", Way::kKinesisApi, kKinesisBody, &read_kinesis_put_record, &kinesis_put_record_answer,
     nullptr},
    {"Kinesis_20131202.PutRecords", Way::kKinesisApi, kKinesisBody, &read_kinesis_put_records,
     &kinesis_put_records_answer, nullptr},
    {"Kinesis_20131202.DescribeStream", Way::kKinesisApi, kQueryBody, nullptr, nullptr, &describe_stream},
    {"Kinesis_20131202.DescribeStreamSummary", Way::kKinesisApi, kQueryBody, nullptr, nullptr,
     &describe_stream_summary},
    {"Kinesis_20131202.ListShards", Way::kKinesisApi, kQueryBody, nullptr, nullptr, &list_shards},
    {"Kinesis_20131202.ListStreams", Way::kKinesisApi, kQueryBody, nullptr, nullptr, &list_streams},
};

AwsApi::AwsApi(WayContext context) : context_(std::move(context)), ids_(context_.now()) {
  // A million numbers for each millisecond that passes: a later run never gives out an earlier one's.
  numbers_ = static_cast<std::uint64_t>(ids_.started().time_since_epoch().count()) << 20;
}

const AwsApi::Operation* AwsApi::find(const HttpHead& head) {
  const std::string* target = head.find("x-amz-target");
  const auto* at = std::find_if(std::begin(kOperations), std::end(kOperations),
                                [&](const Operation& row) { return target && row.target == *target; });
  return at == std::end(kOperations) || head.method != "POST" ? nullptr : at;
}

/// All that the head can be refused for.
std::optional<AwsError> AwsApi::check(const HttpHead& head, const Operation* operation, const WayAccess& access,
                                      AwsSignature& signature) const {
  if (!operation) return AwsError{"UnknownOperationException", 400, ""};
  if (!access.unsigned_calls) {
    auto read = read_signature(head);
    if (!read) return read.error();
    signature = std::move(*read);
    if (auto error = check_scope(signature, service_of(operation->way), context_.now())) return error;
    if (!access.secrets.contains(signature.key_id)) {
      return AwsError{"UnrecognizedClientException", 400, "The security token included in the request is invalid."};
    }
  }
  if (format_of(head) == AwsFormat::kCbor) {
    return serialization_error(
        "CBOR is not taken, JSON is: set AWS_CBOR_DISABLE=1 (AWS SDK for Java 1), CBOR_ENABLED=false (2)");
  }
  return std::nullopt;
}

/// The signature covers the body as it was sent; then gzip is taken off.
std::optional<AwsError> AwsApi::check_body(HttpRequest& request, const Operation& operation, const WayAccess& access,
                                           const AwsSignature& signature) const {
  if (!access.unsigned_calls) {
    const auto secret = access.secrets.find(signature.key_id);
    if (auto error = check_signature(signature, request.head, request.body, secret->second)) return error;
  }
  const std::string* encoding = request.head.find("content-encoding");
  if (!encoding || encoding->empty() || *encoding == "identity") return std::nullopt;
  const AwsError malformed{"MalformedHttpRequestException", 400, "the body is not of the Content-Encoding it names"};
  if (!is_gzip_encoded(request.head) || !is_gzip(request.body)) return malformed;
  const std::size_t size = gzip_size_hint(request.body);
  if (size > operation.max_body) {
    return AwsError{"RequestEntityTooLargeException", 413, "the request is too large inflated"};
  }
  std::string inflated(size, '\0');
  if (inflate_whole(request.body, inflated.data(), size) != size) return malformed;
  request.body = std::move(inflated);
  return std::nullopt;
}

HttpResponse AwsApi::refuse(const HttpHead& head, const Operation* operation, const AwsError& error,
                            const WaySource* source, std::size_t bytes) {
  constexpr std::string_view kOfAccess[] = {"MissingAuthenticationTokenException", "IncompleteSignatureException",
                                            "InvalidSignatureException", "UnrecognizedClientException"};
  if (operation && operation->read) {
    const bool access = std::find(std::begin(kOfAccess), std::end(kOfAccess), error.code) != std::end(kOfAccess);
    const auto outcome = access                ? WayOutcome::kUnauthorised
                         : error.status == 413 ? WayOutcome::kTooLarge
                                               : WayOutcome::kBadRequest;
    (source ? *source->counters : context_.counters.of("")).add(operation->way, outcome, bytes);
  }
  return aws_refusal(error, ids_.next(), format_of(head));
}

Admission AwsApi::admit(const HttpHead& head, const WayAccess& access) {
  Admission admission;
  admission.inflate = false;
  const Operation* operation = find(head);
  AwsSignature signature;
  if (const auto error = check(head, operation, access, signature)) {
    admission.refusal = refuse(head, operation, *error, nullptr, 0);
    return admission;
  }
  admission.max_body_bytes = admission.max_inflated_bytes = operation->max_body;
  admission.refuse = [this, head, operation](int status, std::string_view why) {
    const AwsError error{status == 413 ? "RequestEntityTooLargeException" : "MalformedHttpRequestException", status,
                         std::string(why)};
    return refuse(head, operation, error, nullptr, 0);
  };
  return admission;
}

void AwsApi::handle(HttpRequest request, const WayAccess& access, Reply reply) {
  const Operation* operation = find(request.head);
  AwsSignature signature;
  auto error = check(request.head, operation, access, signature);
  const std::size_t bytes = request.body.size();
  if (!error) error = check_body(request, *operation, access, signature);
  if (error) return reply(refuse(request.head, operation, *error, nullptr, bytes));
  if (operation->read) {
    put(request, *operation, access, std::move(reply));
  } else {
    query(request, *operation, access, reply);
  }
}

void AwsApi::put(const HttpRequest& request, const Operation& operation, const WayAccess& access, Reply reply) {
  const std::size_t bytes = request.body.size();
  const auto object = AwsObject::read(request.body);
  auto put = object ? operation.read(*object) : object.error();
  if (!put) return reply(refuse(request.head, &operation, put.error(), nullptr, bytes));
  const WaySource* source = access.stream(put->stream);
  if (!source) {
    const std::string_view what = operation.way == Way::kFirehoseApi ? "Firehose" : "Stream";
    return reply(refuse(request.head, &operation, no_such_stream(what, put->stream, access.account), nullptr, bytes));
  }
  const std::string id = ids_.next();
  engine::Envelope envelope;
  envelope.path = delivery_name(request.head, id);
  envelope.source = source->name;
  envelope.delivered = context_.now();
  envelope.body = std::move(put->body);
  const std::uint64_t first = numbers_.fetch_add(put->records);
  offer(context_, std::move(envelope),
        [id, &operation, first, bytes, records = put->records, stream = put->stream, account = access.account,
         counters = source->counters, reply = std::move(reply)](WayOutcome outcome) {
          counters->add(operation.way, outcome, bytes);
          if (outcome == WayOutcome::kAccepted) return reply(aws_answer(operation.answer(first, records), id));
          reply(aws_refusal(not_taken(outcome, operation.way, stream, account), id, AwsFormat::kJson));
        });
}

void AwsApi::query(const HttpRequest& request, const Operation& operation, const WayAccess& access,
                   const Reply& reply) {
  AwsStreams streams{.names = {}, .region = access.region, .account = access.account, .created = ids_.started()};
  for (const auto& [name, source] : access.streams) streams.names.push_back(name);
  const auto object = AwsObject::read(request.body);
  const auto answer = object ? operation.query(*object, streams) : object.error();
  if (!answer) return reply(refuse(request.head, &operation, answer.error(), nullptr, 0));
  reply(aws_answer(*answer, ids_.next()));
}

}  // namespace tripline::connectors::net
