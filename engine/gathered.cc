#include "engine/gathered.h"

#include <algorithm>
#include <tuple>

#include "engine/signal.h"
#include "engine/span.h"

namespace tripline::engine {

namespace {

using Layout = WindowEntries::Layout;

bool comes_before(const EventRef& a, const EventRef& b) { return std::tie(a.time, a.id) < std::tie(b.time, b.id); }

/// Events after `after` up to `until`, each once.
void append(const WindowEntries& entries, Layout layout, EventTime after, EventTime until,
            std::vector<EventRef>& events) {
  const std::size_t end = entries.after(until, layout);
  for (std::size_t i = entries.after(after, layout); i < end; ++i) {
    const WindowEntry entry = entries.at(i, layout);
    const bool again = !events.empty() && events.back().time == entry.time && events.back().id == entry.event;
    if (!again) events.push_back({entry.time, entry.event});
  }
}

/// The triggers of a window before one event came.
class Earlier {
 public:
  Earlier(const WindowEntries& entries, Layout layout, const std::vector<Verdict>& verdicts)
      : entries_(entries), layout_(layout) {
    for (const Verdict& verdict : verdicts) {
      if (verdict.fresh) fresh_.push_back({verdict.time, verdict.event});
    }
    std::sort(fresh_.begin(), fresh_.end(), comes_before);
  }

  /// The last one after `after`, at `until` at the latest; `after` if there is none.
  EventTime last(EventTime after, EventTime until) const {
    for (std::size_t i = entries_.after(until, layout_); i > 0; --i) {
      const WindowEntry entry = entries_.at(i - 1, layout_);
      if (entry.time <= after) break;
      if (triggered(entry)) return entry.time;
    }
    return after;
  }

  /// The first one after `after`, before `until`; `until` if there is none.
  EventTime first(EventTime after, EventTime until) const {
    for (std::size_t i = entries_.after(after, layout_); i < entries_.size(); ++i) {
      const WindowEntry entry = entries_.at(i, layout_);
      if (entry.time >= until) break;
      if (triggered(entry)) return entry.time;
    }
    return until;
  }

 private:
  bool triggered(const WindowEntry& entry) const {
    return entry.done &&
           !std::binary_search(fresh_.begin(), fresh_.end(), EventRef{entry.time, entry.event}, comes_before);
  }

  const WindowEntries& entries_;
  Layout layout_;
  std::vector<EventRef> fresh_;
};

/// What the signal of one period has of a window.
struct Told {
  EventTime period = EventTime::min();
  EventTime until = EventTime::min();  // by verdicts of this call
  bool added = false;                  // the event that came is among it
};

}  // namespace

void gather_at_once(const Correlation& correlation, const WindowEntries& entries, const EventRef& added, bool known,
                    std::vector<Verdict>& verdicts) {
  if (verdicts.empty()) return;
  const Layout layout = layout_of(correlation.type);
  const Earlier earlier(entries, layout, verdicts);
  Told told{.period = EventTime::min(), .until = EventTime::min(), .added = known};
  bool begun = false;
  for (Verdict& verdict : verdicts) {
    const EventTime period = period_start(verdict.at, correlation.period);
    if (!begun || period != told.period) told = {.period = period, .until = EventTime::min(), .added = known};
    begun = true;
    if (!verdict.fresh) {
      // It has shown its span when it was told, but for the event that came.
      if (!told.added) verdict.gathered.push_back(added);
      told.added = true;
      continue;
    }
    // Spans have one length: what the triggers beside it have shown ends at the one before, and begins a timespan
    // before the one behind.
    const EventTime from = std::max(before(verdict.time, correlation.timespan), told.until);
    const EventTime in_period = std::max(from, before(period, std::chrono::milliseconds{1}));
    const EventTime last = earlier.last(in_period, verdict.time);
    const EventTime shown_to = last == in_period ? from : last;
    const EventTime end = std::min(verdict.time + correlation.timespan, period + correlation.period);
    const EventTime next = earlier.first(verdict.time, end);
    const EventTime until = next == end ? verdict.time : std::min(verdict.time, before(next, correlation.timespan));
    if (shown_to < until) append(entries, layout, shown_to, until, verdict.gathered);
    told.added |= std::binary_search(verdict.gathered.begin(), verdict.gathered.end(), added, comes_before);
    told.until = std::max(told.until, verdict.time);
  }
}

void gather_judged(const Correlation& correlation, const WindowEntries& entries, std::vector<Verdict>& verdicts) {
  const Layout layout = layout_of(correlation.type);
  const bool ahead = correlation.judgement == Judgement::kAhead;
  Told told;
  for (Verdict& verdict : verdicts) {
    const EventTime period = period_start(verdict.at, correlation.period);
    if (period != told.period) told = {.period = period, .until = EventTime::min()};
    // One that looks ahead shows its own event too.
    const EventTime from =
        ahead ? before(verdict.time, std::chrono::milliseconds{1}) : before(verdict.time, correlation.timespan);
    append(entries, layout, std::max(from, told.until), verdict.at, verdict.gathered);
    told.until = verdict.at;
  }
}

}  // namespace tripline::engine
