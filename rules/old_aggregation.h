#pragma once

#include <string>
#include <string_view>

#include "rules/ast.h"

namespace tripline::rules {

/// What a condition with one of Sigma's old aggregations (`selection | count() by sourceIPAddress > 5`,
/// `selection1 | near selection2`) is written as today: what to change in the rule, then whole YAML documents to add,
/// made of the rule's own searches, timeframe and level. Empty when `condition` is no such thing, or cannot be read.
/// Source: Sigma Specification 1.0.4, "Aggregation expression" and "Near aggregation expression"; Sigma Correlation
/// Rules Specification 2.1.0.
std::string modern_form(const DetectionRule& rule, std::string_view condition);

}  // namespace tripline::rules
