#include "engine/window.h"

#include <algorithm>
#include <optional>

#include "engine/gathered.h"
#include "engine/signal.h"
#include "engine/span.h"

namespace tripline::engine {

namespace {

using Layout = WindowEntries::Layout;

/// Like StepCondition itself: what stands under `not` is looked for in `around`, all else in `behind`.
bool holds(const StepCondition& condition, const Span& behind, const Span* around) {
  const auto child_holds = [&](const StepCondition& child) { return holds(child, behind, around); };
  switch (condition.kind) {
    case StepCondition::Kind::kInput:
      return behind.has(condition.input);
    case StepCondition::Kind::kNot:
      return around != nullptr && !around->has(condition.children.front().input);
    case StepCondition::Kind::kAnd:
      return std::all_of(condition.children.begin(), condition.children.end(), child_holds);
    case StepCondition::Kind::kOr:
      return std::any_of(condition.children.begin(), condition.children.end(), child_holds);
  }
  return false;
}

bool satisfied(const Correlation& correlation, double value, const Span& span, const Span* around) {
  if (!correlation.steps.empty()) return holds(correlation.steps.front(), span, around);
  if (correlation.type == CorrelationType::kTemporalOrdered) {
    return value == static_cast<double>(correlation.inputs.size());
  }
  return satisfies(value, correlation.bounds);
}

/// A stretch of time as long as the correlation's timespan, of which a bound keeps so many entries: a span lies in two
/// of them at most, and what is dense in one costs no other its entries.
struct Stretch {
  std::size_t first = 0;
  std::size_t end = 0;
  EventTime from;  // its own beginning

  static Stretch of(const Correlation& correlation, const WindowEntries& entries, Layout layout, EventTime time) {
    const auto length = correlation.timespan.count();
    const auto ticks = time.time_since_epoch().count();
    const auto into = (ticks % length + length) % length;
    const EventTime from = time - EventTime::duration{into};
    return {entries.not_before(from, layout), entries.not_before(from + correlation.timespan, layout), from};
  }
};

/// Whether the bound may have taken something away that lay in [from, to].
bool may_lack(const Correlation& correlation, const WindowEntries& entries, Layout layout, std::size_t limit,
              EventTime from, EventTime to) {
  if (!entries.partial()) return false;
  for (EventTime at = from;; at = std::min(at + correlation.timespan, to)) {
    const Stretch stretch = Stretch::of(correlation, entries, layout, at);
    // One that was full stays so, until its front is not needed any more.
    if (stretch.end - stretch.first >= limit || (stretch.first == 0 && stretch.end > 0)) return true;
    if (at == to) return false;
  }
}

/// The span's last events, each once, without the one that triggers.
std::vector<EventRef> latest_events(const WindowEntries& entries, Layout layout, const Span& span,
                                    std::uint64_t except) {
  std::vector<EventRef> events;
  for (std::size_t i = span.end(); i > span.first() && events.size() + 1 < Signal::kMaxEvidence; --i) {
    const WindowEntry entry = entries.at(i - 1, layout);
    const bool known =
        std::any_of(events.begin(), events.end(), [&](const EventRef& e) { return e.id == entry.event; });
    if (entry.event != except && !known) events.push_back({entry.time, entry.event});
  }
  return events;
}

/// Judges the events of one moment, which share their span: entries [first, end).
class Judge {
 public:
  /// `most`: entries of all spans that it looks at.
  Judge(const Correlation& correlation, WindowEntries& entries, std::size_t limit, std::size_t most,
        std::vector<Verdict>& verdicts)
      : correlation_(correlation),
        entries_(entries),
        limit_(limit),
        verdicts_(verdicts),
        layout_(layout_of(correlation.type)),
        span_(correlation, entries, most) {
    if (correlation.judgement == Judgement::kAround) around_.emplace(correlation, entries, most);
  }

  /// Judges the moment that begins at entry `first`; where the next one begins.
  std::size_t moment(std::size_t first) {
    const EventTime time = entries_.time(first, layout_);
    const auto timespan = correlation_.timespan;
    const std::size_t end = entries_.after(time, layout_);
    EventTime at = time;
    const Span* around = nullptr;
    if (correlation_.judgement == Judgement::kAhead) {
      at = time + timespan;
      span_.move(end, entries_.after(at, layout_));
    } else {
      span_.move(entries_.after(time - timespan, layout_), end);
    }
    if (around_) {
      around_->move(span_.first(), entries_.not_before(time + timespan, layout_));
      around = &*around_;
    }
    const double value = span_.value();
    const bool triggers = satisfied(correlation_, value, span_, around);
    const bool once = correlation_.judgement != Judgement::kAtOnce;
    for (std::size_t i = first; i < end; ++i) {
      const WindowEntry entry = entries_.at(i, layout_);
      const bool same_event = i > first && entries_.at(i - 1, layout_).event == entry.event;
      if (triggers && !same_event) {
        Verdict verdict{.at = at, .time = time, .event = entry.event, .value = value, .fresh = !entry.done};
        verdict.partial = may_lack(correlation_, entries_, layout_, limit_,
                                   correlation_.judgement == Judgement::kAhead ? time : time - timespan,
                                   around != nullptr ? time + timespan : at);
        if (verdict.fresh) verdict.others = latest_events(entries_, layout_, span_, entry.event);
        verdicts_.push_back(std::move(verdict));
      }
      if (triggers || once) entries_.set_done(i, layout_);
    }
    return end;
  }

