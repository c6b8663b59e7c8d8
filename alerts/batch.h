#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/delivery.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::alerts {

/// Changes that wait to be told together by one route to one sink. It stays a while after it was told, empty: until
/// `due_at` nothing of its like is told at once.
struct Batch {
  enum class Kind : std::uint8_t {
    kHeldBack = 1,  // what the route's rate does not let through; `due_at` is when the time that it counts in is over
    kGroup,         // of one group
    kDigest,        // of one noisy rule
  };
  static constexpr std::size_t kMostMembers = 50;

  Kind kind = Kind::kGroup;
  std::string route, sink;
  std::string group{};  // what its members have in common
  engine::EventTime due_at{};
  std::vector<Member> members{};  // each signal once; at most kMostMembers
  std::uint64_t more = 0;         // changes beyond them
  std::uint64_t sent = 0;         // of kHeldBack: messages since the time that it counts in began

  bool pending() const { return !members.empty(); }

  /// Of a signal that is there already the latest revision is kept, with the change that says most: whoever hears of an
  /// opening late need not hear of the update. False: there was no room, it is only counted.
  bool add(const Member& member);
  /// A signal that it lists has closed: it is told as such. False: it lists none of that id.
  bool close(const engine::Digest& signal);
  void clear() {
    members.clear();
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
