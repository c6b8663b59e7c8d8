#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/correlation.h"
#include "engine/event_time.h"
#include "engine/packing.h"
#include "engine/window.h"

namespace tripline::engine {

using Hour = std::int32_t;  // since 1970-01-01T00:00:00Z

Hour hour_of(EventTime time);

/// What is remembered of one value in one group: the hour of its last settled sighting, and the sightings at or after
/// the watermark by the hour, as earlier ones may still come.
struct Sightings {
  struct InHour {
    Hour hour;
    bool opened;  // said to begin an epoch, before that was settled
    EventTime first;
    std::uint64_t event;  // at `first`
  };
  std::optional<Hour> last;
  std::vector<InHour> open;  // ascending
};

/// Since when a rule, or a group of one, has been seen: its runs of sightings with no gap over the timespan.
struct Learning {
  struct Run {
    Hour from;
    Hour to;
    EventTime start;
  };
  std::vector<Run> runs;  // ascending

  /// A sighting, in whatever order. `gap`: hours; more without a sighting end a run.
  void add(EventTime time, Hour gap);
  /// Drops runs that no event from the watermark on can join.
  void forget(EventTime watermark, Hour gap);
  /// When the run that has `hour` began; nothing: it is not known any more.
  std::optional<EventTime> start_of(Hour hour) const;
};

void pack(const Sightings& sightings, Packer& out);
Sightings unpack_sightings(Unpacker& in);
void pack(const Learning& learning, Packer& out);
Learning unpack_learning(Unpacker& in);

// The first-seen rule type: a run of sightings of one value with no gap over the timespan is an epoch, and each epoch
// that begins after learning triggers once, at its earliest event. Pure, as the windows are (engine/window.h).

/// Adds a sighting, not before `watermark`. A new epoch that no late event can undo, nor move into another period of
/// signals, is told at once, else by advance(). `learning` knows of the sighting already; null, or one that has
/// forgotten it: nothing is to be learnt first.
void add(const Correlation& correlation, Sightings& sightings, EventTime time, std::uint64_t event,
         const Learning* learning, EventTime watermark, std::vector<Verdict>& verdicts);

void advance(const Correlation& correlation, Sightings& sightings, const Learning* learning, EventTime watermark,
             std::vector<Verdict>& verdicts);

/// When advance() has something to do; nothing: the value is forgotten.
std::optional<EventTime> next_due(const Correlation& correlation, const Sightings& sightings, EventTime watermark);

/// The longest gap inside an epoch, in hours.
Hour gap_of(const Correlation& correlation);

/// When Learning::forget() has something to drop.
EventTime next_due(const Learning& learning, Hour gap);

}  // namespace tripline::engine
