#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include "engine/event_time.h"

namespace tripline::app {

/// The time of a running server: the wall clock at its start, and from then on the steady one, so that a step of the
/// wall clock (an operator, NTP) makes nothing late and nothing early. Threads: any.
class Clock {
 public:
  Clock() : wall_(wall()), steady_(std::chrono::steady_clock::now()) {}
  /// One that says what `told` says, for tests.
  explicit Clock(std::function<engine::EventTime()> told) : Clock() { told_ = std::move(told); }

  engine::EventTime now() const {
    if (told_) return told_();
    return wall_ + std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - steady_);
  }
  /// How far the wall clock has been stepped since the start, or has drifted; positive: it is ahead.
  std::chrono::milliseconds step() const { return told_ ? std::chrono::milliseconds{0} : wall() - now(); }

 private:
  static engine::EventTime wall() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }

  std::function<engine::EventTime()> told_;
  engine::EventTime wall_;
  std::chrono::steady_clock::time_point steady_;
};

}  // namespace tripline::app
