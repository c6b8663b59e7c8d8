#pragma once

#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/moment.h"
#include "app/ordered_work.h"
#include "connectors/limits.h"
#include "connectors/record_batch.h"
#include "connectors/record_reader.h"
#include "engine/event.h"
#include "engine/record.h"
#include "engine/source.h"

namespace tripline::app {

struct ReadOptions {
  unsigned threads = 1;
  connectors::Limits limits;
  bool cloudtrail = true;                    // records are CloudTrail's; else each JSON object is one
  Span span;                                 // of event time; records outside are counted and go no further
  bool parse_all = false;                    // also records that no rule can match
  bool all_evidence = false;                 // of every match; else of those whose signals keep it
  bool records = false;                      // matches carry the text of their records, for signals that show them
  std::function<engine::EventTime()> now{};  // the clock that signals say they were opened by; empty: they do not say
};

/// What came of one RecordBatch, whatever is done with its records. A command's own part derives from it.
struct InputPart {
  std::vector<connectors::SetAside> set_aside;
  std::vector<connectors::Skipped> skipped;
  std::vector<std::string> warnings;
  std::uint64_t records = 0;
  std::uint64_t out_of_span = 0;
  std::uint64_t inflated_bytes = 0;
  std::uint64_t stored_bytes = 0;
};

struct InputTotals {
  std::uint64_t envelopes = 0;
  std::uint64_t records = 0;      // parsed as JSON and looked at
  std::uint64_t out_of_span = 0;  // of them, outside the span
  std::uint64_t inflated_bytes = 0;
  std::uint64_t stored_bytes = 0;  // the same as they are stored, perhaps compressed
  std::uint64_t set_aside = 0;
  std::uint64_t skipped[std::size(connectors::kSkippedRows)] = {};

  void add(const InputPart& part);
};

/// What the run's owner wants to hear of the input, all on the calling thread and in the order of delivery. Each may be
/// empty.
struct InputListener {
  std::function<void(const std::string& path, const connectors::SetAside& piece)> set_aside;
  std::function<void(const std::string& path, const std::string& warning)> warning;
  std::function<void(const InputTotals&)> progress;  // after each part
};

/// What a worker did with a record.
enum class Outcome { kTaken, kOutOfSpan };

/// Reads one Envelope batch by batch; the worker's part of read_records().
void read_envelope(const engine::Envelope& envelope, const ReadOptions& options, connectors::RecordBatch& batch,
                   const std::function<void(const connectors::RecordBatch&)>& take);
void take_input(const connectors::RecordBatch& batch, InputPart& part);
void announce(const std::string& path, const InputPart& part, const InputListener& listener);

/// Whether the event's own time lies in the span. One without a readable time lies in no bounded span.
bool lies_in(const Span& span, const engine::Event& event);

/// Source -> workers -> the calling thread, for every command that reads logs. `make_process()` is called once per
/// worker and gives `process(const Record&, Part&)`, a Result<Outcome>; an error sets the record aside.
/// `consume(const Envelope&, Part&&)` gets the parts in the order of the Envelopes, whatever the number of threads.
/// Errors: of the Source. What `consume` throws ends the work and is thrown here.
template <class Part, class MakeProcess, class Consume>
engine::Result<InputTotals> read_records(engine::Source& source, const ReadOptions& options, MakeProcess make_process,
                                         Consume consume, const InputListener& listener) {
  using Work = OrderedWork<Part>;
  InputTotals totals;
  const auto make_worker = [&] {
    return [&options, process = make_process(), batch = std::make_shared<connectors::RecordBatch>()](
               const engine::Envelope& envelope, const typename Work::Emit& emit) {
      read_envelope(envelope, options, *batch, [&](const connectors::RecordBatch& filled) {
        Part part;
        for (const engine::Record& record : filled.records) {
          const engine::Result<Outcome> done = process(record, part);
          if (!done) {
            part.set_aside.push_back({done.error().code, record.offset, record.json.size(), done.error().message});
            continue;
          }
          ++part.records;
          if (*done == Outcome::kOutOfSpan) ++part.out_of_span;
        }
        take_input(filled, part);
        emit(std::move(part));
      });
    };
  };
  const auto consume_part = [&](const engine::Envelope& envelope, Part part) {
    totals.add(part);
    announce(envelope.path, part, listener);
    consume(envelope, std::move(part));
    if (listener.progress) listener.progress(totals);
  };
  const auto finished = [&](const engine::Envelope& envelope) {
    ++totals.envelopes;
    source.acknowledge(envelope);
  };
  const auto ran = Work::run(source, options.threads, make_worker, consume_part, finished);
  if (!ran) return ran.error();
  return totals;
}

}  // namespace tripline::app
