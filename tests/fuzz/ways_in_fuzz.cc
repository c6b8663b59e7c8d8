#include "connectors/net/ways_in.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "connectors/net/sigv4.h"
#include "connectors/record_reader.h"

using namespace tripline::connectors;
using namespace tripline::connectors::net;

namespace {

const tripline::engine::EventTime kNow{std::chrono::milliseconds{1768471872391}};

/// What a request is, before its body: the first byte says which. Each is one that its way would take.
struct FuzzedWay {
  const char* target;
  const char* amz_target;
};
constexpr FuzzedWay kFuzzedWays[] = {
    {"/firehose", nullptr},
    {"/v1/events", nullptr},
    {"/", "Firehose_20150804.PutRecord"},
    {"/", "Firehose_20150804.PutRecordBatch"},
    {"/", "Kinesis_20131202.PutRecord"},
    {"/", "Kinesis_20131202.PutRecords"},
    {"/", "Firehose_20150804.DescribeDeliveryStream"},
    {"/", "Firehose_20150804.ListDeliveryStreams"},
    {"/", "Kinesis_20131202.DescribeStream"},
    {"/", "Kinesis_20131202.ListShards"},
    {"/", "Kinesis_20131202.ListStreams"},
};

HttpRequest request_of(const FuzzedWay& way, std::string_view body) {
  HttpRequest request;
  request.head.method = "POST";
  request.head.target = way.target;
  request.head.headers = {{"host", "127.0.0.1"}};
  request.body = body;
  auto& headers = request.head.headers;
  if (way.amz_target) {
    headers.emplace_back("x-amz-target", way.amz_target);
    if (body.starts_with("\x1f\x8b")) headers.emplace_back("content-encoding", "gzip");
  } else {
    // The headers of a delivery are of no interest to the other.
    headers.emplace_back("x-amz-firehose-protocol-version", "1.0");
    headers.emplace_back("x-amz-firehose-request-id", "id");
    headers.emplace_back("x-amz-firehose-common-attributes", body.substr(0, 200));
  }
  return request;
}

}  // namespace

/// Whatever the body: one answer, with a status that the way may give; what is accepted was taken whole, once, and can
/// be read to its end, and nothing else was taken.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const FuzzedWay& way = kFuzzedWays[data[0] % std::size(kFuzzedWays)];
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);

  WaysIn::Options options;
  options.access.open_without_keys = true;
  Intake intake({});
  WaysIn ways(options, intake, [] { return kNow; });
  HttpRequest request = request_of(way, body);
  if (ways.admit(request.head).refusal) std::abort();
  int answers = 0, status = 0;
  ways.handle(request, [&](HttpResponse answer) {
    ++answers;
    status = answer.status;
    if (answer.body.empty()) std::abort();
  });
  const bool taken = intake.deliveries() > 0;
  if (intake.deliveries() > 1 || answers != (taken ? 0 : 1)) std::abort();
  if (!taken) {
    const bool asks = way.amz_target && !std::string_view(way.amz_target).ends_with("Record") &&
                      !std::string_view(way.amz_target).ends_with("Records") &&
                      !std::string_view(way.amz_target).ends_with("RecordBatch");
    const bool nothing = !way.amz_target && request.head.target == "/firehose" && status == 200;
    if (status != 400 && status != 413 && !(status == 200 && (asks || nothing))) std::abort();
    return 0;
  }
  const auto envelope = intake.take();
  RecordReader reader(*envelope, Limits{});
  RecordBatch batch;
  while (*reader.next(batch)) {
  }
  intake.settle(envelope->sequence, {});
  if (answers != 1 || status != 200) std::abort();
  return 0;
}
