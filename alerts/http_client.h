#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "alerts/address_guard.h"
#include "alerts/request.h"

namespace tripline::alerts {

/// How a sink talks to its receiver; shared by all its requests.
struct HttpPolicy {
  std::chrono::milliseconds connect_limit{5'000};  // with the name's resolution and TLS
  std::chrono::milliseconds total_limit{15'000};   // from the request's beginning to the answer's last byte
  std::size_t most_response_bytes = std::size_t{64} << 10;
  std::string proxy{};             // http://host:port; empty: none, whatever the environment says
  std::string ca_file{};           // PEM, in the place of the system's; empty: the system's
  std::string client_cert_file{};  // PEM; empty: none
  std::string client_key_file{};
  std::string client_key_password{};
  AddressGuard guard{};
};

/// Why there is no answer.
enum class HttpFailure { kNone, kRequest, kResolve, kConnect, kRefusedAddress, kTls, kTimeout, kBroken, kStopped };

struct HttpFailureRow {
  HttpFailure failure;
  std::string_view label;  // of metrics
  std::string_view meaning;
};
inline constexpr HttpFailureRow kHttpFailures[] = {
    {HttpFailure::kNone, "none", "there is an answer"},
    {HttpFailure::kRequest, "request", "the request cannot be sent"},
    {HttpFailure::kResolve, "resolve", "the name is not known in DNS"},
    {HttpFailure::kConnect, "connect", "nobody takes the connection"},
    {HttpFailure::kRefusedAddress, "refused_address", "the address is one that requests may not go to"},
    {HttpFailure::kTls, "tls", "no safe connection by TLS"},
    {HttpFailure::kTimeout, "timeout", "no whole answer within the time limit"},
    {HttpFailure::kBroken, "broken", "the connection ended before the answer did"},
    {HttpFailure::kStopped, "stopped", "the client was stopped"},
};
constexpr const HttpFailureRow& row_of(HttpFailure failure) { return kHttpFailures[static_cast<int>(failure)]; }

/// What came of a request.
struct Exchange {
  HttpFailure failure = HttpFailure::kNone;
  std::string why{};    // of a failure: one line that names the host, and nothing of path, headers or body
  Response response{};  // where there is no failure
  std::chrono::microseconds took{0};
};

/// Sends HTTP requests side by side, on a thread of its own, by libcurl's multi interface.
///
/// TLS certificates are always verified. Redirects are not followed. Where a connection leads is checked before it is
/// made, and again before a kept one is used (AddressGuard); behind a proxy, which resolves names itself, only URLs
/// that hold an address are. Connections are kept for further requests. The body of an answer is read up to a cap, and
/// the answer counts then; an answer that ends early, or not in time, is a failure, whatever its status.
///
/// Threads: send() from any thread. `done` is called on the client's own thread, once for each request, and must not
/// block; at the latest when the client is destroyed (kStopped).
class HttpClient {
 public:
  using Done = std::function<void(Exchange)>;

  struct Counters {
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> refused_addresses{0};
    std::atomic<std::uint64_t> cut_answers{0};
    std::atomic<std::uint64_t> failures[std::size(kHttpFailures)]{};  // by HttpFailure; kNone: answers
  };

  /// Throws std::runtime_error when libcurl cannot be set up.
  HttpClient();
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void send(Request request, std::shared_ptr<const HttpPolicy> policy, Done done);

  const Counters& counters() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace tripline::alerts
