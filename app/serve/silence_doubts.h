#pragma once

#include <string>
#include <vector>

#include "alerts/signal_match.h"
#include "engine/rule_set.h"

namespace tripline::app {

/// What a silence names that no rule is called, a sentence each: such a silence does nothing until there is one.
std::vector<std::string> silence_doubts(const alerts::SignalMatch& match, const engine::RuleSet& rules);

}  // namespace tripline::app
