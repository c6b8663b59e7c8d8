#include "engine/evidence_budget.h"

#include <algorithm>
#include <xxhash.h>

namespace tripline::engine {

bool EvidenceBudget::wants(const Match& match) {
  const auto start = period_start(match.time.value_or(EventTime{}), match.rule().period).time_since_epoch().count();
  std::uint64_t signal = XXH3_64bits_withSeed(&start, sizeof start, match.detection);
  for (const std::string& value : match.group) signal = XXH3_64bits_withSeed(value.data(), value.size(), signal);
  if (taken_.size() >= kSignals) taken_.clear();
  Taken& taken = taken_[signal];
  if (taken.count == taken.events.size()) return false;
  const auto end = taken.events.begin() + taken.count;
  // One delivered twice counts once, as the second may be all that is left of it.
  if (std::find(taken.events.begin(), end, match.key.low) == end) taken.events[taken.count++] = match.key.low;
  return true;
}

}  // namespace tripline::engine
