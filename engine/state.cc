#include "engine/state.h"

#include <algorithm>
#include <map>
#include <set>

namespace tripline::engine {

namespace {

EventTime floor_to(EventTime time, std::chrono::seconds period) {
  const auto ticks = time.time_since_epoch() / period - (time.time_since_epoch() % period < EventTime::duration{0});
  return EventTime{ticks * std::chrono::duration_cast<EventTime::duration>(period)};
}

/// The same delivered record, not merely the same event.
bool same_record(const Match& a, const Match& b) {
  return a.key == b.key && a.evidence.index == b.evidence.index && a.evidence.path == b.evidence.path;
}

}  // namespace

Result<void> State::apply(std::vector<Match> matches) {
  Commit commit;
  std::set<EventKey> in_this_commit;
  std::map<std::string, Signal> changed;
  for (auto begin = matches.begin(); begin != matches.end();) {
    // One record's matches stand side by side; they are new or duplicates together.
    const auto end = std::find_if(begin, matches.end(), [&](const Match& m) { return !same_record(m, *begin); });
    if (store_.seen(begin->key) || !in_this_commit.insert(begin->key).second) {
      duplicates_ += static_cast<std::uint64_t>(end - begin);
      begin = end;
      continue;
    }
    for (; begin != end; ++begin) {
      if (!begin->rule().opens_signals) continue;
      if (!begin->time) ++without_time_;
      const EventTime time = begin->time.value_or(EventTime{});
      const EventTime period_start = floor_to(time, period_);
      const std::string id = signal_id(begin->rule().rule.id, begin->group, period_start);
      auto [entry, fresh] = changed.try_emplace(id);
      Signal& signal = entry->second;
      if (fresh) {
        if (const Signal* stored = store_.find(id)) {
          signal = *stored;
        } else {
          signal = Signal{.id = id,
                          .rules = begin->rules,
                          .detection = begin->detection,
                          .group = begin->group,
                          .period_start = period_start,
                          .first = time,
                          .last = time,
                          .triggers = 0,
                          .evidence = {}};
        }
      }
      signal.first = std::min(signal.first, time);
      signal.last = std::max(signal.last, time);
      ++signal.triggers;
      if (signal.evidence.size() < Signal::kMaxEvidence) signal.evidence.push_back(std::move(begin->evidence));
    }
  }
  commit.keys.assign(in_this_commit.begin(), in_this_commit.end());
  for (auto& [id, signal] : changed) commit.signals.push_back(std::move(signal));
  return store_.commit(std::move(commit));
}

}  // namespace tripline::engine
