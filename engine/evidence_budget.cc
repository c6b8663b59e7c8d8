#include "engine/evidence_budget.h"

#include <algorithm>
#include <xxhash.h>

namespace tripline::engine {

/// Whether some value is new, and takes them all.
bool EvidenceBudget::take_new(Taken& taken, const Scopes& scopes) {
  bool is_new = false;
  for (std::size_t scope = 0; scope < scopes.size(); ++scope) {
    if (scopes[scope].empty()) continue;
    const std::uint64_t value = XXH3_64bits_withSeed(scopes[scope].data(), scopes[scope].size(), scope);
    if (std::find(taken.values.begin(), taken.values.end(), value) != taken.values.end()) continue;
    // That a signal has met its bound is told by one value beyond it.
    if (taken.values_of[scope] > Signal::kMaxScope) continue;
    ++taken.values_of[scope];
    taken.values.push_back(value);
    is_new = true;
  }
  return is_new;
}

bool EvidenceBudget::wants(const Match& match, const Scopes& scopes) {
  const auto start = period_start(match.time.value_or(EventTime{}), match.rule().period).time_since_epoch().count();
  std::uint64_t signal = XXH3_64bits_withSeed(&start, sizeof start, match.detection);
  for (const std::string& value : match.group) signal = XXH3_64bits_withSeed(value.data(), value.size(), signal);
  if (taken_.size() >= kSignals) taken_.clear();
  Taken& taken = taken_[signal];
  const bool is_new = take_new(taken, scopes);
  if (taken.count == taken.events.size()) return is_new;
  const auto end = taken.events.begin() + taken.count;
  // One delivered twice counts once, as the second may be all that is left of it.
  if (std::find(taken.events.begin(), end, match.key.low) == end) taken.events[taken.count++] = match.key.low;
  return true;
}

}  // namespace tripline::engine
