#include "app/moment.h"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>

namespace tripline::app {
namespace {

std::optional<std::chrono::seconds> unit_of(char c) {
  switch (c) {
    case 's':
      return std::chrono::seconds(1);
    case 'm':
      return std::chrono::minutes(1);
    case 'h':
      return std::chrono::hours(1);
    case 'd':
      return std::chrono::days(1);
    case 'w':
      return std::chrono::weeks(1);
    default:
      return std::nullopt;
  }
}

std::optional<std::chrono::seconds> parse_ago(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const auto unit = unit_of(text.back());
  std::uint32_t count = 0;
  const char* end = text.data() + text.size() - 1;
  const auto [stopped, error] = std::from_chars(text.data(), end, count);
  if (!unit || error != std::errc() || stopped != end) return std::nullopt;
  return *unit * std::int64_t{count};
}

}  // namespace

bool is_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
         engine::parse_time(std::string(text) + "T00:00:00Z").has_value();
}

std::optional<engine::EventTime> parse_moment(std::string_view text, engine::EventTime now) {
  if (const auto ago = parse_ago(text)) return now - *ago;
  if (is_date(text)) return engine::parse_time(std::string(text) + "T00:00:00Z");
  return engine::parse_time(text);
}

}  // namespace tripline::app
