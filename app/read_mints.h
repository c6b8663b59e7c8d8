#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/console.h"
#include "app/read_records.h"
#include "engine/event.h"
#include "engine/lineage.h"

namespace tripline::app {

struct Mints {
  std::unique_ptr<const engine::Lineage> lineage;
  std::vector<std::uint64_t> picked;  // Mint::event of those that were picked, in order of delivery
};

/// Reads an input once, for its mints alone, so that origins can be told in a second reading: a mint may be delivered
/// after the use of what it issued. Standard input is kept for that (app/standard_input.h). Where the input holds the
/// owner's copy of a call from another account, which hides the caller, it is read once more for the callers' copies.
///
/// All mints count, whatever the span of `options`. What cannot be read is left for the second reading to report. At
/// most kMostMints are remembered; the console is told how many more there are. `picks`, which may be empty, is asked
/// of each mint by workers side by side. Errors: as connectors::FileSource::open, and of standard input.
engine::Result<Mints> read_mints(const std::vector<std::string>& paths, const ReadOptions& options, Console& console,
                                 bool shows_progress,
                                 const std::function<bool(engine::Event&, const engine::Mint&)>& picks = {});

/// 160 bytes each, some 2.5 GB in all.
inline constexpr std::size_t kMostMints = 16'000'000;

}  // namespace tripline::app
