#pragma once

#include <optional>
#include <string_view>

#include "engine/event_time.h"

namespace tripline::app {

/// A moment as --from and --to name it: an ISO 8601 time; a date, `2026-01-15`, for its first moment in UTC; or `90s`,
/// `30m`, `2h`, `7d`, `4w` before `now`. Nothing when it is none of these.
std::optional<engine::EventTime> parse_moment(std::string_view text, engine::EventTime now);

/// Whether `text` is a date alone, so that `--to` can mean the whole of that day.
bool is_date(std::string_view text);

/// A span of event time, half open.
struct Span {
  std::optional<engine::EventTime> from;
  std::optional<engine::EventTime> to;

  bool bounded() const { return from || to; }
  bool holds(engine::EventTime time) const { return (!from || time >= *from) && (!to || time < *to); }
};

}  // namespace tripline::app
