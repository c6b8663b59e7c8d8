#include "engine/new_value.h"

#include <algorithm>

#include "engine/signal.h"

namespace tripline::engine {

namespace {

EventTime start_of_hour(Hour hour) { return EventTime{std::chrono::hours{hour}}; }

/// When an epoch may begin, for an event in `hour`; nothing: at any time.
std::optional<EventTime> learned_at(const Correlation& correlation, const Learning* learning, Hour hour) {
  const auto start = learning == nullptr ? std::nullopt : learning->start_of(hour);
  return start ? std::optional(*start + correlation.learning) : std::nullopt;
}

/// Whether an event from the watermark on, before `first`, could undo the epoch that begins there or move it into
/// another period.
bool can_be_undone(const Correlation& correlation, EventTime first, std::optional<Hour> previous,
                   std::optional<EventTime> learned, EventTime watermark) {
  if (first < watermark) return false;
  if (period_start(watermark, correlation.period) != period_start(first, correlation.period)) return true;
  const Hour gap = gap_of(correlation);
  const Hour earliest = hour_of(watermark);
  if (hour_of(first) - earliest > gap) return true;          // two of them could tie it to one further back
  if (previous && earliest - *previous <= gap) return true;  // one could tie it to the epoch before
  return learned && watermark < *learned;                    // one could begin it while still learning
}

}  // namespace

Hour hour_of(EventTime time) {
  constexpr std::int64_t kFar = 1 << 29;  // beyond the year 60,000: the ends of time, with room for sums
  const auto hours = std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count();
  return static_cast<Hour>(std::clamp<std::int64_t>(hours, -kFar, kFar));
}

Hour gap_of(const Correlation& correlation) {
  return static_cast<Hour>(std::chrono::floor<std::chrono::hours>(correlation.timespan).count());
}

void Learning::add(EventTime time, Hour gap) {
  Run added{.from = hour_of(time), .to = hour_of(time), .start = time};
  auto first = std::find_if(runs.begin(), runs.end(), [&](const Run& run) { return run.to + gap >= added.from; });
  auto end = first;
  for (; end != runs.end() && end->from <= added.to + gap; ++end) {
    added.from = std::min(added.from, end->from);
    added.to = std::max(added.to, end->to);
    added.start = std::min(added.start, end->start);
  }
  if (first == end) {
    runs.insert(first, added);
  } else {
    *first = added;
    runs.erase(first + 1, end);
  }
}

void Learning::forget(EventTime watermark, Hour gap) {
  const Hour now = hour_of(watermark);
  std::erase_if(runs, [&](const Run& run) { return now - run.to > gap; });
}

std::optional<EventTime> Learning::start_of(Hour hour) const {
  const auto run = std::find_if(runs.begin(), runs.end(), [&](const Run& r) { return hour <= r.to; });
  return run != runs.end() && run->from <= hour ? std::optional(run->start) : std::nullopt;
}

void pack(const Sightings& sightings, Packer& out) {
  out.number(sightings.last.has_value());
  out.number(sightings.last.value_or(0));
  out.number(static_cast<std::uint32_t>(sightings.open.size()));
  for (const auto& in_hour : sightings.open) {
    out.number(in_hour.hour);
    out.number(in_hour.opened);
    out.number(in_hour.first);
    out.number(in_hour.event);
  }
}

Sightings unpack_sightings(Unpacker& in) {
  Sightings sightings;
  const bool has_last = in.number<bool>();
  const Hour last = in.number<Hour>();
  if (has_last) sightings.last = last;
  for (auto count = in.count(); count > 0; --count) {
    auto& in_hour = sightings.open.emplace_back();
    in_hour.hour = in.number<Hour>();
    in_hour.opened = in.number<bool>();
    in_hour.first = in.number<EventTime>();
    in_hour.event = in.number<std::uint64_t>();
  }
  return sightings;
}

void pack(const Learning& learning, Packer& out) {
  out.number(static_cast<std::uint32_t>(learning.runs.size()));
  for (const auto& run : learning.runs) {
    out.number(run.from);
    out.number(run.to);
    out.number(run.start);
  }
}

Learning unpack_learning(Unpacker& in) {
  Learning learning;
  for (auto count = in.count(); count > 0; --count) {
    auto& run = learning.runs.emplace_back();
    run.from = in.number<Hour>();
    run.to = in.number<Hour>();
    run.start = in.number<EventTime>();
  }
  return learning;
}

void add(const Correlation& correlation, Sightings& sightings, EventTime time, std::uint64_t event,
         const Learning* learning, EventTime watermark, std::vector<Verdict>& verdicts) {
  const Hour hour = hour_of(time);
  if (sightings.last && hour <= *sightings.last) return;  // that hour is settled; its earliest event is known
  auto& open = sightings.open;
  auto place = std::lower_bound(open.begin(), open.end(), hour,
                                [](const Sightings::InHour& in_hour, Hour h) { return in_hour.hour < h; });
  if (place == open.end() || place->hour != hour) {
    place = open.insert(place, {.hour = hour, .opened = false, .first = time, .event = event});
  } else if (std::tie(time, event) < std::tie(place->first, place->event)) {
    if (place->opened) {
      verdicts.push_back(
          {.at = time, .time = time, .event = event, .value = 1, .fresh = false, .was = place->first, .final = false});
    }
    place->first = time;
    place->event = event;
  } else {
    return;
  }
  const auto next = place + 1;
  if (next != open.end() && next->opened && next->hour - hour <= gap_of(correlation)) {
    next->opened = false;
    place->opened = true;
    verdicts.push_back(
        {.at = time, .time = time, .event = event, .value = 1, .fresh = false, .was = next->first, .final = false});
  }
  if (place->opened) return;
  std::optional<Hour> previous = sightings.last;
  if (place != open.begin()) previous = (place - 1)->hour;
  if (previous && hour - *previous <= gap_of(correlation)) return;
  const auto learned = learned_at(correlation, learning, hour);
  if (learned && place->first < *learned) return;
  if (can_be_undone(correlation, place->first, previous, learned, watermark)) return;
  place->opened = true;
  verdicts.push_back({.at = place->first,
                      .time = place->first,
                      .event = place->event,
                      .value = 1,
                      .fresh = true,
                      .was = place->first,
                      .final = false});
}

void advance(const Correlation& correlation, Sightings& sightings, const Learning* learning, EventTime watermark,
             std::vector<Verdict>& verdicts) {
  auto& open = sightings.open;
  auto settled = open.begin();
  for (; settled != open.end() && settled->first < watermark; ++settled) {
    const bool begins = !sightings.last || settled->hour - *sightings.last > gap_of(correlation);
    sightings.last = settled->hour;
    if (!begins) continue;
    const auto learned = learned_at(correlation, learning, settled->hour);
    if (learned && settled->first < *learned) continue;
    verdicts.push_back({.at = settled->first,
                        .time = settled->first,
                        .event = settled->event,
                        .value = 1,
                        .fresh = !settled->opened,
                        .was = settled->first});
  }
  open.erase(open.begin(), settled);
}

std::optional<EventTime> next_due(const Correlation& correlation, const Sightings& sightings, EventTime watermark) {
  if (!sightings.open.empty()) return sightings.open.front().first;
  const Hour forgotten = *sightings.last + gap_of(correlation) + 1;
  if (hour_of(watermark) >= forgotten) return std::nullopt;
  return start_of_hour(forgotten);
}

EventTime next_due(const Learning& learning, Hour gap) { return start_of_hour(learning.runs.front().to + gap + 1); }

}  // namespace tripline::engine
