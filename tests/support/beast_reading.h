#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "connectors/net/http_head_parser.h"
#include "connectors/net/http_message.h"

namespace tripline::tests {

/// A request as Boost.Beast reads it, which nobody here wrote.
struct BeastReading {
  connectors::net::HttpRequest request;  // names in lower case; fields of trailers are among the headers
  std::size_t consumed = 0;              // bytes
};

/// The first request of `bytes`. Nothing: Beast refuses it, and `why` is its word for that, or it is not whole.
inline std::optional<BeastReading> read_by_beast(std::string_view bytes, std::string& why) {
  namespace http = boost::beast::http;
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  parser.body_limit(std::uint64_t{1} << 24);
  parser.header_limit(std::uint32_t{1} << 20);
  BeastReading reading;
  boost::system::error_code error;
  while (!parser.is_done()) {
    const std::size_t used =
        parser.put(boost::asio::buffer(bytes.data() + reading.consumed, bytes.size() - reading.consumed), error);
    reading.consumed += used;
    if (error == http::error::need_more && used > 0) error = {};
    if (error || used == 0) {
      why = error ? error.message() : "not whole";
      return std::nullopt;
    }
  }
  const auto& message = parser.get();
  reading.request.head.method = std::string(message.method_string());
  reading.request.head.target = std::string(message.target());
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    reading.request.head.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  reading.request.body = message.body();
  return reading;
}

/// Whether a header that Beast looks into is no list of words, one behind each comma.
inline bool has_odd_wishes(const connectors::net::HttpHead& head) {
  constexpr std::string_view kLookedInto[] = {"connection", "proxy-connection", "upgrade"};
  const auto is_odd = [](std::string_view list) {
    while (!list.empty()) {
      const std::size_t comma = std::min(list.find(','), list.size());
      const std::string_view word = list.substr(0, comma);
      const std::size_t first = std::min(word.find_first_not_of(" \t"), word.size());
      const std::size_t size = word.find_last_not_of(" \t") + 1 - first;
      if (first < word.size() && !connectors::net::is_token(word.substr(first, size))) return true;
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
  };
  return std::any_of(head.headers.begin(), head.headers.end(), [&](const auto& header) {
    return std::find(std::begin(kLookedInto), std::end(kLookedInto), header.first) != std::end(kLookedInto) &&
           is_odd(header.second);
  });
}

/// In what our reading of the first request of `bytes` differs from Beast's; empty: in nothing but what is listed here.
///
/// | we                                            | Beast                                      |
/// |-----------------------------------------------|--------------------------------------------|
/// | put an absolute target as a path              | leaves it as it is                         |
/// | drop the fields behind a body in chunks       | puts them among the headers, and refuses   |
/// |                                               | values there as it does of headers         |
/// | pass over words of Connection we do not know, | refuses values of it, of Proxy-Connection  |
/// | whatever they are made of                     | and of Upgrade that are no lists of words  |
/// | pass over one empty line before a request     | does not                                   |
inline std::string difference_from_beast(std::string_view bytes, const connectors::net::HttpRequest& ours,
                                         std::size_t consumed) {
  const std::size_t empty_line = bytes.starts_with("\r\n") ? 2 : 0;
  std::string why;
  const auto beast = read_by_beast(bytes.substr(empty_line), why);
  constexpr std::string_view kOfFields[] = {"bad value", "bad Content-Length", "multiple Content-Length",
                                            "bad Transfer-Encoding"};
  const bool chunked = ours.head.find("transfer-encoding") != nullptr;
  if (!beast && chunked && std::find(std::begin(kOfFields), std::end(kOfFields), why) != std::end(kOfFields)) {
    // Perhaps of a trailer: without any, the rest has to hold.
    std::string plain(bytes.substr(empty_line, bytes.find("\r\n\r\n", empty_line) + 4 - empty_line));
    char size[20];
    if (!ours.body.empty()) {
      plain += std::string(size, static_cast<std::size_t>(std::snprintf(size, sizeof size, "%zx", ours.body.size())));
      plain += "\r\n" + ours.body + "\r\n";
    }
    plain += "0\r\n\r\n";
    if (plain != bytes) return difference_from_beast(plain, ours, plain.size());
  }
  if (!beast) return why == "bad value" && has_odd_wishes(ours.head) ? "" : "refused: " + why;
  const auto& theirs = beast->request;
  if (ours.head.method != theirs.head.method) return "method";
  const bool absolute = !theirs.head.target.starts_with('/') && theirs.head.target != "*";
  std::string target = theirs.head.target;
  if (absolute) {
    target.erase(0, target.find_first_of("/?#", target.find("//") + 2));
    if (!target.starts_with('/')) target.insert(0, "/");
  }
  if (ours.head.target != target) return "target";
  auto our_headers = ours.head.headers;
  auto their_headers = theirs.head.headers;
  std::stable_sort(our_headers.begin(), our_headers.end(), [](auto& a, auto& b) { return a.first < b.first; });
  std::stable_sort(their_headers.begin(), their_headers.end(), [](auto& a, auto& b) { return a.first < b.first; });
  const bool same = our_headers == their_headers;
  // Values of one name are in order; those of trailers come last.
  if (!same && !(chunked && std::includes(their_headers.begin(), their_headers.end(), our_headers.begin(),
                                          our_headers.end(), [](auto& a, auto& b) { return a.first < b.first; }))) {
    return "headers";
  }
  if (ours.body != theirs.body) return "body";
  if (consumed != beast->consumed + empty_line) return "length";
  return "";
}

}  // namespace tripline::tests
