#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/event_time.h"
#include "engine/feed.h"

namespace tripline::engine {

struct Evidence;

/// What correlations may want of a matched event once its record is gone.
struct EventFacts {
  EventTime time;
  std::uint64_t id = 0;                        // of its EventKey
  std::shared_ptr<const Evidence> evidence{};  // null: nobody has kept it
  std::vector<Feed> feeds{};                   // of all its matches; one a (correlation, input)
};

}  // namespace tripline::engine
