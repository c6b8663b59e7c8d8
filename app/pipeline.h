#pragma once

#include <functional>
#include <memory>

#include "app/read_records.h"
#include "engine/rule_set.h"
#include "engine/source.h"
#include "engine/state.h"

namespace tripline::app {

struct Totals {
  InputTotals input;
  std::uint64_t matches = 0;  // duplicates included
  std::uint64_t duplicates =
      0;  // events that were delivered before (engine/recent_events.h), whether they match or not
};

/// The data's way: Source -> workers (RecordReader, Processor) -> State on the calling thread -> Store. Returns when
/// the Source ends and all is committed. Errors: of Source and Store. Matches are committed a thousand at a time, so
/// that an Envelope may be acknowledged before its matches are on the disk: for sources of files, which keep nothing of
/// what is acknowledged and are read again after a crash. `on_match`, which may be empty, hears every match, duplicates
/// included, in order on the calling thread, but those that the state finds itself (StateOptions::on_match); matches
/// have evidence as ReadOptions::all_evidence says. `origins`: kLater leaves those to the state, with the mints of all
/// records whatever the span.
engine::Result<Totals> run_pipeline(engine::Source& source, const std::shared_ptr<const engine::RuleSet>& rules,
                                    engine::State& state, const ReadOptions& options, const InputListener& listener,
                                    const std::function<void(const engine::Match&)>& on_match,
                                    const engine::Knowledge& knowledge = {},
                                    engine::Origins origins = engine::Origins::kKnown);

}  // namespace tripline::app
