#include "engine/json_repair.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "engine/record.h"

namespace tripline::engine {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Length of the valid UTF-8 sequence that begins at `at`, 0 when there is none.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned b = byte(0);
  if (b < 0x80) return 1;
  if (b >= 0xC2 && b <= 0xDF) return follows(1) ? 2 : 0;
  if (b >= 0xE0 && b <= 0xEF) {
    if (!follows(1) || !follows(2)) return 0;
    if (b == 0xE0 && byte(1) < 0xA0) return 0;
    if (b == 0xED && byte(1) > 0x9F) return 0;
    return 3;
  }
  if (b >= 0xF0 && b <= 0xF4) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    if (b == 0xF0 && byte(1) < 0x90) return 0;
    if (b == 0xF4 && byte(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

/// The code unit of the `\uXXXX` at `at`, or -1.
int code_unit(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
  int unit = 0;
  const auto [end, error] = std::from_chars(text.data() + at + 2, text.data() + at + 6, unit, 16);
  return error == std::errc{} && end == text.data() + at + 6 ? unit : -1;
}

bool fits(std::string_view number) {
  if (number.find_first_of(".eE") == std::string_view::npos) {
    std::int64_t as_signed = 0;
    std::uint64_t as_unsigned = 0;
    const char* end = number.data() + number.size();
    return std::from_chars(number.data(), end, as_signed).ec == std::errc{} ||
           std::from_chars(number.data(), end, as_unsigned).ec == std::errc{};
  }
  return std::isfinite(std::strtod(std::string(number).c_str(), nullptr));
}

}  // namespace

bool repair_json(std::string_view json, std::string& out) {
  out.clear();
  bool mended = false;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size();) {
    const char c = json[i];
    if (!in_string) {
      if ((c >= '0' && c <= '9') || c == '-') {
        const std::size_t end = std::min(json.find_first_not_of("0123456789+-.eE", i), json.size());
        const std::string_view number = json.substr(i, end - i);
        if (fits(number)) {
          out += number;
        } else {
          out.append(1, '"').append(number).append(1, '"');
          mended = true;
        }
        i = end;
        continue;
      }
      in_string = c == '"';
      out += c;
      ++i;
      continue;
    }
    if (c == '"') {
      in_string = false;
      out += c;
      ++i;
    } else if (c == '\\') {
      const int unit = code_unit(json, i);
      const bool high = unit >= 0xD800 && unit <= 0xDBFF;
      const bool low = unit >= 0xDC00 && unit <= 0xDFFF;
      const int next = high ? code_unit(json, i + 6) : -1;
      if (high && next >= 0xDC00 && next <= 0xDFFF) {
        out += json.substr(i, 12);
        i += 12;
      } else if (high || low) {
        out += kReplacement;
        mended = true;
        i += 6;
      } else {
        out += json.substr(i, 2);
        i += 2;
      }
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escape;
      mended = true;
      ++i;
    } else if (const std::size_t length = utf8_length(json, i); length > 0) {
      out += json.substr(i, length);
      i += length;
    } else {
      out += kReplacement;
      mended = true;
      ++i;
    }
  }
  out.append(kRecordPadding, ' ');
  return mended;
}

}  // namespace tripline::engine
