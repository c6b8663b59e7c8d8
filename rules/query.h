#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/expression.h"
#include "engine/rule_set.h"

namespace tripline::rules {

struct QueryError {
  int column;  // of the character where it was noticed, from 1; UTF-8 sequences count once
  std::string message;
  std::string hint;  // may be empty
};

/// What a query that works hardly means, in the same form.
using QueryWarning = QueryError;

/// Compiles a search query (docs/search.md) over `into`'s fields and predicates. Field names are checked against
/// CloudTrail's when `into.cloudtrail`. Never throws; at most 100 parentheses deep. After an error `into` may hold
/// fields and predicates that nothing uses. `warnings`, when not null, gets those of CloudTrail's values, in order.
std::variant<engine::Expression, QueryError> compile_query(std::string_view text, engine::RuleSet& into,
                                                           std::vector<QueryWarning>* warnings = nullptr);

}  // namespace tripline::rules
