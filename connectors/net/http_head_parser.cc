#include "connectors/net/http_head_parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace tripline::connectors::net {
namespace {

using Refused = std::optional<HttpRefusal>;

constexpr auto kTokenCharacters = [] {
  std::array<bool, 256> table{};
  for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c = 'a'; c <= 'z'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), to_lower);
  return lowered;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Whether `list` (comma-separated, in lower case) has the token.
bool lists(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (trim(list.substr(0, comma)) == token) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

/// The only value of a header; `count` says how often it stands there.
const std::string* only(const HttpHead& head, std::string_view name, std::size_t& count) {
  const std::string* found = nullptr;
  count = 0;
  for (const auto& [key, value] : head.headers) {
    if (key != name) continue;
    if (count++ == 0) found = &value;
  }
  return found;
}

/// Takes the first line off `lines`, without its CRLF. Nothing: it ends otherwise.
std::optional<std::string_view> take_line(std::string_view& lines) {
  const auto feed = lines.find('\n');
  if (feed == std::string_view::npos || feed == 0 || lines[feed - 1] != '\r') return std::nullopt;
  const auto line = lines.substr(0, feed - 1);
  lines.remove_prefix(feed + 1);
  return line;
}

Refused read_version(std::string_view version, RequestHead& request) {
  if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) || version[6] != '.' ||
      !is_digit(version[7])) {
    return HttpRefusal(HttpEnd::kBadRequest, "the request line ends in HTTP/1.1");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return HttpRefusal(HttpEnd::kNotHttp1);
  request.http_1_0 = version == "HTTP/1.0";
  return std::nullopt;
}

Refused read_request_line(std::string_view line, RequestHead& request) {
  // The first line of what an HTTP/2 client sends (RFC 9113, 3.4).
  if (line == "PRI * HTTP/2.0") {
    return HttpRefusal(HttpEnd::kBadRequest, "this is HTTP/2; HTTP/1.1 is spoken here");
  }
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return HttpRefusal(HttpEnd::kBadRequest, "a request line has a method, a target and a version");
  }
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  if (!is_token(method)) return HttpRefusal(HttpEnd::kBadRequest, "the method is no word");
  // Whatever is not a visible ASCII character is sent percent-encoded (RFC 3986, 2.1).
  if (target.empty() || !std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < 0x7f; })) {
    return HttpRefusal(HttpEnd::kBadRequest, "the target has characters that are to be percent-encoded");
  }
  request.head.method = method;
  request.head.target = target;
  return read_version(line.substr(last + 1), request);
}

