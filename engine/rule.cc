#include "engine/rule.h"

namespace tripline::engine {

std::optional<Level> parse_level(std::string_view name) {
  for (const auto& row : kLevels) {
    if (row.name == name) return row.level;
  }
  return std::nullopt;
}

}  // namespace tripline::engine
