#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/undecided.h"

namespace tripline::engine {

/// Records that wait for their origins, in order of event time. They have a time. Threads: one.
class WaitingRecords {
 public:
  using Place = std::pair<EventTime, EventKey>;

  /// `awaited`: the hash that wakes it (Lineage::awaited); 0: time alone. False: it waits already.
  bool add(Undecided record, std::uint64_t awaited);
  void await(const Place& place, std::uint64_t awaited);
  const Undecided* find(const Place& place) const;
  /// Requires that it waits.
  std::uint64_t awaited(const Place& place) const { return records_.at(place).awaited; }
  /// Requires that it waits.
  Undecided take(const Place& place);

  /// Adds those that wait for this hash.
  void wake(std::uint64_t hash, std::set<Place>& woken);
  /// Calls `visit(place, record)` from the earliest on until it returns false.
  template <class Visit>
  void each(Visit visit) const {
    for (const auto& [place, waiting] : records_) {
      if (!visit(place, waiting.record)) return;
    }
  }

  /// EventTime::max(): none waits.
  EventTime earliest() const { return records_.empty() ? EventTime::max() : records_.begin()->first.first; }
  std::size_t size() const { return records_.size(); }
  std::size_t bytes() const { return bytes_; }
  static std::size_t bytes_of(const Undecided& record);

 private:
  struct Waiting {
    Undecided record;
    std::uint64_t awaited;
  };
  void forget_awaited(const Place& place, std::uint64_t awaited);

  std::map<Place, Waiting> records_;
  std::unordered_multimap<std::uint64_t, Place> by_awaited_;
  std::size_t bytes_ = 0;
};

}  // namespace tripline::engine
