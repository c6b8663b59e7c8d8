#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/event_time.h"
#include "engine/json_text.h"

namespace tripline::app {

// How members of the API's answers are written.

inline void number(engine::JsonText& json, std::string_view name, std::uint64_t value) {
  json.raw_member(name, std::to_string(value));
}

inline void flag(engine::JsonText& json, std::string_view name, bool value) {
  json.raw_member(name, value ? "true" : "false");
}

inline void time(engine::JsonText& json, std::string_view name, const std::optional<engine::EventTime>& value) {
  if (value) json.member(name, engine::format_time(*value));
}

/// From one moment to a later one; 0 when it is no later.
inline void span(engine::JsonText& json, std::string_view name, engine::EventTime from, engine::EventTime to) {
  const double seconds =
      to > from ? static_cast<double>(to.time_since_epoch().count() - from.time_since_epoch().count()) / 1000 : 0;
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), seconds).ptr;
  json.raw_member(name, {text.data(), end});
}

inline std::string line(engine::JsonText& json) { return json.take() + "\n"; }

}  // namespace tripline::app
