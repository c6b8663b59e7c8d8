#include "engine/event_time.h"

#include <cstdio>

namespace tripline::engine {

namespace {

/// Reads exactly `digits` digits at `at`.
bool read_number(std::string_view text, std::size_t& at, int digits, int& out) {
  if (at + static_cast<std::size_t>(digits) > text.size()) return false;
  out = 0;
  for (int i = 0; i < digits; ++i) {
    const char c = text[at++];
    if (c < '0' || c > '9') return false;
    out = out * 10 + (c - '0');
  }
  return true;
}

bool skip(std::string_view text, std::size_t& at, char wanted) {
  if (at >= text.size() || text[at] != wanted) return false;
  ++at;
  return true;
}

}  // namespace

std::optional<EventTime> parse_time(std::string_view text) {
  using namespace std::chrono;
  std::size_t at = 0;
  int year_part = 0, month_part = 0, day_part = 0, hour_part = 0, minute_part = 0, second_part = 0;
  if (!read_number(text, at, 4, year_part)) return std::nullopt;
  const bool dashes = skip(text, at, '-');
  if (!read_number(text, at, 2, month_part)) return std::nullopt;
  if (dashes && !skip(text, at, '-')) return std::nullopt;
  if (!read_number(text, at, 2, day_part)) return std::nullopt;
  const year_month_day date{year{year_part}, month{static_cast<unsigned>(month_part)},
                            day{static_cast<unsigned>(day_part)}};
  if (!date.ok()) return std::nullopt;
  if (at == text.size()) return EventTime{sys_days{date}};
  if (!skip(text, at, 'T') && !skip(text, at, 't') && !skip(text, at, ' ')) return std::nullopt;
  if (!read_number(text, at, 2, hour_part)) return std::nullopt;
  const bool colons = skip(text, at, ':');
  if (!read_number(text, at, 2, minute_part)) return std::nullopt;
  const bool has_seconds = colons ? skip(text, at, ':') : at < text.size() && text[at] >= '0' && text[at] <= '9';
  if (has_seconds && !read_number(text, at, 2, second_part)) return std::nullopt;
  if (hour_part > 23 || minute_part > 59 || second_part > 60) return std::nullopt;
  int millis = 0;
  if (has_seconds && (skip(text, at, '.') || skip(text, at, ','))) {
    int scale = 100;
    const std::size_t begin = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      millis += (text[at] - '0') * scale;
      scale /= 10;
    }
    if (at == begin) return std::nullopt;
  }
  minutes offset{0};
  if (!skip(text, at, 'Z') && !skip(text, at, 'z') && at < text.size()) {
    const bool east = text[at] == '+';
    if (!east && text[at] != '-') return std::nullopt;
    ++at;
    int hours_off = 0, minutes_off = 0;
    if (!read_number(text, at, 2, hours_off)) return std::nullopt;
    skip(text, at, ':');
    if (at < text.size() && !read_number(text, at, 2, minutes_off)) return std::nullopt;
    offset = hours{hours_off} + minutes{minutes_off};
    if (!east) offset = -offset;
  }
  if (at != text.size()) return std::nullopt;
  return EventTime{sys_days{date}} + hours{hour_part} + minutes{minute_part} + seconds{second_part} +
         milliseconds{millis} - offset;
}

std::string format_time(EventTime time) {
  using namespace std::chrono;
  const auto day_start = floor<days>(time);
  const year_month_day date{day_start};
  const hh_mm_ss clock{time - day_start};
  char buffer[64];
  const int year_number = static_cast<int>(date.year());
  const auto month_number = static_cast<unsigned>(date.month());
  const auto day_number = static_cast<unsigned>(date.day());
  const auto hour_number = static_cast<int>(clock.hours().count());
  const auto minute_number = static_cast<int>(clock.minutes().count());
  const auto second_number = static_cast<int>(clock.seconds().count());
  const auto millis = static_cast<int>(clock.subseconds().count());
  const int length = millis == 0
                         ? std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02dZ", year_number,
                                         month_number, day_number, hour_number, minute_number, second_number)
                         : std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", year_number,
                                         month_number, day_number, hour_number, minute_number, second_number, millis);
  return {buffer, static_cast<std::size_t>(length)};
}

}  // namespace tripline::engine
