#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tripline::engine {

/// A moment of event time. CloudTrail's own resolution is the second; other logs may have fractions.
using EventTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Reads ISO 8601 as CloudTrail and its neighbours write it: `2026-01-15T10:11:12Z`, with a fraction, with an offset
/// (`+01:00`), with a blank for the `T`, and the basic form `20131102T010628Z`. Nothing when it is no such time.
std::optional<EventTime> parse_time(std::string_view text);

/// `2026-01-15T10:11:12Z`; milliseconds are written only when there are some.
std::string format_time(EventTime time);

}  // namespace tripline::engine
