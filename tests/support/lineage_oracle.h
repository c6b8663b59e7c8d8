#pragma once

#include <string>
#include <vector>

#include "engine/bearer.h"
#include "engine/mint.h"

namespace tripline::tests {

/// The origin of each call by all the mints, which are looked through as a whole for each answer, as
/// `path (resolution, origin's principal, depth)`: slow, and without a memory of its own.
std::vector<std::string> expected_origins(std::vector<engine::Mint> mints, const std::vector<engine::Bearer>& calls);

}  // namespace tripline::tests
