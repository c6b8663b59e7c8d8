#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "engine/event_time.h"
#include "engine/store/sqlite.h"

namespace tripline::engine::store {

// How columns hold what several tables have (docs/store.md).

/// A blob begins with its version, which is never 0.
constexpr bool has_version(std::string_view blob) { return !blob.empty() && blob.front() != '\0'; }

/// Times are milliseconds since 1970.
constexpr std::int64_t milliseconds(EventTime time) { return time.time_since_epoch().count(); }
inline EventTime read_time(Statement& statement) { return EventTime{std::chrono::milliseconds{statement.integer()}}; }

}  // namespace tripline::engine::store
