#pragma once

#include <chrono>
#include <optional>

#include "engine/event_time.h"

namespace tripline::engine {

/// Up to when everything has come that a running server still waits for: the delivery time of the oldest delivery that
/// is not committed (now, when there is none) less the lateness. What is committed of it never goes back.
///
/// After a start it keeps the value that was stored, so that what came in while we were down, and is delivered again
/// now, is not late: until intake has kept up for a while, or at most for two hours.
/// Source: docs/architecture.md, "Correlations". Time is passed in. Threads: one.
class Watermark {
 public:
  struct Options {
    std::chrono::milliseconds lateness = std::chrono::minutes{30};
    std::chrono::milliseconds keeps_up_for = std::chrono::minutes{5};
    std::chrono::milliseconds keeps_up_within = std::chrono::minutes{1};  // no delivery waits longer for its commit
    std::chrono::milliseconds held_at_most = std::chrono::hours{2};
  };

  /// `stored`: what an earlier process came to; EventTime::min(): there was none, and nothing is waited for.
  Watermark(Options options, EventTime stored, EventTime started)
      : options_(options), value_(stored), started_(started), held_(stored != EventTime::min()) {}

  /// `oldest`: when the oldest delivery that is not committed came in; nothing: there is none.
  EventTime advance(EventTime now, std::optional<EventTime> oldest);

  /// Nothing can be committed now: keeps the value of the last commit as after a start, so that what failed is not late
  /// when it is delivered again.
  void hold(EventTime committed, EventTime now);

  EventTime value() const { return value_; }
  /// It still keeps the value that was stored.
  bool held() const { return held_; }

 private:
  Options options_;
  EventTime value_;
  EventTime started_;
  std::optional<EventTime> kept_up_since_;
  bool held_;
};

}  // namespace tripline::engine
