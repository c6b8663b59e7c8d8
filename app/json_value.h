#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace tripline::app {

// Members of what a server answered; what is not there, or something else, is nothing.

inline std::string text_in(const simdjson::dom::element& json, std::string_view name) {
  std::string_view value;
  return json[name].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

inline std::uint64_t number_in(const simdjson::dom::element& json, std::string_view name) {
  std::uint64_t value = 0;
  return json[name].get(value) == simdjson::SUCCESS ? value : 0;
}

inline std::vector<simdjson::dom::element> list_in(const simdjson::dom::element& json, std::string_view name) {
  simdjson::dom::array list;
  if (json[name].get(list) != simdjson::SUCCESS) return {};
  return {list.begin(), list.end()};
}

}  // namespace tripline::app
