#include "app/json_line.h"

#include <array>
#include <cstdio>

#include "app/printable.h"

namespace tripline::app {
namespace {

void append_unicode_escape(std::string& out, char32_t code) {
  std::array<char, 8> text{};  // every unsafe character lies in the basic plane
  std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(code));
  out += text.data();
}

/// Needs no thought inside a string.
bool is_plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

/// Takes the rest of a string, its closing quote included.
void append_string_rest(std::string& out, std::string_view& json) {
  while (!json.empty()) {
    std::size_t plain = 0;
    while (plain < json.size() && is_plain(json[plain])) ++plain;
    out += json.substr(0, plain);
    json.remove_prefix(plain);
    if (json.empty()) return;
    if (json.front() == '\\') {
      out += json.substr(0, 2);
      json.remove_prefix(json.size() < 2 ? 1 : 2);
      continue;
    }
    const Character c = first_character(json);
    if (!c.valid) {
      out += "\xef\xbf\xbd";
    } else if (is_unsafe(c.code)) {
      append_unicode_escape(out, c.code);
    } else {
      out += json.substr(0, c.length);
    }
    json.remove_prefix(c.length);
    if (c.code == '"') return;
  }
}

}  // namespace

std::string json_line(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    const char c = json.front();
    json.remove_prefix(1);
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    out += c;
    if (c == '"') append_string_rest(out, json);
  }
  return out;
}

}  // namespace tripline::app
