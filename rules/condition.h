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

/// Nesting (parentheses and `not`) beyond this is refused, so that nobody's
/// recursion runs out of stack.
inline constexpr int kMaxConditionDepth = 64;

/// Reads a condition. Precedence, from loose to tight: or, and, not, `1
/// of`/`all of`, parentheses. Keywords are case-insensitive; `any of` means `1
/// of`. Runs of one operator become one node, so that no kAnd has a kAnd child
/// and no kOr a kOr child. Source: Sigma Rules Specification 2.1.0,
/// "Condition". Never throws; bounded in depth.
std::variant<Condition, ConditionError> parse_condition(std::string_view text);

/// The condition as text, with no more parentheses than it needs;
/// parse_condition() gives it back.
std::string to_string(const Condition& condition);

}  // namespace tripline::rules
