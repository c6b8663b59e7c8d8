#pragma once

#include <vector>

#include "engine/digest.h"
#include "engine/rule_set.h"

namespace tripline::engine {

/// What a correlation's stored state is known by, for each of the rule set's: its rule's id and all that shapes its
/// groups, entries and triggers. State goes on through other edits (title, level, tags, the conditions of the rules
/// that it is built on), and begins anew when one of these changes: type, rules, timespan, condition, fields, group-by,
/// aliases, period, learning, missing.
std::vector<Digest> shapes_of(const RuleSet& rules);

}  // namespace tripline::engine
