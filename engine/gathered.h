#pragma once

#include <vector>

#include "engine/correlation.h"
#include "engine/window.h"
#include "engine/window_entries.h"

namespace tripline::engine {

// Which events a signal counts: all that lie in the span of some of its triggers, each once, whatever order they come
// in. Spans overlap, so that each verdict is given those events alone that no trigger told before has shown in its
// signal, which are found from where those triggers lie. Pure.

/// For a correlation that judges at once: `verdicts` came of adding one event to the window, which was `known` to it
/// before by another of its entries. Verdicts in order of time.
void gather_at_once(const Correlation& correlation, const WindowEntries& entries, const EventRef& added, bool known,
                    std::vector<Verdict>& verdicts);

/// For one that judges each moment once: `verdicts` came of one advance(), in order of time. Events that an earlier one
/// has shown are among them, all at or before the last that it showed.
void gather_judged(const Correlation& correlation, const WindowEntries& entries, std::vector<Verdict>& verdicts);

}  // namespace tripline::engine
