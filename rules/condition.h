#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "rules/ast.h"

namespace tripline::rules {

struct ConditionError {
  std::string code;  // a diagnostic code
  int column;        // from 1, inside the text
  std::string message;
  std::string hint;
};

/// Reads a condition. Precedence, from loose to tight: or, and, not, `1 of`/`all of`, parentheses. Keywords are
/// case-insensitive. Source: Sigma Rules Specification 2.1.0, "Condition". Never throws; bounded in depth.
std::variant<Condition, ConditionError> parse_condition(std::string_view text);

}  // namespace tripline::rules
