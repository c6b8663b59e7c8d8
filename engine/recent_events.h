#pragma once

#include <cstddef>
#include <cstdint>

#include <boost/unordered/unordered_flat_set.hpp>

#include "engine/event_key.h"

namespace tripline::engine {

/// Remembers events to tell when one is delivered again: the last kRemembered at least, the last two times as many at
/// most. Memory: at most some 20 MB, however many events there are. Threads: one.
class RecentEvents {
 public:
  static constexpr std::size_t kRemembered = std::size_t{1} << 19;

  /// Remembers the event; whether it was known already.
  bool knew(const EventKey& key) {
    if (before_.contains(key.low)) return true;
    if (!now_.insert(key.low).second) return true;
    if (now_.size() >= kRemembered) {
      before_.swap(now_);
      now_.clear();
    }
    return false;
  }

 private:
  struct Hash {
    std::size_t operator()(std::uint64_t key) const { return static_cast<std::size_t>(key); }  // it is a hash
  };
  using Keys = boost::unordered_flat_set<std::uint64_t, Hash>;
  Keys now_;
  Keys before_;
};

}  // namespace tripline::engine
