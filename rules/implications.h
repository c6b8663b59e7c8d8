#pragma once

#include "engine/expression.h"
#include "engine/predicate.h"
#include "rules/decide.h"

namespace tripline::rules {

/// What tests of one field say of each other by being there at all: one that passes means that the field is not null;
/// null, or absence, means that none passes. Of the predicates in `expression` only. Borrows nothing.
Implications implications_of(const engine::Expression& expression, const engine::PredicateTable& predicates);

}  // namespace tripline::rules
