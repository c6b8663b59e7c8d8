#pragma once

#include <cstddef>
#include <string_view>

namespace tripline::connectors::net {

/// How a request or a connection ends that no service answered. What each means is one row of kHttpEnds.
enum class HttpEnd {
  kBadRequest,
  kBadFraming,
  kNotHttp1,
  kRequestLineTooLong,
  kHeadTooLarge,
  kBadExpectation,
  kBodyTooLarge,
  kInflatesTooLarge,
  kBadGzip,
  kUnknownEncoding,
  kTooManyBodies,
  kHeadTimeout,
  kBodyTimeout,
  kAnswerTimeout,
  kWriteTimeout,
  kIdleTimeout,
  kTlsTimeout,
  kTlsFailed,
  kServiceFailed,
  kPeerGone,
  kTooManyConnections,
  kTooManyFromAddress,
  kIdleEvicted,
  kAcceptFailed,
  kCutAtStop,
};

struct HttpEndRow {
  HttpEnd end;
  std::string_view label;  // of the metric; docs/architecture.md, "HTTP", names them too
  int status;              // of the answer; 0: the connection is closed without one
  std::string_view text;   // what the peer is told when nothing more exact is known
};

/// In the enumeration's order.
inline constexpr HttpEndRow kHttpEnds[] = {
    {HttpEnd::kBadRequest, "bad_request", 400, "the request is not HTTP/1.1"},
    {HttpEnd::kBadFraming, "bad_framing", 400, "the length of the request's body is not plain"},
    {HttpEnd::kNotHttp1, "not_http1", 505, "HTTP/1.1 and HTTP/1.0 are spoken here"},
    {HttpEnd::kRequestLineTooLong, "request_line_too_long", 414, "the request line is too long"},
    {HttpEnd::kHeadTooLarge, "head_too_large", 431, "the headers are too large or too many"},
    {HttpEnd::kBadExpectation, "bad_expectation", 417, "100-continue is the one expectation that can be met"},
    {HttpEnd::kBodyTooLarge, "body_too_large", 413, "the body is too large"},
    {HttpEnd::kInflatesTooLarge, "inflates_too_large", 413, "the body inflates to too much"},
    {HttpEnd::kBadGzip, "bad_gzip", 400, "the body is not the gzip that Content-Encoding says"},
    {HttpEnd::kUnknownEncoding, "unknown_encoding", 415, "Content-Encoding is gzip or absent"},
    {HttpEnd::kTooManyBodies, "too_many_bodies", 503, "too much is being received; retry later"},
    {HttpEnd::kHeadTimeout, "head_timeout", 408, "the headers came too slowly"},
    {HttpEnd::kBodyTimeout, "body_timeout", 408, "the body came too slowly"},
    {HttpEnd::kAnswerTimeout, "answer_timeout", 503, "the answer takes too long; retry later"},
    {HttpEnd::kWriteTimeout, "write_timeout", 0, "the answer was read too slowly"},
    {HttpEnd::kIdleTimeout, "idle_timeout", 0, "no request came"},
    {HttpEnd::kTlsTimeout, "tls_timeout", 0, "the TLS handshake took too long"},
    {HttpEnd::kTlsFailed, "tls_failed", 0, "the TLS handshake failed"},
    {HttpEnd::kServiceFailed, "service_failed", 500, "the request could not be answered"},
    {HttpEnd::kPeerGone, "peer_gone", 0, "the peer left in the middle of a request or its answer"},
    {HttpEnd::kTooManyConnections, "too_many_connections", 0, "all connections are busy"},
    {HttpEnd::kTooManyFromAddress, "too_many_from_address", 0, "one address has too many connections"},
    {HttpEnd::kIdleEvicted, "idle_evicted", 0, "an idle connection made room for a new one"},
    {HttpEnd::kAcceptFailed, "accept_failed", 0, "the system could not accept a connection"},
    {HttpEnd::kCutAtStop, "cut_at_stop", 0, "the server stopped before the request was answered"},
};

inline constexpr std::size_t kHttpEndCount = sizeof kHttpEnds / sizeof kHttpEnds[0];

constexpr std::size_t index_of(HttpEnd end) { return static_cast<std::size_t>(end); }
constexpr const HttpEndRow& row_of(HttpEnd end) { return kHttpEnds[index_of(end)]; }

static_assert([] {
  for (std::size_t i = 0; i < kHttpEndCount; ++i) {
    if (index_of(kHttpEnds[i].end) != i) return false;
  }
  return row_of(HttpEnd::kCutAtStop).label == "cut_at_stop";
}());

/// Why a request is refused: what is counted, and what the peer is told. `why` is a literal and holds nothing of the
/// request.
struct HttpRefusal {
  HttpEnd end = HttpEnd::kBadRequest;
  std::string_view why;

  HttpRefusal() = default;
  explicit HttpRefusal(HttpEnd e) : end(e), why(row_of(e).text) {}
  HttpRefusal(HttpEnd e, std::string_view w) : end(e), why(w) {}
  int status() const { return row_of(end).status; }
};

}  // namespace tripline::connectors::net
