#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/expression.h"
#include "engine/rule_set.h"
#include "rules/ast.h"
#include "rules/diagnostic.h"
#include "rules/lowering.h"

namespace tripline::rules {

/// What compiling the items of one rule needs. Borrows all of it.
struct ItemContext {
  const std::string& title;
  const Lists& lists;
  const std::map<std::string, std::string>& field_map;
  engine::RuleSet& into;
  Diagnostics& diagnostics;
};

/// Compiles `field|modifiers: values` (or keywords). Nothing: it has errors, all of which are in the diagnostics.
std::optional<engine::Expression> compile_item(const FieldItem& item, ItemContext& context);

}  // namespace tripline::rules
