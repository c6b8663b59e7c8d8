#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/delivery.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::alerts {

/// A change that waits.
struct Waiting {
  Member member{};
  engine::Digest thread{};  // thread_of() its signal
  /// Of a sink that holds open: all signals of the thread have closed meanwhile, the last one with this change; 0: not.
  std::uint64_t over = 0;

  bool operator==(const Waiting&) const = default;
};

/// Changes that wait to be told together by one route to one sink. It stays a while after it was told, empty: until
/// `due_at` nothing of its like is told at once.
struct Batch {
  enum class Kind : std::uint8_t {
    kHeldBack = 1,  // what the route's rate does not let through; `due_at` is when the time that it counts in is over
    kGroup,         // of one group
    kDigest,        // of one noisy rule
  };
  static constexpr std::size_t kMostListed = 50;

  Kind kind = Kind::kGroup;
  std::string route, sink;
  std::string group{};  // what its members have in common
  engine::EventTime due_at{};
  std::vector<Waiting> listed{};  // each signal once; at most kMostListed
  std::uint64_t more = 0;         // changes beyond them
  std::uint64_t sent = 0;         // of kHeldBack: messages since the time that it counts in began

  bool pending() const { return !listed.empty(); }

  /// Of a signal that is there already the latest revision is kept, with the change that says most: whoever hears of an
  /// opening late need not hear of the update. One for which there is no room is only counted, unless it is
  /// `counted` already.
  void add(const Waiting& one, bool counted = false);
  /// All signals of a thread have closed, the last one with this change. False: it lists none of them.
  bool end(const engine::Digest& thread, std::uint64_t revision);
  void clear() {
    listed.clear();
    more = 0;
  }

  bool operator==(const Batch&) const = default;
};

/// The same for the same kind, route, sink and group: 32 hexadecimal digits.
std::string batch_id(const Batch& batch);

/// For a RoutingRow.
std::string pack(const Batch& batch);
/// kStore: it is damaged, or written by a newer Tripline.
engine::Result<Batch> unpack_batch(std::string_view blob);

}  // namespace tripline::alerts
