#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/expression.h"
#include "engine/rule_set.h"

namespace tripline::rules {

struct QueryError {
  int column;  // from 1
  std::string message;
  std::string hint;
};

/// Compiles a search query (docs/search.md) over `into`'s fields and predicates. Never throws; bounded in depth.
std::variant<engine::Expression, QueryError> compile_query(std::string_view text, engine::RuleSet& into);

}  // namespace tripline::rules
