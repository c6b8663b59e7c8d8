#pragma once

#include <chrono>
#include <cstdint>

namespace tripline::alerts {

/// How much waits for a sink, how long, and how much of it is tried at a time.
struct SinkBounds {
  std::uint64_t concurrency = 4;         // attempts at a time
  std::uint64_t most_waiting = 100'000;  // deliveries; the oldest beyond are parked
  std::chrono::milliseconds give_up_after{std::chrono::hours{24}};

  bool operator==(const SinkBounds&) const = default;
};

}  // namespace tripline::alerts
