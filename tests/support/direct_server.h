#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "connectors/intake.h"
#include "connectors/net/http_message.h"
#include "connectors/net/ways_in.h"
#include "tests/support/firehose_sender.h"

namespace tripline::tests {

/// The ways in without a network: requests are admitted and handled as the HTTP server does it, and deliveries settled
/// when the test says so, or at once.
class DirectServer {
 public:
  using Ways = connectors::net::WaysIn;

  /// It begins at `start`: 2026-01-15T10:11:12.391Z.
  explicit DirectServer(const Ways::Options& options, std::size_t intake_bytes = std::size_t{256} << 20,
                        engine::EventTime start = engine::EventTime(std::chrono::milliseconds{1768471872391}));

  /// One request, to its end or as far as it gets until its delivery is settled.
  struct Exchange {
    std::optional<connectors::net::HttpResponse> answer;
    std::size_t answers = 0;
  };
  /// The result lives as long as the server.
  const Exchange& send(connectors::net::HttpRequest request);

  /// send(), with what it brought settled.
  std::optional<WireAnswer> exchange(connectors::net::HttpRequest request);
  FirehoseSender::Carry carry() {
    return [this](const auto& request) { return exchange(request); };
  }

  /// Settles all deliveries that are there, in order; each is as durable as `durable` says.
  void settle();

  connectors::Intake intake;
  engine::EventTime now;
  engine::Result<void> durable;
  std::vector<engine::Envelope> settled;  // with their bodies
  Ways ways;

 private:
  std::deque<Exchange> exchanges_;
};

}  // namespace tripline::tests
