#include "alerts/url.h"

#include <algorithm>
#include <memory>

#include <curl/curl.h>

namespace tripline::alerts {
namespace {

struct Free {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

/// Empty: the URL has no such part.
std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK || text == nullptr) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  const auto is_printable = [](unsigned char c) { return c > ' ' && c < 0x7f; };
  if (!std::all_of(text.begin(), text.end(), is_printable)) return std::nullopt;
  const std::unique_ptr<CURLU, Free> url(curl_url());
  if (!url) return std::nullopt;
  const std::string whole(text);
  if (curl_url_set(url.get(), CURLUPART_URL, whole.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK) return std::nullopt;
  Url parsed{part(url.get(), CURLUPART_SCHEME), part(url.get(), CURLUPART_HOST), part(url.get(), CURLUPART_PORT),
             part(url.get(), CURLUPART_PATH)};
  if (parsed.scheme != "http" && parsed.scheme != "https") return std::nullopt;
  if (parsed.host.empty() || !part(url.get(), CURLUPART_USER).empty()) return std::nullopt;
  if (!part(url.get(), CURLUPART_FRAGMENT).empty()) return std::nullopt;
  if (parsed.target.empty()) parsed.target = "/";
  if (const std::string query = part(url.get(), CURLUPART_QUERY); !query.empty()) parsed.target += "?" + query;
  return parsed;
}

std::string fault_of_url(std::string_view text) {
  if (parse_url(text)) return {};
  return "is a URL with http:// or https:// and a host, without a user, a fragment or blanks";
}

std::string percent_encoded(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

}  // namespace tripline::alerts
