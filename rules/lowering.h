#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/expression.h"
#include "engine/rule_set.h"
#include "rules/ast.h"
#include "rules/diagnostic.h"

namespace tripline::rules {

/// Values of `expand` placeholders, by name without the percent signs.
using Lists = std::map<std::string, std::vector<std::string>>;

/// Compiles a detection's (or filter's) searches and condition into an expression over `into`'s fields and predicates.
/// Nothing: it has errors, which `diagnostics` names (all of them). `field_map` renames fields of other taxonomies.
std::optional<engine::Expression> lower(const DetectionBody& body, const std::string& title, const Lists& lists,
                                        const std::map<std::string, std::string>& field_map, engine::RuleSet& into,
                                        Diagnostics& diagnostics);

}  // namespace tripline::rules
