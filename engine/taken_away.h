#pragma once

#include <cstdint>

namespace tripline::engine {

/// A filter took a match away from a detection.
struct TakenAway {
  std::uint32_t detection = 0;  // into RuleSet::detections
  std::uint32_t filter = 0;     // into its Detection::filters
  bool again = false;           // another filter, told of before this one, takes it away too
};

}  // namespace tripline::engine
