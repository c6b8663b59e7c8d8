#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/console.h"
#include "app/read_records.h"
#include "engine/lineage.h"

namespace tripline::app {

/// Reads an input once, for its mints alone, so that origins can be told in a second reading: a mint may be delivered
/// after the use of what it issued. Standard input is kept for that (app/standard_input.h).
///
/// All mints count, whatever the span of `options`. What cannot be read is left for the second reading to report. At
/// most kMostMints are remembered; the console is told how many more there are. `on_mint`, which may be empty, hears
/// each on the calling thread, in order of delivery.
/// Errors: as connectors::FileSource::open, and of standard input.
engine::Result<std::unique_ptr<const engine::Lineage>> read_mints(
    const std::vector<std::string>& paths, const ReadOptions& options, Console& console, bool shows_progress,
    const std::function<void(const engine::Mint&)>& on_mint = {});

/// 160 bytes each, some 2.5 GB in all.
inline constexpr std::size_t kMostMints = 16'000'000;

}  // namespace tripline::app
