#pragma once

#include <string>
#include <vector>

#include "engine/predicate.h"

namespace tripline::engine {

/// A detection's condition over predicates. A tree that can be copied and printed.
struct Expression {
  enum class Kind { kTrue, kFalse, kPredicate, kNot, kAnd, kOr };

  Kind kind = Kind::kFalse;
  PredicateId predicate = 0;         // of kPredicate
  std::vector<Expression> children;  // of kNot (one), kAnd, kOr
  std::string label;                 // the search identifier that this part came from, or empty
  int line = 0;                      // where it stands in its file, from 1; 0: unknown

  static Expression constant(bool value);
  static Expression of(PredicateId predicate, int line = 0);
  static Expression negate(Expression child);
  static Expression all(std::vector<Expression> children);  // of none: true
  static Expression any(std::vector<Expression> children);  // of none: false
};

}  // namespace tripline::engine
