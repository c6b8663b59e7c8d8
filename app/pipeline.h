#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/limits.h"
#include "connectors/record_batch.h"
#include "engine/processor.h"
#include "engine/rule_set.h"
#include "engine/source.h"
#include "engine/state.h"

namespace tripline::app {

struct PipelineOptions {
  unsigned threads = 1;
  connectors::Limits limits;
  std::optional<engine::EventTime> from;  // records before it, or from `to` on, are counted but not matched
  std::optional<engine::EventTime> to;
};

/// Something to say about a delivery, in order.
struct Notice {
  std::string path;
  connectors::SetAside what;
};

struct Totals {
  std::uint64_t envelopes = 0;
  std::uint64_t records = 0;       // parsed as JSON and looked at
  std::uint64_t out_of_range = 0;  // of them, outside from/to
  std::uint64_t inflated_bytes = 0;
  std::uint64_t set_aside = 0;
  std::uint64_t matches = 0;
  std::uint64_t skipped[std::size(connectors::kSkippedRows)] = {};
};

/// What the run's owner wants to hear, all on the calling thread and in the order of delivery. Each may be empty.
struct PipelineListener {
  std::function<void(const engine::Match&)> match;  // every match, duplicates included
  std::function<void(const Notice&)> set_aside;
  std::function<void(const std::string& path, const std::string& warning)> warning;
  std::function<void(const Totals&)> progress;  // after each part
};

/// The data's way: Source -> workers (RecordReader, Processor) -> State on the calling thread -> Store, which then
/// acknowledges to the Source. Returns when the Source ends. Errors: of Source and Store.
engine::Result<Totals> run_pipeline(engine::Source& source, const std::shared_ptr<const engine::RuleSet>& rules,
                                    engine::State& state, const PipelineOptions& options,
                                    const PipelineListener& listener);

}  // namespace tripline::app
