#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/aws_object.h"
#include "engine/event_time.h"

namespace tripline::connectors::net {

/// What the APIs tell of their streams: as much as writers ask for before they write. Each stream is active, has one
/// shard, and is as old as the server's run.
struct AwsStreams {
  std::vector<std::string> names;  // in order; none: one of any name
  std::string region;
  std::string account;
  engine::EventTime created;

  bool has(std::string_view name) const;
};

/// The answer to a call that asks for something, as JSON text.
using AwsQuery = AwsResult<std::string> (*)(const AwsObject& request, const AwsStreams& streams);

// Source: API references of Data Firehose and Kinesis Data Streams, the actions of these names.
AwsResult<std::string> describe_delivery_stream(const AwsObject& request, const AwsStreams& streams);
AwsResult<std::string> list_delivery_streams(const AwsObject& request, const AwsStreams& streams);
AwsResult<std::string> describe_stream(const AwsObject& request, const AwsStreams& streams);
AwsResult<std::string> describe_stream_summary(const AwsObject& request, const AwsStreams& streams);
AwsResult<std::string> list_shards(const AwsObject& request, const AwsStreams& streams);
AwsResult<std::string> list_streams(const AwsObject& request, const AwsStreams& streams);

/// ResourceNotFoundException, in the words of the services: `what` is `Firehose` or `Stream`.
AwsError no_such_stream(std::string_view what, std::string_view name, std::string_view account);

/// The answer to a put whose records have the numbers from `first` on, which only ever grow. `count`: of a call for
/// one.
using AwsPutAnswer = std::string (*)(std::uint64_t first, std::size_t count);

std::string put_record_answer(std::uint64_t first, std::size_t);
std::string put_record_batch_answer(std::uint64_t first, std::size_t count);
std::string kinesis_put_record_answer(std::uint64_t first, std::size_t);
std::string kinesis_put_records_answer(std::uint64_t first, std::size_t count);

}  // namespace tripline::connectors::net
