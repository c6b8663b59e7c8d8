#pragma once

#include <optional>
#include <string_view>

#include "alerts/request.h"
#include "engine/event_time.h"

namespace tripline::alerts {

/// What an HTTP status means for a message, by one table (judge_status.cc): 2xx is delivered; time-outs, "too many" and
/// 5xx are to be tried again, after Retry-After where there is one (at most kLongestRetryAfter); the rest is given up.
/// `now`: Retry-After may be a date.
Verdict judge_status(const Response& response, engine::EventTime now);

inline constexpr std::chrono::hours kLongestRetryAfter{24};

/// Retry-After as seconds or as an HTTP date. Nothing: there is none, or it is neither. Source: RFC 9110, 10.2.3.
std::optional<std::chrono::seconds> retry_after(const Response& response, engine::EventTime now);

/// The beginning of what a receiver answered, on one line, for people: `: invalid_payload`; empty: it said nothing.
std::string said(std::string_view body);

}  // namespace tripline::alerts
