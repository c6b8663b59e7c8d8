#pragma once

#include <memory>

#include "connectors/limits.h"
#include "connectors/record_batch.h"
#include "engine/envelope.h"
#include "engine/log_source.h"
#include "engine/result.h"

namespace tripline::connectors {

/// Reads one Envelope, batch by batch, in memory that does not grow with the delivery: gzip (any number of members) is
/// taken off, the payload's form is detected (never configured), and every form becomes bare records.
///
/// Forms: protocol sources are AWS' guides for CloudTrail, CloudWatch Logs subscriptions, EventBridge, SNS, S3 and Data
/// Firehose; docs/architecture.md, "Payload forms", lists them. `cloudtrail` false: each JSON object is one record of
/// some other log, and only `Records`-less forms (NDJSON, array, single object) are taken apart.
/// Threads: one worker at a time. Borrows the Envelope, which outlives it.
class RecordReader {
 public:
  RecordReader(const engine::Envelope& envelope, const Limits& limits, bool cloudtrail = true);
  ~RecordReader();

  /// Fills `batch` (after clearing it) with the next records, about 4 MiB of them. False: the end was reached before,
  /// and `batch` is empty. kIo: the file cannot be opened or read; what else is wrong with a delivery is not an error
  /// but stands in `batch.set_aside`, and everything else in the delivery still counts.
  engine::Result<bool> next(RecordBatch& batch);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tripline::connectors
