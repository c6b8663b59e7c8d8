#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "connectors/net/http_end.h"

namespace tripline::connectors::net {

/// What an HttpServer counts; whoever exports it reads it at any time, from any thread.
struct HttpCounters {
  std::atomic<std::uint64_t> connections{};             // accepted and let in
  std::atomic<std::uint64_t> requests{};                // heads read
  std::atomic<std::uint64_t> received_bytes{};          // of requests, as sent (gzip, chunks), without TLS
  std::atomic<std::uint64_t> sent_bytes{};              // of answers, without TLS
  std::array<std::atomic<std::uint64_t>, 6> answers{};  // by the status's first digit; [0] is none of them
  std::array<std::atomic<std::uint64_t>, kHttpEndCount> ends{};

  std::atomic<std::uint64_t> open_connections{};  // now
  std::atomic<std::uint64_t> open_requests{};     // now: heads read and not yet answered
  std::atomic<std::uint64_t> body_bytes{};        // now: memory of bodies that are being received

  void count(HttpEnd end) { ends[index_of(end)].fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t of(HttpEnd end) const { return ends[index_of(end)].load(std::memory_order_relaxed); }
};

}  // namespace tripline::connectors::net
