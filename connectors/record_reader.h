#pragma once

#include <cstddef>
#include <memory>

#include "connectors/limits.h"
#include "connectors/record_batch.h"
#include "engine/envelope.h"
#include "engine/result.h"

namespace tripline::connectors {

/// Reads one Envelope, batch by batch, in memory that does not grow with the delivery: gzip (any number of members and
/// levels) is taken off, the payload's form is detected (never configured), and every form becomes bare records.
///
/// Forms: protocol sources are AWS' guides for CloudTrail, CloudWatch Logs subscriptions, EventBridge, SNS, S3 and Data
/// Firehose; docs/architecture.md, "Payload forms", lists them. `cloudtrail` false: each JSON object is one record of
/// some other log, and only `Records`-less forms (NDJSON, array, single object) are taken apart.
///
/// What cannot be read is set aside with its reason and offset, once for each stretch, and takes nothing else with it:
/// an object with broken strings or brackets ends where the next record begins (connectors/json_splitter.h). An object
/// that is balanced and still no JSON is given as a record, for the parser to refuse; it spans no other record. A
/// delivery that holds nothing known at all is set aside once, as a whole.
/// Threads: one worker at a time. Borrows the Envelope, which outlives it.
class RecordReader {
 public:
  static constexpr std::size_t kBatchBytes = std::size_t{4} << 20;

  /// `batch_bytes`: how much of the delivery is read at a time; what is found does not depend on it.
  RecordReader(const engine::Envelope& envelope, const Limits& limits, bool cloudtrail = true,
               std::size_t batch_bytes = kBatchBytes);
  ~RecordReader();

  /// Fills `batch` (after clearing it) with the next records, about `batch_bytes` of them. False: the end was reached
  /// before, and `batch` is empty. kIo: the file cannot be opened or read; what else is wrong with a delivery is not an
  /// error but stands in `batch.set_aside`, and everything else in the delivery still counts.
  engine::Result<bool> next(RecordBatch& batch);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tripline::connectors
