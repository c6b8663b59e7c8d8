#include "app/printable.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace tripline::app {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr Range kUnsafe[] = {
    {0x00, 0x1f},      // C0
    {0x7f, 0x9f},      // DEL and C1
    {0x200b, 0x200f},  // zero width, direction marks
    {0x2028, 0x202e},  // line and paragraph separators, embeddings and overrides
    {0x2060, 0x2069},  // invisible operators, isolates
    {0xfeff, 0xfeff},  // byte order mark
};
constexpr Range kZeroWidth[] = {{0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a},
                                {0x064b, 0x065f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
constexpr Range kWide[] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},  {0xfe30, 0xfe6f},
                           {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};

template <std::size_t N>
bool in(const Range (&ranges)[N], char32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [code](const Range& r) { return code >= r.first && code <= r.last; });
}

std::size_t width_of(char32_t code) {
  if (code < 0x300) return 1;
  if (in(kZeroWidth, code)) return 0;
  return in(kWide, code) ? 2 : 1;
}

void append_escape(std::string& out, const Character& c) {
  std::array<char, 12> text{};
  if (c.code == '\n') {
    out += "\\n";
  } else if (c.code == '\t') {
    out += "\\t";
  } else if (c.code == '\r') {
    out += "\\r";
  } else {
    const char* form = c.code < 0x80 || !c.valid ? "\\x%02x" : "\\u%04x";
    std::snprintf(text.data(), text.size(), form, static_cast<unsigned>(c.code));
    out += text.data();
  }
}

}  // namespace

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  const Character broken{lead, 1, false};
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return broken;
  char32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return broken;
    code = (code << 6) | (byte(i) & 0x3fU);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return broken;
  return {code, length, true};
}

bool is_unsafe(char32_t code) { return in(kUnsafe, code); }

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character c = first_character(text);
    if (!c.valid || is_unsafe(c.code)) {
      append_escape(out, c);
    } else {
      out += text.substr(0, c.length);
    }
    text.remove_prefix(c.length);
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character c = first_character(text);
    width += width_of(c.code);
    text.remove_prefix(c.length);
  }
  return width;
}

std::string truncated(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  std::size_t used = 0;
  std::size_t kept = 0;
  while (kept < text.size()) {
    const Character c = first_character(text.substr(kept));
    if (used + width_of(c.code) > columns - 1) break;
    used += width_of(c.code);
    kept += c.length;
  }
  return std::string(text.substr(0, kept)) + "…";
}

}  // namespace tripline::app
