#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/event_time.h"

namespace tripline::engine {

/// Groups by their packed values, each with a T, and an alarm clock in event time that finds those with something due
/// without looking at the others.
///
/// Memory a group: T, 16 bytes, 4 to 11 in the index, 4 to 8 in the clock; and its values' text with 16 bytes.
/// Threads: not synchronised. A T and a key stay where they are until remove().
template <class T>
class GroupTable {
 public:
  using Index = std::uint32_t;

  /// `tick`: how exact the clock is. At least a second.
  explicit GroupTable(std::chrono::milliseconds tick) : tick_(tick) {}

  std::size_t size() const { return slots_.size() - free_.size(); }

  std::optional<Index> find(std::string_view key) const {
    if (index_.empty()) return std::nullopt;
    const std::size_t place = place_of(key, hash_of(key));
    return index_[place] == 0 ? std::nullopt : std::optional<Index>(index_[place] - 1);
  }

  Index find_or_add(std::string_view key) {
    if ((size() + 1) * 4 > index_.size() * 3) grow();
    const std::uint32_t hash = hash_of(key);
    const std::size_t place = place_of(key, hash);
    if (index_[place] != 0) return index_[place] - 1;
    Index added;
    if (free_.empty()) {
      added = static_cast<Index>(slots_.size());
      slots_.emplace_back();
    } else {
      added = free_.back();
      free_.pop_back();
    }
    Slot& slot = slots_[added];
    slot.key = std::make_unique_for_overwrite<char[]>(kHead + key.size());
    const auto length = static_cast<std::uint32_t>(key.size());
    std::memcpy(slot.key.get(), &hash, sizeof hash);
    std::memcpy(slot.key.get() + sizeof hash, &length, sizeof length);
    std::copy(key.begin(), key.end(), slot.key.get() + kHead);
    index_[place] = added + 1;
    return added;
  }

  T& operator[](Index group) { return slots_[group].payload; }
  const T& operator[](Index group) const { return slots_[group].payload; }

  std::string_view key(Index group) const {
    const char* head = slots_[group].key.get();
    std::uint32_t length;
    std::memcpy(&length, head + sizeof(std::uint32_t), sizeof length);
    return {head + kHead, length};
  }

  void remove(Index group) {
    if (tracks_) removed_.emplace_back(key(group));
    erase_from_index(group);
    slots_[group] = Slot{};
    free_.push_back(group);
  }

  /// From now on remembers which groups change.
  void track() { tracks_ = true; }
  /// The group's T has changed; to be said by who changes it.
  void touch(Index group) {
    if (!tracks_ || slots_[group].touched) return;
    slots_[group].touched = true;
    touched_.push_back(group);
  }
  /// Calls `changed(group)` or `gone(key)` for each group that was touched or removed since the last call, in no order.
  template <class Changed, class Gone>
  void take_changes(const Changed& changed, const Gone& gone) {
    for (const Index group : touched_) {
      if (!std::exchange(slots_[group].touched, false)) continue;  // it was removed, and is perhaps another by now
      changed(group);
    }
    touched_.clear();
    std::sort(removed_.begin(), removed_.end());
    removed_.erase(std::unique(removed_.begin(), removed_.end()), removed_.end());
    for (const std::string& key : removed_) {
      if (!find(key)) gone(key);
    }
    removed_.clear();
  }

  /// The group shall be visited once the watermark has reached `due`, or earlier.
  void wake(Index group, EventTime due) {
    const Tick tick = tick_of(due);
    Slot& slot = slots_[group];
    if (slot.wakes <= tick) return;
    slot.wakes = tick;
    clock_[tick].push_back(group);
  }

