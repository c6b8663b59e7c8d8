#include "connectors/net/sigv4.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tripline::connectors::net {
namespace {

/// Headers that are never signed, as the way to the server may change them.
constexpr std::string_view kUnsigned[] = {
    "authorization", "connection",        "expect",  "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
    "trailer",       "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
};

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

void add_encoded(std::string& to, std::string_view text, bool keep_slash) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slash && c == '/')) {
      to += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    to += '%';
    to += kDigits[byte >> 4];
    to += kDigits[byte & 15];
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escape = text[at] == '%' && text.size() - at > 2;
    const int high = escape ? hex_digit(text[at + 1]) : -1;
    const int low = escape ? hex_digit(text[at + 2]) : -1;
    if (high < 0 || low < 0) {
      out += text[at];
      continue;
    }
    out += static_cast<char>(high << 4 | low);
    at += 2;
  }
  return out;
}

/// Takes the part before the next `separator` off `rest`.
std::string_view take_part(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

/// Source: RFC 3986, section 5.2.4; slashes that follow one another are one.
std::string normalised(std::string_view path) {
  std::vector<std::string_view> segments;
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view segment = take_part(rest, '/');
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      segments.push_back(segment);
    } else if (!segments.empty()) {
      segments.pop_back();
    }
  }
  std::string out;
  for (const auto segment : segments) out.append("/").append(segment);
  if (segments.empty() || path.ends_with('/')) out += '/';
  return out;
}

void add_path(std::string& to, std::string_view path, PathForm form) {
  if (path.empty()) {
    to += '/';
  } else if (form == PathForm::kAsSent) {
    to += path;
  } else {
    add_encoded(to, normalised(path), true);
  }
}

void add_query(std::string& to, std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    std::string_view value = take_part(query, '&');
    if (value.empty()) continue;
    const std::string_view name = take_part(value, '=');
    auto& [to_name, to_value] = pairs.emplace_back();
    add_encoded(to_name, decoded(name), false);
    add_encoded(to_value, decoded(value), false);
  }
  std::sort(pairs.begin(), pairs.end());
  bool first = true;
  for (const auto& [name, value] : pairs) {
    if (!std::exchange(first, false)) to += '&';
    to.append(name).append("=").append(value);
  }
}

/// Blanks at the ends go, runs of them become one.
void add_trimmed(std::string& to, std::string_view value) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = to.size();
  while (!value.empty()) {
    const std::size_t word = value.find_first_not_of(kBlanks);
    if (word == std::string_view::npos) return;
    value.remove_prefix(word);
    if (to.size() > begin) to += ' ';
    const std::size_t end = std::min(value.find_first_of(kBlanks), value.size());
    to += value.substr(0, end);
    value.remove_prefix(end);
  }
}

void add_header(std::string& to, const HttpHead& head, std::string_view name) {
  to.append(name).append(":");
  bool first = true;
  for (const auto& [key, value] : head.headers) {
    if (key != name) continue;
    if (!std::exchange(first, false)) to += ',';
    add_trimmed(to, value);
  }
  to += '\n';
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out.append(&name == &names.front() ? "" : ";").append(name);
  return out;
}

}  // namespace

std::string canonical_request(const HttpHead& head, const std::vector<std::string>& signed_headers,
                              std::string_view payload_hash, PathForm form) {
  std::string out = head.method + "\n";
  add_path(out, head.path(), form);
  out += '\n';
  add_query(out, head.query());
  out += '\n';
  for (const auto& name : signed_headers) add_header(out, head, name);
  return out.append("\n").append(joined(signed_headers)).append("\n").append(payload_hash);
}

std::string string_to_sign(std::string_view time, std::string_view scope, std::string_view canonical_request) {
  std::string out = "AWS4-HMAC-SHA256\n";
  return out.append(time).append("\n").append(scope).append("\n").append(hex(sha256(canonical_request)));
}

Sha256 signing_key(std::string_view secret, std::string_view date, std::string_view region, std::string_view service) {
  Sha256 key = hmac_sha256(std::string("AWS4").append(secret), date);
  for (const auto part : {region, service, std::string_view("aws4_request")}) key = hmac_sha256(bytes_of(key), part);
  return key;
}

std::vector<HttpHeader> sign(const HttpHead& head, std::string_view body, const AwsCredentials& credentials,
                             const SigningScope& scope, engine::EventTime now) {
  const std::string time = amz_date(now);
  const std::string date = time.substr(0, 8);
  const std::string payload_hash = hex(sha256(body));
  const bool s3 = scope.service == "s3";

  std::vector<HttpHeader> added{{"x-amz-date", time}};
  if (!credentials.session_token.empty()) added.emplace_back("x-amz-security-token", credentials.session_token);
  if (s3) added.emplace_back("x-amz-content-sha256", payload_hash);

  HttpHead whole = head;
  whole.headers.insert(whole.headers.end(), added.begin(), added.end());
  std::vector<std::string> names;
  for (const auto& [name, value] : whole.headers) {
    if (std::find(std::begin(kUnsigned), std::end(kUnsigned), name) == std::end(kUnsigned)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());

  const std::string scope_text = date + "/" + scope.region + "/" + scope.service + "/aws4_request";
  const std::string canonical =
      canonical_request(whole, names, payload_hash, s3 ? PathForm::kAsSent : PathForm::kNormalised);
  const Sha256 key = signing_key(credentials.secret, date, scope.region, scope.service);
  const std::string signature = hex(hmac_sha256(bytes_of(key), string_to_sign(time, scope_text, canonical)));
  added.emplace_back("authorization", "AWS4-HMAC-SHA256 Credential=" + credentials.key_id + "/" + scope_text +
                                          ", SignedHeaders=" + joined(names) + ", Signature=" + signature);
  return added;
}

std::string amz_date(engine::EventTime time) {
  std::string out;
  for (const char c : engine::format_time(std::chrono::floor<std::chrono::seconds>(time))) {
    if (c != '-' && c != ':') out += c;
  }
  return out;
}

}  // namespace tripline::connectors::net
