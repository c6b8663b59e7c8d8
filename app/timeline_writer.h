#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "app/console.h"
#include "app/rows.h"
#include "app/timeline_entry.h"

namespace tripline::app {

/// So long without a call is a gap, which a table shows.
inline constexpr std::chrono::minutes kTimelineGap{30};

/// Writes the entries, which stand in their order: for people indented by hop, with gaps; for spreadsheets a column
/// each; as JSON each entry's own text. `fields`: the names of `chosen`, which stand in place of all columns; empty:
/// ours.
void write_timeline(const std::vector<TimelineEntry>& entries, const std::vector<std::string>& fields, Format format,
                    Console& console);

}  // namespace tripline::app
