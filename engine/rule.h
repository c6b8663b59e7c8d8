#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log_source.h"

namespace tripline::engine {

/// In order of severity. Source: Sigma Rules Specification 2.1.0, "Level".
enum class Level { kInformational, kLow, kMedium, kHigh, kCritical };

struct LevelRow {
  std::string_view name;
  Level level;
};
inline constexpr LevelRow kLevels[] = {
    {"informational", Level::kInformational}, {"low", Level::kLow}, {"medium", Level::kMedium}, {"high", Level::kHigh},
    {"critical", Level::kCritical},
};
constexpr std::string_view name_of(Level level) { return kLevels[static_cast<int>(level)].name; }
std::optional<Level> parse_level(std::string_view name);

/// What a rule says of itself; the same for detections, correlations and filters.
struct Rule {
  std::string id;    // its `id`; else its `name`; else a UUIDv5 of title and log source
  std::string name;  // the handle by which correlations and filters refer to it; may be empty
  std::string title;
  std::string description;
  std::string author;
  std::string status;
  Level level = Level::kMedium;
  LogSource log_source;
  std::vector<std::string> tags;
  std::vector<std::string> references;
  std::vector<std::string> false_positives;
  std::vector<std::string> fields;  // what the rule's author wants shown of a matching event
  std::string response;             // what an analyst is to do about it
  bool dry_run = false;             // its signals are kept and counted and go nowhere
  std::string path;                 // its file, as named on the command line
  int line = 1;                     // where its document begins
};

}  // namespace tripline::engine
