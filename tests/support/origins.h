#pragma once

#include <string>
#include <vector>

#include "engine/bearer.h"
#include "engine/event_time.h"
#include "engine/mint.h"

namespace tripline::tests {

// What the lineage makes of composed records (tests/support/identities.h). A record that cannot be read, or has no mint
// where one is asked for, fails the test.

engine::Mint mint_in(const std::string& record);
bool mints(const std::string& record);
engine::Bearer bearer_in(const std::string& record);

/// After all that these tests tell of.
extern const engine::EventTime kEnd;

/// `path (resolution)` of `record`, the same whatever the order of the mints, settled or not.
std::string origin_of(const std::vector<std::string>& mint_records, const std::string& record);

}  // namespace tripline::tests
