#pragma once

#include <string_view>
#include <vector>

#include "engine/signal.h"

namespace tripline::engine {

/// The fields that the values of a signal's group are of, in their order; views of its rule set. Empty when that is not
/// known any more, as of a signal whose rule has changed.
std::vector<std::string_view> group_fields(const Signal& signal);

}  // namespace tripline::engine
