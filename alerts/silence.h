#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "alerts/signal_match.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::alerts {

/// For how long somebody wants to hear nothing of which signals. They are kept and counted, and not delivered. A value;
/// every silence ends.
struct Silence {
  static constexpr std::chrono::hours kLongest{24 * 90};
  static constexpr std::size_t kMostText = 1024;  // bytes of `by`, of the comment and of each name in `match`

  std::string id;  // 16 hexadecimal digits
  SignalMatch match;
  engine::EventTime from;   // wall time, as all that follow
  engine::EventTime until;  // it ends then
  engine::EventTime made;
  std::string by;       // who made it; may be empty
  std::string comment;  // why

  bool active(engine::EventTime now) const { return from <= now && now < until; }
  /// `pending`, `active` or `ended`.
  std::string_view state(engine::EventTime now) const;

  bool operator==(const Silence&) const = default;
};

/// What is wrong with one that somebody wants to make at `now`; kBadInput says what to write instead.
engine::Result<void> check(const Silence& silence, engine::EventTime now);

/// An id that no two silences share: a hash of when it was made, of what, and by whom.
std::string silence_id(const Silence& silence);

/// `rule is 0d3a0a5e-…, account.id is 111122223333 or payments-*`.
std::string match_words(const SignalMatch& match);

/// For a RoutingRow.
std::string pack(const Silence& silence);
/// kStore: it is damaged, or written by a newer Tripline.
engine::Result<Silence> unpack_silence(std::string_view blob);

}  // namespace tripline::alerts
