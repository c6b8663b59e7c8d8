#include "engine/group_key.h"

#include <cassert>
#include <charconv>

namespace tripline::engine {

void append_to_key(std::string& key, std::string_view value) {
  key += std::to_string(value.size());
  key += ':';
  key += value;
}

std::string group_key(const std::vector<std::string>& values) {
  std::string key;
  for (const std::string& value : values) append_to_key(key, value);
  return key;
}

std::vector<std::string> values_of_key(std::string_view key) {
  std::vector<std::string> values;
  while (!key.empty()) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), length);
    assert(error == std::errc{} && *end == ':');
    key.remove_prefix(static_cast<std::size_t>(end - key.data()) + 1);
    values.emplace_back(key.substr(0, length));
    key.remove_prefix(length);
  }
  return values;
}

}  // namespace tripline::engine