  /// Visits the groups whose time may have come. `visit(group)` says when it is due again; nothing: it is removed.
  template <class Visit>
  void advance(EventTime watermark, const Visit& visit) {
    const Tick now = tick_of(watermark);
    std::vector<std::pair<Index, EventTime>> again;
    while (!clock_.empty() && clock_.begin()->first <= now) {
      const Tick tick = clock_.begin()->first;
      const std::vector<Index> groups = std::move(clock_.begin()->second);
      clock_.erase(clock_.begin());
      for (const Index group : groups) {
        if (slots_[group].wakes != tick || !slots_[group].key) continue;  // it was woken earlier, or is another by now
        slots_[group].wakes = kAsleep;
        if (const std::optional<EventTime> due = visit(group)) {
          again.emplace_back(group, *due);
        } else {
          remove(group);
        }
      }
    }
    for (const auto& [group, due] : again) wake(group, due);
  }

  /// The group that is due first, to be given up when there are too many. Requires size() > 0 and that all are to wake.
  Index first_due() {
    while (true) {
      assert(!clock_.empty());
      auto& [tick, groups] = *clock_.begin();
      while (!groups.empty()) {
        const Index group = groups.back();
        if (slots_[group].wakes == tick && slots_[group].key) return group;
        groups.pop_back();
      }
      clock_.erase(clock_.begin());
    }
  }

  /// In no order.
  template <class Visit>
  void each(const Visit& visit) const {
    for (Index group = 0; group < slots_.size(); ++group) {
      if (slots_[group].key) visit(group);
    }
  }

 private:
  static constexpr std::size_t kHead = 2 * sizeof(std::uint32_t);  // hash and length
  using Tick = std::uint32_t;  // since 1970; seconds last until 2106, and what is beyond is visited too often
  static constexpr Tick kAsleep = UINT32_MAX;

  struct Slot {
    T payload{};
    std::unique_ptr<char[]> key;
    Tick wakes = kAsleep;
    bool touched = false;
  };

  static std::uint32_t hash_of(std::string_view key) {
    const std::uint64_t hash = std::hash<std::string_view>{}(key);
    return static_cast<std::uint32_t>(hash ^ hash >> 32);
  }

  std::uint32_t hash_of(Index group) const {
    std::uint32_t hash;
    std::memcpy(&hash, slots_[group].key.get(), sizeof hash);
    return hash;
  }

  Tick tick_of(EventTime time) const {
    const auto ticks = time.time_since_epoch() / tick_;
    return static_cast<Tick>(std::clamp<std::int64_t>(ticks, 0, kAsleep - 1));
  }

  /// Where the key is, or where it would be put.
  std::size_t place_of(std::string_view key, std::uint32_t hash) const {
    const std::size_t mask = index_.size() - 1;
    for (std::size_t place = hash & mask;; place = (place + 1) & mask) {
      if (index_[place] == 0) return place;
      const Index group = index_[place] - 1;
      if (hash_of(group) == hash && this->key(group) == key) return place;
    }
  }

  void grow() {
    index_.assign(std::max<std::size_t>(16, index_.size() * 2), 0);
    const std::size_t mask = index_.size() - 1;
    each([&](Index group) {
      std::size_t place = hash_of(group) & mask;
      while (index_[place] != 0) place = (place + 1) & mask;
      index_[place] = group + 1;
    });
  }

  void erase_from_index(Index group) {
    const std::size_t mask = index_.size() - 1;
    std::size_t hole = hash_of(group) & mask;
    while (index_[hole] != group + 1) hole = (hole + 1) & mask;
    // Later ones of the same run move up, unless that would put them before where they begin to be looked for.
    for (std::size_t place = (hole + 1) & mask; index_[place] != 0; place = (place + 1) & mask) {
      const std::size_t home = hash_of(index_[place] - 1) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      index_[hole] = index_[place];
      hole = place;
    }
    index_[hole] = 0;
  }

  std::chrono::milliseconds tick_;
  std::deque<Slot> slots_;
  std::vector<Index> free_;
  std::vector<std::uint32_t> index_;  // open addressing; 0: free, else a group + 1
  std::map<Tick, std::vector<Index>> clock_;
  bool tracks_ = false;
  std::vector<Index> touched_;
  std::vector<std::string> removed_;  // keys
};

}  // namespace tripline::engine
