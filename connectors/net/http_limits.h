#pragma once

#include <chrono>
#include <cstddef>

namespace tripline::connectors::net {

/// What one peer may cost. docs/architecture.md, "HTTP", says what each answers when it is reached. The size of a body
/// is not here: the service says it for each request (Admission).
struct HttpLimits {
  std::size_t max_request_line_bytes = std::size_t{8} << 10;
  /// Request line and headers. Data Firehose sends common attributes of up to 64,000 characters in one header.
  std::size_t max_head_bytes = std::size_t{128} << 10;
  std::size_t max_headers = 100;

  std::chrono::milliseconds tls_time{10'000};   // for the handshake
  std::chrono::milliseconds idle_time{75'000};  // from an answer, or the connection, to the next request's first byte
  std::chrono::milliseconds head_time{10'000};  // from the first byte to the head's end
  /// A body, or an answer, of n bytes may take stall_time + n / min_bytes_per_second.
  std::chrono::milliseconds stall_time{15'000};
  std::size_t min_bytes_per_second = 4096;
  /// From a request's first byte to its answer. Data Firehose gives up after 3 minutes.
  std::chrono::milliseconds request_time{170'000};
  /// After a refusal, how long the rest of the request is read and thrown away, so that the peer sees the answer and
  /// not a reset.
  std::chrono::milliseconds linger_time{2'000};

  std::size_t max_connections = 1024;
  std::size_t max_connections_per_address = 256;  // IPv6: per /64
  /// Memory of all bodies that are being received; what a service has taken is its own to bound.
  std::size_t max_body_bytes_at_once = std::size_t{512} << 20;
};

}  // namespace tripline::connectors::net
