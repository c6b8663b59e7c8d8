#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

#include "connectors/net/http_end.h"
#include "connectors/net/http_limits.h"
#include "connectors/net/http_message.h"

namespace tripline::connectors::net {

/// A request's head, and what it says of the connection and of the body behind it.
struct RequestHead {
  enum class Body { kNone, kLength, kChunked };

  HttpHead head;
  Body body = Body::kNone;
  std::size_t length = 0;  // of a kLength body; above 0
  bool http_1_0 = false;
  bool keep_alive = false;        // what the peer wishes for after the answer
  bool expects_continue = false;  // waits for `100 Continue` before it sends the body

  bool is_head() const { return head.method == "HEAD"; }
};

/// Reads request line and headers: all lines up to the empty one, each with its CRLF.
///
/// Strict where servers have differed, as whoever reads a request otherwise than the proxy before it can be sent a
/// second request inside the first: exactly one space between the parts of the request line, CRLF alone ends a line, no
/// white space before a colon, no folded headers, no control characters, one Host (of the same name as an absolute
/// target), one Content-Length of digits alone, or `Transfer-Encoding: chunked` and nothing else, never both, and the
/// latter not in HTTP/1.0.
/// Source: RFC 9112, 2.2, 3, 5, 6, 9.3 and 11.2; RFC 9110, 5.5 and 10.1.1.
std::variant<RequestHead, HttpRefusal> parse_request_head(std::string_view lines, const HttpLimits& limits);

/// Whether all of `name` may stand in a header's name or a method (RFC 9110, 5.6.2) and there is something.
bool is_token(std::string_view name);

/// Whether a header's value has no control character but a tab.
bool is_field_value(std::string_view value);

}  // namespace tripline::connectors::net
