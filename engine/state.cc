#include "engine/state.h"

#include <algorithm>
#include <unordered_map>

#include <boost/unordered/unordered_flat_set.hpp>

namespace tripline::engine {

namespace {

/// The same delivered record, not merely the same event.
bool same_record(const Match& a, const Match& b) { return a.delivery == b.delivery && a.index == b.index; }

}  // namespace

/// A digest costs more than all else that is done with a match, and matches come in runs of one signal.
const std::string& State::id_of(const Match& match, EventTime start) {
  constexpr std::size_t kRemembered = 16'384;
  std::string key = match.rule().rule.id;
  const auto ticks = start.time_since_epoch().count();
  key.append(1, '\0').append(reinterpret_cast<const char*>(&ticks), sizeof ticks);
  for (const std::string& value : match.group) {
    const std::size_t size = value.size();
    key.append(reinterpret_cast<const char*>(&size), sizeof size).append(value);
  }
  if (ids_.size() >= kRemembered) ids_.clear();
  const auto [entry, fresh] = ids_.try_emplace(std::move(key));
  if (fresh) entry->second = signal_id(match.rule().rule.id, match.group, start);
  return entry->second;
}

Result<void> State::apply(std::vector<Match> matches) {
  Commit commit;
  boost::unordered_flat_set<EventKey, EventKeyHash> in_this_commit;
  std::unordered_map<std::string, Signal> changed;
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
      const EventTime start = period_start(begin->time, period_);
      const std::string& id = id_of(*begin, start);
      auto [entry, fresh] = changed.try_emplace(id);
      Signal& signal = entry->second;
      if (fresh) {
        const auto stored = store_.find(id);
        if (!stored) return stored.error();
        if (*stored != nullptr) {
          signal = **stored;
        } else {
          signal = Signal{.id = id,
                          .rules = begin->rules,
                          .detection = begin->detection,
                          .group = begin->group,
                          .period_start = start,
                          .first = time,
                          .last = time,
                          .triggers = 0,
                          .evidence = {}};
        }
      }
      signal.first = std::min(signal.first, time);
      signal.last = std::max(signal.last, time);
      ++signal.triggers;
      if (begin->evidence && signal.evidence.size() < Signal::kMaxEvidence) {
        signal.evidence.push_back(std::move(begin->evidence));
      }
    }
  }
  commit.keys.assign(in_this_commit.begin(), in_this_commit.end());
  for (auto& [id, signal] : changed) commit.signals.push_back(std::move(signal));
  return store_.commit(std::move(commit));
}

}  // namespace tripline::engine
