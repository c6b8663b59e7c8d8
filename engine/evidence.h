#pragma once

#include <string_view>

#include "engine/event.h"
#include "engine/match.h"
#include "engine/origin.h"

namespace tripline::engine {

/// The user agent, without what is beyond Evidence::kMaxAgent bytes.
std::string_view agent_of(const Event& event);

/// What is told of an event once its record is gone: all but what rules want shown. `outcome`: outcome_of(event), empty
/// in logs that are not CloudTrail's. Origins are there when the event knows of mints.
Evidence evidence_of(Event& event, std::string_view outcome);

/// Says who started the chain of credentials.
void set_origin(const Origin& origin, Evidence& evidence);

}  // namespace tripline::engine
