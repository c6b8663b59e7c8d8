#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "engine/event_time.h"
#include "engine/histogram.h"

namespace tripline::alerts {

/// How deliveries left the outbox, or were parked in it; the labels of metrics.
struct DeliveryEndRow {
  std::string_view label;
  std::string_view meaning;
};
enum class DeliveryEnd { kDelivered, kRefused, kOverdue, kFull, kForgotten, kDropped };
inline constexpr DeliveryEndRow kDeliveryEnds[] = {
    {"delivered", "the receiver has taken it"},
    {"refused", "parked: the receiver takes others, and not this one"},
    {"overdue", "parked: it could not be delivered in time"},
    {"full", "parked: more waited for the sink than its outbox holds"},
    {"forgotten", "gone: the store has forgotten its signals"},
    {"dropped", "gone: somebody said so"},
};

/// What is told of one sink. Counted since the dispatcher was made.
struct SinkStatus {
  std::string name;
  std::uint64_t waiting = 0;                // deliveries
  std::uint64_t under_way = 0;              // attempts
  std::uint64_t parked = 0;                 // deliveries
  std::optional<engine::EventTime> oldest;  // since when the oldest of those that wait has waited
  bool open = false;                        // the circuit breaker
  std::uint64_t failures = 0;               // of the sink, in a row
  engine::EventTime paused_until = engine::EventTime::min();
  std::string trouble;  // of the last failure; empty: none since a success
  std::array<std::uint64_t, std::size(kDeliveryEnds)> ends{};
  engine::Histogram took{};     // from a delivery's being written to its being delivered
  std::uint64_t retries = 0;    // attempts that failed and will be repeated
  std::uint64_t refreshed = 0;  // open signals told again
  std::uint64_t firing = 0;     // open signals that are told again
  std::uint64_t firing_given_up = 0;
};

}  // namespace tripline::alerts
