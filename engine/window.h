#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/correlation.h"
#include "engine/event_time.h"
#include "engine/window_entries.h"

namespace tripline::engine {

/// `time` less `by`; the ends of time stay what they are.
EventTime before(EventTime time, std::chrono::milliseconds by);

/// One event as a group of a correlation sees it.
struct Occurrence {
  EventTime time;
  std::uint64_t event = 0;
  std::vector<std::uint16_t> inputs;  // the correlation's rules that it matched, ascending
  std::vector<std::uint64_t> values;  // digests of its counted values or bits of doubles, ascending; else empty
};

/// An event in a window: its time there, and its id.
struct EventRef {
  EventTime time;
  std::uint64_t id = 0;
};

/// What a window has found out about one of its events.
struct Verdict {
  EventTime at;  // when it triggers: the event's time, or the end of the span ahead of it
  EventTime time;
  std::uint64_t event = 0;
  double value = 0;                // of the span
  bool fresh = true;               // false: it has triggered before, with this value or a lower one
  std::vector<EventRef> others{};  // of a fresh one: latest other events of the span, with it at most kMaxEvidence
  EventTime was = at;              // of one that is not fresh: when it was said to trigger before
  bool final = true;               // it stays, at this time
  bool partial = false;            // a bound may have taken events of its span away
  /// Events that the signal of its period shows with it for the first time, each once (engine/gathered.h).
  std::vector<EventRef> gathered{};
};

// A group's window: which of its events trigger, in whatever order they come. Pure: the watermark is passed in; no
// event before it comes any more. docs/architecture.md, "Correlations", has the definitions.

/// Adds one event, not before `watermark`, and appends the verdicts that this gives at once. Entries that no span
/// needs any more go. Time is cut into stretches as long as the timespan: when there are more than `limit` entries in
/// the event's, the oldest of them go too, which sets partial(). How many of those.
std::size_t add(const Correlation& correlation, WindowEntries& entries, const Occurrence& occurrence,
                EventTime watermark, std::size_t limit, std::vector<Verdict>& verdicts);

/// Appends the verdicts that had to wait for `watermark`, in order of time, and drops what no span needs any more.
/// `limit`: as of add().
void advance(const Correlation& correlation, WindowEntries& entries, EventTime watermark, std::size_t limit,
             std::vector<Verdict>& verdicts);

/// The watermark before which advance() has nothing to do. Requires entries.
EventTime next_due(const Correlation& correlation, const WindowEntries& entries);

}  // namespace tripline::engine
