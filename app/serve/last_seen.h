#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::app {

struct LiveStatus;

/// Of records that the server makes itself (app/serve/silence_record.h).
inline constexpr std::string_view kOwnSource = "tripline";

/// When each source and account last sent something, by intake time, so that who used to send and has stopped is known;
/// also across restarts. Who has been silent for long enough is forgotten, as it is gone for good.
/// A value: it can be copied and compared. Threads: one at a time.
class LastSeen {
 public:
  enum class Kind : std::uint8_t { kSource = 1, kAccount };
  using Who = std::pair<Kind, std::string>;

  /// Beyond it accounts that are not known yet are left out, and counted. Sources are as many as are configured.
  static constexpr std::size_t kMost = 4096;

  void saw(Kind kind, std::string_view name, engine::EventTime at);
  /// All that a running engine has seen.
  void take(const LiveStatus& live);
  /// Who was last seen before that.
  void forget_before(engine::EventTime time);

  const std::map<Who, engine::EventTime>& all() const { return seen_; }
  std::uint64_t left_out() const { return left_out_; }  // sightings, since this was made

  /// As bytes, for a mark of the store; and back. kStore: they are damaged.
  std::string packed() const;
  static engine::Result<LastSeen> unpack(std::string_view bytes);

  bool operator==(const LastSeen& other) const { return seen_ == other.seen_; }

 private:
  std::map<Who, engine::EventTime> seen_;
  std::uint64_t left_out_ = 0;
};

}  // namespace tripline::app
