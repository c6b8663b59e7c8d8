#pragma once

#include "app/console.h"
#include "engine/rule_set.h"
#include "engine/state.h"

namespace tripline::app {

/// Says on standard error what filters took away, and what kept correlations from telling more: events without a field
/// they want, bounds that were met, learning that is not over. Nothing of rules that nothing kept.
void print_rule_notes(const engine::RuleSet& rules, const engine::State& state, Console& console);

}  // namespace tripline::app
