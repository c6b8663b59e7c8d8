#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/limits.h"
#include "connectors/record_batch.h"
#include "connectors/unwrap.h"
#include "engine/envelope.h"
#include "engine/result.h"

namespace tripline::connectors {

/// Whether an object plainly begins like a CloudTrail record: with an `eventVersion` of 1.01 or later. S3 notifications
/// say 2.x, aggregated records and Kinesis records 1.0; those, and records with another first key, are looked into.
bool is_bare_record(std::string_view object);

/// Recognises what one JSON object of a delivery is, by its top-level keys, and takes the bare records out of it.
/// docs/architecture.md, "Payload forms", lists the forms; the table in payload.cc is their order. Spans of the object
/// are passed on without a copy; what stood in a string or in base64 goes to the batch's arena.
///
/// Sources: Amazon CloudWatch Logs, EventBridge, SNS, S3, SQS, Lambda and Data Firehose developer guides; AWS
/// CloudTrail User Guide, "CloudTrail record contents", "CloudTrail digest file structure" and "LookupEvents".
class Payload {
 public:
  /// `cloudtrail` false: every object is a record. Borrows all, which outlive it.
  Payload(const engine::Envelope& envelope, const Limits& limits, bool cloudtrail);

  /// Puts what `object` holds into `batch`: records, or something to skip. `offset`: where it stands in the delivery.
  /// False: it is nothing that is known, and nothing was put there.
  bool take(std::string_view object, std::uint64_t offset, RecordBatch& batch);

  /// Why the last object could not be read, or not all of it; nothing when all is well.
  const std::optional<engine::Error>& trouble() const { return trouble_; }

 private:
  struct Form;
  static const Form kForms[];
  struct Members {
    std::string_view object;  // whose members they are
    std::array<std::string_view, 32> values;
    std::string_view operator[](std::size_t key) const { return values[key]; }
  };

  bool take_object(std::string_view object, int level);
  bool take_text(std::string_view text, int level);
  bool take_string(std::string_view string, int level);
  bool take_base64(std::string_view string, int level);
  bool take_unwrapped(const Unwrapped& unwrapped, int level);
  bool take_members(std::string_view object, int level);
  void add_record(std::string_view object);
  bool skip(Skipped what);
  bool trouble(engine::ErrorCode code, std::string why);

  bool read_cloudwatch_logs(const Members& members, int level);
  bool read_sns(const Members& members, int level);
  bool read_subscription(const Members& members, int level);
  bool read_notification(const Members& members, int level);
  bool read_test_event(const Members& members, int level);
  bool read_digest(const Members& members, int level);
  bool read_aggregated(const Members& members, int level);
  bool read_kinesis(const Members& members, int level);
  bool read_awslogs(const Members& members, int level);
  bool read_lookup_event(const Members& members, int level);
  bool read_failed_delivery(const Members& members, int level);
  bool read_firehose_record(const Members& members, int level);
  bool read_detail(const Members& members, int level);
  bool read_record(const Members& members, int level);

  const engine::Envelope& envelope_;
  const Limits& limits_;
  bool cloudtrail_;
  std::uint32_t index_ = 0;

  // Of the object that take() was called for.
  RecordBatch* batch_ = nullptr;
  std::uint64_t offset_ = 0;
  std::optional<Unwrapper> unwrapper_;
  std::optional<engine::Error> trouble_;
};

}  // namespace tripline::connectors
