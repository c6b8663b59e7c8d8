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

EvidenceBudget::Wanted EvidenceBudget::wants(const Match& match, const std::vector<std::string>& group,
                                             const Scopes& scopes) {
  const EventTime time = match.time.value_or(EventTime{});
  const auto start = period_start(time, match.rule().period).time_since_epoch().count();
  std::uint64_t signal = XXH3_64bits_withSeed(&start, sizeof start, match.detection);
  for (const std::string& value : group) signal = XXH3_64bits_withSeed(value.data(), value.size(), signal);
  if (taken_.size() >= kSignals) taken_.clear();
  Taken& taken = taken_[signal];
  // One delivered twice counts as often, as the second may be all that is left of it.
  const Moment moment{time, match.key.low};
  Wanted wanted{.evidence = take_new(taken, scopes), .record = moment <= taken.first || moment >= taken.last};
  taken.first = std::min(taken.first, moment);
  taken.last = std::max(taken.last, moment);
  if (taken.count == taken.events.size()) return wanted;
  const auto end = taken.events.begin() + taken.count;
  if (std::find(taken.events.begin(), end, match.key.low) == end) taken.events[taken.count++] = match.key.low;
  wanted.evidence = true;
  return wanted;
}

EvidenceBudget::Wanted EvidenceBudget::wants(const Match& match, const Scopes& scopes) {
  Wanted wanted = wants(match, match.group, scopes);
  for (const auto& group : match.more_groups) {
    const Wanted more = wants(match, group, scopes);
    wanted.evidence |= more.evidence;
    wanted.record |= more.record;
  }
  return wanted;
}

}  // namespace tripline::engine