Refused read_header(std::string_view line, HttpHead& head) {
  if (line.front() == ' ' || line.front() == '\t') {
    return HttpRefusal(HttpEnd::kBadFraming, "a header goes on in the next line");
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return HttpRefusal(HttpEnd::kBadRequest, "a header has no colon");
  const auto name = line.substr(0, colon);
  if (!is_token(name)) {
    const bool blank = !name.empty() && (name.back() == ' ' || name.back() == '\t');
    return blank ? HttpRefusal(HttpEnd::kBadFraming, "white space before a header's colon")
                 : HttpRefusal(HttpEnd::kBadRequest, "a header's name is no word");
  }
  const auto value = trim(line.substr(colon + 1));
  if (!is_field_value(value)) return HttpRefusal(HttpEnd::kBadRequest, "a header holds control characters");
  head.headers.emplace_back(lower(name), value);
  return std::nullopt;
}

/// The target as a path: what stands behind the authority of an absolute one, which must be the Host's.
Refused read_host(RequestHead& request) {
  std::size_t count = 0;
  const std::string* const host = only(request.head, "host", count);
  if (count > 1) return HttpRefusal(HttpEnd::kBadFraming, "there is more than one Host");
  if (host == nullptr && !request.http_1_0) return HttpRefusal(HttpEnd::kBadRequest, "there is no Host");
  if (host != nullptr && host->find_first_of(" \t,/@") != std::string::npos) {
    return HttpRefusal(HttpEnd::kBadRequest, "Host is a name and a port");
  }

  std::string& target = request.head.target;
  if (target.front() == '/' || (target == "*" && request.head.method == "OPTIONS")) return std::nullopt;
  const std::string lowered = lower(target);
  const std::size_t scheme = lowered.starts_with("http://") ? 7 : lowered.starts_with("https://") ? 8 : 0;
  if (scheme == 0) return HttpRefusal(HttpEnd::kBadRequest, "the target is a path that begins with a slash");
  const auto path = std::min(lowered.find_first_of("/?#", scheme), lowered.size());
  const auto authority = std::string_view(lowered).substr(scheme, path - scheme);
  if (authority.empty() || host == nullptr || authority != lower(*host)) {
    return HttpRefusal(HttpEnd::kBadFraming, "the target names another host than Host");
  }
  target.erase(0, path);
  if (target.empty() || target.front() != '/') target.insert(target.begin(), '/');
  return std::nullopt;
}

Refused read_framing(RequestHead& request) {
  std::size_t lengths = 0;
  std::size_t encodings = 0;
  const std::string* const length = only(request.head, "content-length", lengths);
  const std::string* const encoding = only(request.head, "transfer-encoding", encodings);
  if (encoding != nullptr) {
    if (length != nullptr) return HttpRefusal(HttpEnd::kBadFraming, "both Transfer-Encoding and Content-Length");
    if (request.http_1_0) return HttpRefusal(HttpEnd::kBadFraming, "Transfer-Encoding in HTTP/1.0");
    if (encodings > 1 || lower(*encoding) != "chunked") {
      return HttpRefusal(HttpEnd::kBadFraming, "Transfer-Encoding is chunked and nothing else");
    }
    request.body = RequestHead::Body::kChunked;
    return std::nullopt;
  }
  if (length == nullptr) return std::nullopt;
  if (lengths > 1) return HttpRefusal(HttpEnd::kBadFraming, "there is more than one Content-Length");
  std::uint64_t bytes = 0;
  const char* const end = length->data() + length->size();
  const auto [stop, error] = std::from_chars(length->data(), end, bytes);
  // from_chars takes a minus sign even for what is unsigned.
  if (error != std::errc{} || stop != end || !is_digit(length->front())) {
    return HttpRefusal(HttpEnd::kBadFraming, "Content-Length is a number");
  }
  if (bytes == 0) return std::nullopt;
  request.body = RequestHead::Body::kLength;
  request.length = bytes;
  return std::nullopt;
}

Refused read_wishes(RequestHead& request) {
  bool close = false;
  bool keep = false;
  for (const auto& [name, value] : request.head.headers) {
    if (name == "connection") {
      const auto options = lower(value);
      close |= lists(options, "close");
      keep |= lists(options, "keep-alive");
    } else if (name == "expect" && !request.http_1_0) {
      if (lower(value) != "100-continue") return HttpRefusal(HttpEnd::kBadExpectation);
      request.expects_continue = request.body != RequestHead::Body::kNone;
    }
  }
  request.keep_alive = !close && (keep || !request.http_1_0);
  return std::nullopt;
}

}  // namespace

bool is_token(std::string_view name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return kTokenCharacters[static_cast<unsigned char>(c)]; });
}

bool is_field_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < ' ' && c != '\t') || byte == 0x7f;
  });
}

std::variant<RequestHead, HttpRefusal> parse_request_head(std::string_view lines, const HttpLimits& limits) {
  RequestHead request;
  const HttpRefusal bad_end(HttpEnd::kBadFraming, "each line ends with CRLF");
  const auto request_line = take_line(lines);
  if (!request_line) return bad_end;
  if (request_line->size() > limits.max_request_line_bytes) return HttpRefusal(HttpEnd::kRequestLineTooLong);
  if (auto refused = read_request_line(*request_line, request)) return *refused;
  for (;;) {
    const auto line = take_line(lines);
    if (!line) return bad_end;
    if (line->empty()) break;
    if (request.head.headers.size() >= limits.max_headers) return HttpRefusal(HttpEnd::kHeadTooLarge);
    if (auto refused = read_header(*line, request.head)) return *refused;
  }
  for (const auto& step : {&read_host, &read_framing, &read_wishes}) {
    if (auto refused = step(request)) return *refused;
  }
  return request;
}

}  // namespace tripline::connectors::net
