#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "connectors/byte_buffer.h"
#include "connectors/text_arena.h"
#include "engine/record.h"
#include "engine/result.h"

namespace tripline::connectors {

/// A piece of a delivery that could not be read as a record, with the reason; the rest of the delivery still counts.
struct SetAside {
  engine::ErrorCode code;
  std::uint64_t offset;  // bytes from the start of the inflated delivery
  std::uint64_t bytes;   // how much was passed over
  std::string reason;    // one sentence, without payload
};

/// Things that are no events and are recognised as such; counted by name, never an error.
enum class Skipped {
  kDigest,          // CloudTrail digest file
  kControlMessage,  // CloudWatch Logs CONTROL_MESSAGE
  kTestEvent,       // s3:TestEvent
  kNotification,    // S3, SNS or CloudTrail notification that names objects, holds no records
  kAggregated,      // CloudTrail aggregated record: a summary, no event
  kEmpty,           // record of Firehose or Kinesis without a byte
};
struct SkippedRow {
  Skipped what;
  const char* one;  // for people
  const char* many;
};
inline constexpr SkippedRow kSkippedRows[] = {
    {Skipped::kDigest, "digest of CloudTrail", "digests of CloudTrail"},
    {Skipped::kControlMessage, "control message of CloudWatch Logs", "control messages of CloudWatch Logs"},
    {Skipped::kTestEvent, "test event of S3", "test events of S3"},
    {Skipped::kNotification, "notification that names files and holds no event",
     "notifications that name files and hold no event"},
    {Skipped::kAggregated, "aggregated record, which sums up events", "aggregated records, which sum up events"},
    {Skipped::kEmpty, "record without data", "records without data"},
};

/// Records of one delivery that are in memory together; owns their bytes (with engine::kRecordPadding behind each).
/// Reused from batch to batch and from delivery to delivery. Not copied, not moved while records are in use.
struct RecordBatch {
  std::vector<engine::Record> records;
  std::vector<SetAside> set_aside;
  std::vector<Skipped> skipped;
  std::vector<std::string> warnings;  // e.g. the path's account differs from the record's
  std::uint64_t inflated_bytes = 0;   // of the delivery, read for this batch
  std::uint64_t stored_bytes = 0;     // the same as they are stored, perhaps compressed: what a progress bar adds up

  ByteBuffer bytes;     // a stretch of the delivery
  TextArena unwrapped;  // texts that were taken out of strings (CloudWatch Logs messages, ...)

  void clear();
};

}  // namespace tripline::connectors
