#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/rule_set.h"

namespace tripline::app {

/// Which rules' conditions read which fields: titles by field path, each title once, in order of the rules.
std::map<std::string, std::vector<std::string>> field_uses(const engine::RuleSet& rules);

}  // namespace tripline::app
