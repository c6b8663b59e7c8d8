#include "engine/utf8.h"

#include <algorithm>

#include <simdjson.h>

namespace tripline::engine {

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text); }

std::size_t utf8_prefix(std::string_view text) {
  if (is_utf8(text)) return text.size();
  std::size_t at = 0;
  // No character holds a line feed: whole lines first.
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    if (!is_utf8(text.substr(at, end - at))) break;
    at = end;
  }
  while (at < text.size()) {
    std::size_t length = 1;
    while (length <= 4 && !is_utf8(text.substr(at, length))) ++length;
    if (length > 4) break;
    at += std::min(length, text.size() - at);
  }
  return at;
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

}  // namespace tripline::engine
