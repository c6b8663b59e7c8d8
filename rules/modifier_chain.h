#pragma once

#include <optional>
#include <string>

#include "rules/ast.h"
#include "rules/diagnostic.h"
#include "rules/modifiers.h"

namespace tripline::rules {

/// Runs an item's values through its modifiers. Nothing: it has errors, all of which are in `diagnostics`.
std::optional<ItemState> apply_modifiers(const FieldItem& item, const Lists& lists, const std::string& title,
                                         Diagnostics& diagnostics);

}  // namespace tripline::rules
