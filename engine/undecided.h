#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/bearer.h"
#include "engine/event_key.h"
#include "engine/rule_set.h"

namespace tripline::engine {

/// A record that rules may match: it takes the origin of the call to tell, which the worker that read it does not know.
/// It owns its text.
struct Undecided {
  std::shared_ptr<const RuleSet> rules;
  std::vector<std::uint32_t> detections;  // those that may match, into rules->detections, ascending
  Bearer bearer;
  EventKey key;
  std::optional<EventTime> time;       // the record's eventTime
  std::optional<EventTime> delivered;  // its Envelope's...
  std::string path;                    // ...and that one's path...
  std::uint64_t delivery = 0;          // ...and sequence
  std::uint32_t index = 0;             // the record's place in there
  /// JSON. A record that holds secrets is written anew without them (engine/shown_record.h), as this may have to
  /// wait in a store; any other is as it was delivered.
  std::string record;
};

}  // namespace tripline::engine
