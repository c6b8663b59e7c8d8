#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/rule_set.h"
#include "rules/ast.h"

namespace tripline::rules {

/// What one of a correlation's `rules` names, found in the rule set.
struct CorrelationBase {
  bool is_correlation = false;
  std::uint32_t index = 0;                       // into RuleSet::detections or RuleSet::correlations
  std::map<std::string, std::string> aliases{};  // to this rule's field
};

/// Compiles a correlation that has no error over `into`'s fields. `bases`: one for each of `rule.rules`. `field_map`
/// renames fields of other taxonomies. link(into) is left to do once all correlations are there.
engine::Correlation lower(const CorrelationRule& rule, const std::vector<CorrelationBase>& bases,
                          const std::map<std::string, std::string>& field_map, engine::RuleSet& into);

}  // namespace tripline::rules
