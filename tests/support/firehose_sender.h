#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/http_message.h"
#include "engine/event_time.h"

namespace tripline::tests {

/// An answer as it stands on the wire.
struct WireAnswer {
  int status = 0;
  std::vector<connectors::net::HttpHeader> headers;  // names in lower case
  std::string body;
};

/// As a server would write it.
WireAnswer on_the_wire(const connectors::net::HttpResponse& response);

/// Data Firehose as the sender of HTTP endpoint deliveries, to the letter of its guide: what it sends, which answers it
/// takes for an acknowledgement, and what it does with all others. It knows nothing of our server.
/// Source: Data Firehose Developer Guide, "HTTP endpoint delivery request and response specifications", "Retry" and
/// "Troubleshooting HTTP endpoints".
class FirehoseSender {
 public:
  /// Carries a request to the server and brings back its answer; nothing: none came in time.
  using Carry = std::function<std::optional<WireAnswer>(const connectors::net::HttpRequest&)>;

  struct Options {
    std::string target = "/firehose";
    std::string host = "detect.example.net";
    std::string access_key;         // empty: no header
    std::string common_attributes;  // the header as it is; empty: none
    bool gzip = false;
    int attempts = 3;  // in the retry window; all with the same request id
  };

  struct Delivery {
    enum class End { kAcknowledged, kGivenUp, kLost };  // given up: goes to the bucket of failed data
    End end = End::kGivenUp;
    int attempts = 0;
    std::string error;                    // the last answer's errorMessage
    std::vector<int> statuses;            // of every answer
    std::vector<std::string> violations;  // rules of the guide that an answer broke
  };

  FirehoseSender(Carry carry, Options options) : carry_(std::move(carry)), options_(std::move(options)) {}

  /// Sends one batch, each record the bytes that a producer put, until it is acknowledged.
  Delivery deliver(const std::vector<std::string>& records, const std::string& request_id,
                   engine::EventTime now = engine::EventTime(std::chrono::milliseconds{1768471872345}));

  /// The request, without anything of the network.
  connectors::net::HttpRequest request(const std::vector<std::string>& records, const std::string& request_id,
                                       engine::EventTime now) const;

 private:
  Carry carry_;
  Options options_;
};

/// Which rules of the guide an answer to a request of that id breaks; `error`: its errorMessage.
std::vector<std::string> broken_rules(const WireAnswer& answer, std::string_view request_id, std::string& error);

}  // namespace tripline::tests
