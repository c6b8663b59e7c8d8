#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tripline::connectors::net {

/// A header's name and value; names are in lower case.
using HttpHeader = std::pair<std::string, std::string>;

/// A request line and its headers, as sent. It owns its text.
struct HttpHead {
  std::string method;
  std::string target;  // path and query, still percent-encoded
  std::vector<HttpHeader> headers;
  std::string peer;  // the address that the connection came from
  bool tls = false;

  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  std::string_view query() const {
    const auto mark = target.find('?');
    return mark == std::string::npos ? std::string_view{} : std::string_view(target).substr(mark + 1);
  }
  /// The first header of that name (lower case); null when there is none.
  const std::string* find(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return &value;
    }
    return nullptr;
  }
};

struct HttpRequest {
  HttpHead head;
  std::string body;  // whole; gzip taken off if Admission::inflate
};

/// Always sent with Content-Length and never compressed.
struct HttpResponse {
  int status = 200;
  std::string body{};
  std::string content_type = "application/json";
  std::vector<HttpHeader> headers{};  // beside those that the server sets itself
};

/// Answers one request, once, from any thread. A Reply that is dropped without being called answers 500.
using Reply = std::function<void(HttpResponse)>;

/// What becomes of a request whose head was read and whose body was not.
struct Admission {
  std::optional<HttpResponse> refusal{};  // answered at once; the body is not read, and the connection is closed
  std::size_t max_body_bytes = 1 << 20;
  std::size_t max_inflated_bytes = 1 << 20;  // past it reading stops: no gzip bomb costs more than this
  bool inflate = true;                       // takes off `Content-Encoding: gzip`
  /// What a body beyond a limit, or with broken gzip, is answered with. Empty: 413, or 400.
  std::function<HttpResponse(int status, std::string_view why)> refuse{};
};

/// What a server serves. Both are called on its threads, side by side, and must not block.
struct HttpService {
  std::function<Admission(const HttpHead&)> admit;
  std::function<void(HttpRequest, Reply)> handle;
};

}  // namespace tripline::connectors::net
