#pragma once

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/event_time.h"
#include "engine/group_block.h"

namespace tripline::engine {

/// A T that has a GroupBlock to keep things in offers it for the key.
template <class T>
concept HasBlock = requires(T value) {
  { value.block() } -> std::same_as<GroupBlock&>;
};

/// Groups by their packed values, each with a T, and an alarm clock in event time that finds those with something due
/// without looking at the others.
///
/// Memory a group: T, a GroupBlock of its own if T has none, 4 bytes and an eighth, 5 to 8 in the index, 4 to 5 in the
/// clock; and its values' text with 16 bytes. Threads: not synchronised. A T stays where it is until remove().
template <class T>
class GroupTable {
 public:
  using Index = std::uint32_t;

  /// `tick`: how exact the clock is. At least a second.
  explicit GroupTable(std::chrono::milliseconds tick) : tick_(tick) {}

  std::size_t size() const { return slots_.size() - free_.size(); }
  static constexpr std::size_t slot_bytes() { return sizeof(Slot); }

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
      touched_.push_back(false);
    } else {
      added = free_.back();
      free_.pop_back();
    }
    slots_[added].block() = GroupBlock(key, hash);
    index_[place] = added + 1;
    return added;
  }

  T& operator[](Index group) { return slots_[group].payload; }
  const T& operator[](Index group) const { return slots_[group].payload; }

  /// Valid while its T stays as it is.
  std::string_view key(Index group) const { return slots_[group].block().key(); }

  void remove(Index group) {
    if (tracks_) removed_.emplace_back(key(group));
    erase_from_index(group);
    slots_[group] = Slot{};
    touched_[group] = false;
    free_.push_back(group);
  }

  /// From now on remembers which groups change.
  void track() { tracks_ = true; }
  /// The group's T has changed; to be said by who changes it.
  void touch(Index group) {
    if (!tracks_ || touched_[group]) return;
    touched_[group] = true;
    changed_.push_back(group);
  }
  /// Calls `changed(group)` or `gone(key)` for each group that was touched or removed since the last call, in no order.
  template <class Changed, class Gone>
  void take_changes(const Changed& changed, const Gone& gone) {
    for (const Index group : changed_) {
      if (!touched_[group]) continue;  // it was removed, and is perhaps another by now
      touched_[group] = false;
      changed(group);
    }
    changed_.clear();
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
    std::vector<Index>& groups = clock_[tick];
    if (groups.size() == groups.capacity())
      groups.reserve(groups.size() + groups.size() / 4 + 1);  // never twice as many
    groups.push_back(group);
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
        if (slots_[group].wakes != tick || !slots_[group].block())
          continue;  // it was woken earlier, or is another by now
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
        if (slots_[group].wakes == tick && slots_[group].block()) return group;
        groups.pop_back();
      }
      clock_.erase(clock_.begin());
    }
  }

  /// In no order.
  template <class Visit>
  void each(const Visit& visit) const {
    for (Index group = 0; group < slots_.size(); ++group) {
      if (slots_[group].block()) visit(group);
    }
  }

 private:
  using Tick = std::uint32_t;  // since 1970; seconds last until 2106, and what is beyond is visited too often
  static constexpr Tick kAsleep = UINT32_MAX;

  struct KeyInT {
    [[no_unique_address]] T payload{};  // `wakes` may stand in what T has left of its last word
    Tick wakes = kAsleep;
    GroupBlock& block() { return payload.block(); }
    const GroupBlock& block() const { return payload.block(); }
  };
  struct KeyBesideT {
    T payload{};
    GroupBlock key;
    Tick wakes = kAsleep;
    GroupBlock& block() { return key; }
    const GroupBlock& block() const { return key; }
  };
  using Slot = std::conditional_t<HasBlock<T>, KeyInT, KeyBesideT>;

  static std::uint32_t hash_of(std::string_view key) {
    const std::uint64_t hash = std::hash<std::string_view>{}(key);
    return static_cast<std::uint32_t>(hash ^ hash >> 32);
  }

  std::uint32_t hash_of(Index group) const { return slots_[group].block().hash(); }

  Tick tick_of(EventTime time) const {
    const auto ticks = time.time_since_epoch() / tick_;
    return static_cast<Tick>(std::clamp<std::int64_t>(ticks, 0, kAsleep - 1));
  }

  // The index has any size, so that it grows by half: a hash is at home in proportion to its own size.
  std::size_t home_of(std::uint32_t hash) const {
    return static_cast<std::size_t>(std::uint64_t{hash} * index_.size() >> 32);
  }
  std::size_t next(std::size_t place) const { return place + 1 == index_.size() ? 0 : place + 1; }
  std::size_t distance(std::size_t from, std::size_t to) const {
    return to >= from ? to - from : to + index_.size() - from;
  }

  /// Where the key is, or where it would be put.
  std::size_t place_of(std::string_view key, std::uint32_t hash) const {
    for (std::size_t place = home_of(hash);; place = next(place)) {
      if (index_[place] == 0) return place;
      const Index group = index_[place] - 1;
      if (hash_of(group) == hash && this->key(group) == key) return place;
    }
  }

  void grow() {
    const std::size_t size = std::max<std::size_t>(16, index_.size() + index_.size() / 2);
    index_ = std::vector<std::uint32_t>();  // so that both are never there at once
    index_.resize(size);
    each([&](Index group) {
      std::size_t place = home_of(hash_of(group));
      while (index_[place] != 0) place = next(place);
      index_[place] = group + 1;
    });
  }

  void erase_from_index(Index group) {
    std::size_t hole = home_of(hash_of(group));
    while (index_[hole] != group + 1) hole = next(hole);
    // Later ones of the same run move up, unless that would put them before where they begin to be looked for.
    for (std::size_t place = next(hole); index_[place] != 0; place = next(place)) {
      const std::size_t home = home_of(hash_of(index_[place] - 1));
      if (distance(home, place) < distance(hole, place)) continue;
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
  std::vector<bool> touched_;         // by group: it has changed since take_changes()
  std::vector<Index> changed_;        // those, perhaps removed since
  std::vector<std::string> removed_;  // keys
};

}  // namespace tripline::engine
