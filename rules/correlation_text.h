#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/rule_set.h"
#include "rules/ast.h"

namespace tripline::rules {

/// What a correlation looks at, in a few words: `event_count within 15m by actor.name`.
std::string summary_of(const CorrelationRule& correlation);

/// The detections that a correlation stands on, through the correlations among its rules: indices, each once.
std::vector<std::uint32_t> base_detections(const engine::Correlation& correlation, const engine::RuleSet& rules);

}  // namespace tripline::rules
