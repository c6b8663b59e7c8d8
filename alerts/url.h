#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tripline::alerts {

/// The parts of a URL that decide whom we talk to.
struct Url {
  std::string scheme;  // http or https
  std::string host;    // as it is written; IPv6 in brackets
  std::string port;    // empty: the scheme's own
  std::string target;  // path and query as sent, at least `/`

  /// As the Host header has it.
  std::string authority() const { return port.empty() ? host : host + ":" + port; }
};

/// Nothing: it is no http or https URL with a host, or it has a user, a fragment, blanks or control characters in it.
std::optional<Url> parse_url(std::string_view text);

/// What was expected; empty: it is such a URL. Never the URL itself, which may be a secret.
std::string fault_of_url(std::string_view text);

/// RFC 3986: all but unreserved characters become %XX, blanks too.
std::string percent_encoded(std::string_view text);

}  // namespace tripline::alerts
