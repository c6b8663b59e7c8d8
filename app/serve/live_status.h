#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "connectors/record_batch.h"
#include "engine/event_time.h"
#include "engine/histogram.h"
#include "engine/result.h"

namespace tripline::app {

/// Of one way in.
struct SourceStatus {
  std::uint64_t durable = 0;     // deliveries
  std::uint64_t failed = 0;      // deliveries that must come again
  std::uint64_t records = 0;     // of durable deliveries
  std::uint64_t duplicates = 0;  // records among the last half million again (engine/recent_events.h)
  std::uint64_t dismissed = 0;   // records that no rule can match, and so were not parsed
  std::uint64_t stored_bytes = 0;
  std::uint64_t inflated_bytes = 0;
  std::array<std::uint64_t, std::size(engine::kErrorCodes)> set_aside{};     // by reason
  std::array<std::uint64_t, std::size(connectors::kSkippedRows)> skipped{};  // by kind
  std::optional<engine::EventTime> last_delivery;                            // when the last one became durable
  std::optional<engine::EventTime> newest_event;                             // of the records looked at; see LiveWorker
};

/// Of one account and region.
struct PlaceStatus {
  engine::EventTime last_seen;                    // when a delivery that held some of its records became durable
  std::optional<engine::EventTime> newest_event;  // of the records looked at
};

/// What a running engine tells of itself: a copy, as of its last commit. Counted since the start.
struct LiveStatus {
  std::map<std::string, SourceStatus> sources;                        // by name
  std::map<std::pair<std::string, std::string>, PlaceStatus> places;  // by account and region, kMostPlaces at most
  std::uint64_t places_left_out = 0;                                  // sightings of further ones
  std::uint64_t matches_of_duplicates = 0;
  std::uint64_t late = 0;                 // matched events that correlations did not see
  std::uint64_t future = 0;               // likewise
  std::uint64_t without_time = 0;         // matches
  std::uint64_t waiting = 0;              // records, for who started the chain of credentials (engine/origin_state.h)
  std::uint64_t waited_without_room = 0;  // records that were judged without it
  std::uint64_t credentials = 0;          // whose mints are remembered
  std::uint64_t credentials_dropped = 0;  // beyond the bound on them
  engine::EventTime watermark = engine::EventTime::min();
  bool watermark_held = false;  // after a start (engine/watermark.h)
  std::uint64_t commits = 0;
  std::uint64_t failed_commits = 0;
  engine::Histogram work_seconds;     // reading, parsing and matching one delivery
  engine::Histogram commit_seconds;   // applying and committing what had come
  engine::Histogram arrival_seconds;  // from intake to durable, one delivery
  engine::Histogram event_seconds;    // from eventTime to durable, of the newest record looked at of each delivery
  std::uint64_t dead_letters = 0;
  std::uint64_t dead_letter_bytes_given_up = 0;
  std::optional<std::string> trouble;  // why nothing can be made durable now
  std::uint64_t generation = 0;        // of the rules
  std::uint64_t last_transition = 0;   // of the store

  static constexpr std::size_t kMostPlaces = 4096;
};

}  // namespace tripline::app
