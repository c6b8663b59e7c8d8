#pragma once

#include <functional>
#include <optional>

#include "engine/expression.h"
#include "engine/predicate.h"

namespace tripline::rules {

/// What the truth of one predicate says of others: `tell` is called for each that then is known.
using Implications =
    std::function<void(engine::PredicateId, bool value, const std::function<void(engine::PredicateId, bool)>& tell)>;

/// Whether the expression holds on every event (true) or on none (false), where that is plain to see: by the constants
/// in it, and by predicates that stand beside their own opposite (`a and not a`). Nothing: not known, which proves
/// nothing. Time: linear in the expression.
std::optional<bool> decide(const engine::Expression& expression, const Implications& implications = {});

}  // namespace tripline::rules
