#pragma once

#include <vector>

#include "app/console.h"
#include "app/rows.h"
#include "app/timeline_entry.h"

namespace tripline::app {

/// What a timeline comes to: how often which calls, from which addresses, with which agents and keys, in which accounts
/// and regions, as whom, how many of them denied, when first and last. The most frequent first.
void write_timeline_summary(const std::vector<TimelineEntry>& entries, Format format, Console& console);

}  // namespace tripline::app
