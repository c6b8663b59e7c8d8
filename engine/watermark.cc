#include "engine/watermark.h"

#include <algorithm>

namespace tripline::engine {

EventTime Watermark::advance(EventTime now, std::optional<EventTime> oldest) {
  if (held_) {
    if (oldest && now - *oldest > options_.keeps_up_within) {
      kept_up_since_.reset();
    } else if (!kept_up_since_) {
      kept_up_since_ = now;
    }
    const bool keeps_up = kept_up_since_ && now - *kept_up_since_ >= options_.keeps_up_for;
    held_ = !keeps_up && now - started_ < options_.held_at_most;
  }
  if (!held_) value_ = std::max(value_, std::min(oldest.value_or(now), now) - options_.lateness);
  return value_;
}

void Watermark::hold(EventTime committed, EventTime now) {
  value_ = committed;
  started_ = now;
  kept_up_since_.reset();
  held_ = true;
}

}  // namespace tripline::engine
