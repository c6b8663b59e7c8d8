#pragma once

#include <cstdint>
#include <string>

#include "engine/event_time.h"

namespace tripline::engine::store {

/// The kinds of state rows. Their keys and values: docs/store.md, "State". Numbers stay what they are.
enum class Space : std::int64_t {
  kWatermark = 1,  // one row
  kRules = 2,      // of a correlation: what a bound has cut
  kWindows = 3,    // by correlation and group
  kSightings = 4,  // of new_value: by correlation, group and value
  kLearning = 5,   // of new_value: by correlation, and group where each learns
  kFacts = 6,      // where the journal has the facts of matched events, by second and checkpoint
  kKeys = 7,       // of matched events, against duplicates: by the hour that they came in
  kFactsEnd = 8,   // by a time: the first journal row that is wanted until then for facts in it
  kMints = 9,      // who minted which credentials, by time and event; and the watermark, under an empty key
  kWaiting = 10,   // records that wait for their origins, by time and event
  kRecords = 11,   // records of the last events that fed correlations, by checkpoint and event
};

/// Big-endian, so that keys are in the order of their numbers.
inline std::string big_endian(std::uint64_t number) {
  std::string key;
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(number >> shift & 0xff);
  return key;
}

inline std::string time_key(EventTime time) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;  // so that times before 1970 come first
  return big_endian(static_cast<std::uint64_t>(time.time_since_epoch().count()) ^ kSign);
}

/// `number`: of the checkpoint's journal row; in stores of before, the event itself.
inline std::string facts_key(EventTime time, std::uint64_t number) { return time_key(time) + big_endian(number); }

}  // namespace tripline::engine::store
