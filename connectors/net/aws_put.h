#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "connectors/net/aws_object.h"

namespace tripline::connectors::net {

/// What a call puts into a stream, whole: a batch is taken or refused as one, since clients that send a batch again
/// when a part of it failed would send the other part twice.
struct AwsPut {
  std::string stream;
  std::string body;         // of its envelope: {"records":[{"data":"..."},...]}, which RecordReader knows
  std::size_t records = 0;  // 1 or more
};

/// What one service allows.
struct AwsPutLimits {
  std::string_view stream_member;  // that names the stream
  std::size_t stream_characters;
  std::size_t max_records;
  std::size_t max_record_bytes;  // before base64
  std::size_t max_bytes;         // of all records, with their partition keys
  bool partition_keys;           // each record has one
};

/// Limits as of the API references of Data Firehose (PutRecordBatch) and Kinesis Data Streams (PutRecords).
inline constexpr AwsPutLimits kFirehosePut{"DeliveryStreamName", 64, 500, 1'024'000, std::size_t{4} << 20, false};
inline constexpr AwsPutLimits kKinesisPut{"StreamName", 128, 500, std::size_t{10} << 20, std::size_t{10} << 20, true};

/// The stream that a request names, also by `StreamARN` where there is no other. InvalidArgumentException.
AwsResult<std::string> stream_of(const AwsObject& request, const AwsPutLimits& limits);

/// The one record of `record`, or those of the member `Records`.
AwsResult<AwsPut> read_put_one(const AwsObject& request, const AwsObject& record, const AwsPutLimits& limits);
AwsResult<AwsPut> read_put_many(const AwsObject& request, const AwsPutLimits& limits);

}  // namespace tripline::connectors::net
