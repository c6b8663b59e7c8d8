#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "app/console.h"

namespace tripline::app {

/// A progress bar with rate and time left, on the status line, for work that takes longer than a second. Time is passed
/// in. Borrows the console, which outlives it.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  Progress(Console& console, Clock::time_point start) : console_(console), start_(start) {}

  /// `done` of `total` bytes of input, in which `events` were found; at most ten times a second it shows.
  /// `total` 0: unknown.
  void update(Clock::time_point now, std::uint64_t done, std::uint64_t total, std::uint64_t events);
  void finish() { console_.status(""); }

 private:
  Console& console_;
  Clock::time_point start_;
  std::optional<Clock::time_point> shown_;
};

/// `[#####---------------]  25 %  12,300 events  84,200/s  0.41 s left`
std::string progress_line(std::uint64_t done, std::uint64_t total, std::uint64_t events,
                          std::chrono::duration<double> elapsed);

}  // namespace tripline::app
