#pragma once

#include <chrono>
#include <cstdint>

namespace tripline::app {

/// Spreads work evenly over time: so much a second and no more, without catching up on time that was lost waiting for
/// others. Time is passed in. Threads: one.
class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  /// `per_second` 0: as fast as it goes.
  explicit Pace(std::uint64_t per_second) : per_second_(per_second) {}

  /// How long to wait before the next `amount` is done; it counts as done then.
  Clock::duration wait_before(Clock::time_point now, std::uint64_t amount);

 private:
  std::uint64_t per_second_;
  Clock::time_point due_{};  // when the next may be done
};

}  // namespace tripline::app
