#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/net/http_body_reader.h"
#include "connectors/net/http_end.h"
#include "connectors/net/http_head_parser.h"
#include "connectors/net/http_limits.h"
#include "connectors/net/http_message.h"

namespace tripline::connectors::net {

/// Reads one request from bytes that come in parts of any size: head, admission, body. It knows no sockets and no
/// time, so that a test or a fuzzer drives it from memory as a connection does from the wire.
/// Threads: not synchronised.
class HttpRequestReader {
 public:
  enum class State {
    kHead,       // feed() on
    kAdmission,  // the head is there: admit() is called next
    kBody,       // feed() on
    kWhole,      // take()
    kRefused,    // refusal(), and its answer(); what else comes from the peer cannot be told apart
  };

  /// Borrows the limits, which outlive it. `peer` and `tls` are for the head.
  HttpRequestReader(const HttpLimits& limits, std::string peer, bool tls)
      : limits_(limits), peer_(std::move(peer)), tls_(tls) {}

  State state() const { return state_; }
  /// Whether anything of a request came; the empty line that may precede it is nothing.
  bool begun() const { return state_ != State::kHead || !lines_.empty(); }

  /// Takes bytes from the front and returns how many; none unless in kHead or kBody. Bytes that are left belong to the
  /// next state, or to the next request.
  std::size_t feed(std::string_view bytes);

  /// From kAdmission on.
  const RequestHead& request() const { return request_; }

  /// What the service says to the head, unless it is a refusal, which ends the matter.
  void admit(Admission admission);

  /// Refuses the request for a reason from without: time, or memory.
  void refuse(HttpRefusal refusal);

  /// Once, in kWhole.
  HttpRequest take();

  const HttpRefusal& refusal() const { return refusal_; }
  /// In the service's own words if it said how (Admission::refuse), which may throw.
  HttpResponse refusal_answer() const;

  std::size_t held_bytes() const { return body_ ? body_->held_bytes() : 0; }
  std::size_t received_body_bytes() const { return body_ ? body_->received_bytes() : 0; }

 private:
  std::size_t feed_head(std::string_view bytes);
  void end_of_line();
  void end_of_head();
  void look_at_body();

  const HttpLimits& limits_;
  std::string peer_;
  bool tls_;
  State state_ = State::kHead;
  bool empty_line_ = false;  // one was passed over before the request line
  std::string lines_;
  std::size_t line_begin_ = 0;
  std::size_t line_count_ = 0;
  RequestHead request_;
  Admission admission_;
  std::optional<HttpBodyReader> body_;
  HttpRefusal refusal_;
};

/// What a peer is told that no service answers: `{"message": why}`.
HttpResponse plain_refusal(const HttpRefusal& refusal);

}  // namespace tripline::connectors::net