 private:
  const Correlation& correlation_;
  WindowEntries& entries_;
  std::size_t limit_;
  std::vector<Verdict>& verdicts_;
  Layout layout_;
  Span span_;
  std::optional<Span> around_;
};

/// Entries after the watermark less this are needed.
std::chrono::milliseconds reach(const Correlation& correlation) {
  return correlation.judgement == Judgement::kAround ? 2 * correlation.timespan : correlation.timespan;
}

/// Entries are judged in order of time, so that those that were stand first.
std::size_t first_unjudged(const WindowEntries& entries, Layout layout) {
  std::size_t low = 0;
  std::size_t high = entries.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (entries.at(middle, layout).done) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/// Whether no event can come any more that changes how the events at `time` are judged. An event at the watermark
/// itself may still come.
bool settled(const Correlation& correlation, EventTime time, EventTime watermark) {
  switch (correlation.judgement) {
    case Judgement::kBehind:
      return time < watermark;
    case Judgement::kAhead:
      return time + correlation.timespan < watermark;
    case Judgement::kAround:
      return time + correlation.timespan <= watermark;
    case Judgement::kAtOnce:
      break;
  }
  return false;
}

void drop_old(const Correlation& correlation, WindowEntries& entries, EventTime watermark) {
  const Layout layout = layout_of(correlation.type);
  // A span ahead of an event at its far edge needs that event, one behind or around does not.
  const EventTime edge = before(watermark, reach(correlation));
  const bool keeps_edge = correlation.judgement == Judgement::kAhead;
  entries.erase_front(keeps_edge ? entries.not_before(edge, layout) : entries.after(edge, layout), layout);
}

/// Whether the event has an entry already, of another input or value.
bool knows(const WindowEntries& entries, Layout layout, const WindowEntry& entry) {
  for (std::size_t i = entries.not_before(entry.time, layout); i < entries.size(); ++i) {
    const WindowEntry other = entries.at(i, layout);
    if (other.time != entry.time) break;
    if (other.event == entry.event) return true;
  }
  return false;
}

}  // namespace

EventTime before(EventTime time, std::chrono::milliseconds by) {
  if (time == EventTime::max() || time < EventTime::min() + by) return time;
  return time - by;
}

std::size_t add(const Correlation& correlation, WindowEntries& entries, const Occurrence& occurrence,
                EventTime watermark, std::size_t limit, std::vector<Verdict>& verdicts) {
  const Layout layout = layout_of(correlation.type);
  const bool by_input =
      correlation.type == CorrelationType::kTemporal || correlation.type == CorrelationType::kTemporalOrdered;
  drop_old(correlation, entries, watermark);
  const EventTime newest =
      entries.size() == 0 ? occurrence.time : std::max(occurrence.time, entries.time(entries.size() - 1, layout));
  const EventTime values_from = before(newest, correlation.timespan);  // of the span that ends with the entries
  bool added = false;
  WindowEntry entry{.time = occurrence.time, .event = occurrence.event};
  const bool known = knows(entries, layout, entry);
  if (by_input) {
    for (const std::uint16_t input : occurrence.inputs) {
      entry.input = input;
      added |= entries.insert(entry, layout);
    }
  } else if (layout == Layout::kWithValue) {
    for (const std::uint64_t value : occurrence.values) {
      entry.value = value;
      added |= entries.insert(entry, layout, values_from);
    }
  } else {
    added = entries.insert(entry, layout);
  }
  if (!added) return 0;
  std::size_t evicted = 0;
  if (entries.size() > limit) {
    const Stretch stretch = Stretch::of(correlation, entries, layout, occurrence.time);
    if (stretch.end - stretch.first > limit) {
      evicted = stretch.end - stretch.first - limit;
      entries.erase(stretch.first, evicted, layout, values_from);
      entries.set_partial();
    }
  }
  if (correlation.judgement != Judgement::kAtOnce) return evicted;
  if (static_cast<double>(entries.size()) < correlation.least) return evicted;
  // The new event lies in the spans of its own moment and of all moments less than a timespan later.
  const std::size_t end = entries.not_before(occurrence.time + correlation.timespan, layout);
  const std::size_t begin = entries.after(occurrence.time - correlation.timespan, layout);
  Judge judge(correlation, entries, limit, end - begin, verdicts);
  for (std::size_t i = entries.not_before(occurrence.time, layout); i < end;) i = judge.moment(i);
  gather_at_once(correlation, entries, {occurrence.time, occurrence.event}, known, verdicts);
  return evicted;
}

void advance(const Correlation& correlation, WindowEntries& entries, EventTime watermark, std::size_t limit,
             std::vector<Verdict>& verdicts) {
  const Layout layout = layout_of(correlation.type);
  if (correlation.judgement != Judgement::kAtOnce) {
    Judge judge(correlation, entries, limit, entries.size(), verdicts);
    std::size_t i = first_unjudged(entries, layout);
    while (i < entries.size() && settled(correlation, entries.time(i, layout), watermark)) i = judge.moment(i);
    gather_judged(correlation, entries, verdicts);
  }
  drop_old(correlation, entries, watermark);
}

EventTime next_due(const Correlation& correlation, const WindowEntries& entries) {
  const Layout layout = layout_of(correlation.type);
  const EventTime newest = entries.time(entries.size() - 1, layout);
  switch (correlation.judgement) {
    case Judgement::kAtOnce:
      break;  // older entries go when a newer one comes
    case Judgement::kBehind: {
      const std::size_t first = first_unjudged(entries, layout);
      if (first < entries.size()) return entries.time(first, layout);
      break;
    }
    case Judgement::kAhead:
    case Judgement::kAround: {
      const std::size_t first = first_unjudged(entries, layout);
      if (first < entries.size()) return entries.time(first, layout) + correlation.timespan;
      break;
    }
  }
  return newest + reach(correlation);
}

}  // namespace tripline::engine
