#pragma once

#include <map>
#include <string>

#include "engine/rule_set.h"
#include "rules/ast.h"
#include "rules/diagnostic.h"

namespace tripline::rules {

/// What a rule was compiled with, for lint.
struct LintContext {
  const engine::RuleSet& rules;
  std::map<std::string, std::string> field_map;  // renames of fields, from other taxonomies to CloudTrail's
};

/// Warns of what compiles but will hardly do what its author meant (docs/diagnostics.md lists it all). What is about
/// CloudTrail is said of rules that CloudTrail's records feed. `detection` is what the rule compiled to; null when it
/// did not.
void lint(const DetectionRule& rule, const engine::Detection* detection, const LintContext& context,
          Diagnostics& diagnostics);
void lint(const FilterRule& filter, const LintContext& context, Diagnostics& diagnostics);
void lint(const CorrelationRule& correlation, const LintContext& context, Diagnostics& diagnostics);

}  // namespace tripline::rules
