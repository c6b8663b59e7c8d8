#include "engine/expression.h"

#include <utility>

namespace tripline::engine {

Expression Expression::constant(bool value) {
  Expression e;
  e.kind = value ? Kind::kTrue : Kind::kFalse;
  return e;
}

Expression Expression::of(PredicateId predicate, int line) {
  Expression e;
  e.kind = Kind::kPredicate;
  e.predicate = predicate;
  e.line = line;
  return e;
}

Expression Expression::negate(Expression child) {
  Expression e;
  e.kind = Kind::kNot;
  e.children.push_back(std::move(child));
  return e;
}

Expression Expression::all(std::vector<Expression> children) {
  Expression e;
  e.kind = children.empty() ? Kind::kTrue : Kind::kAnd;
  e.children = std::move(children);
  return e;
}

Expression Expression::any(std::vector<Expression> children) {
  Expression e;
  e.kind = children.empty() ? Kind::kFalse : Kind::kOr;
  e.children = std::move(children);
  return e;
}

}  // namespace tripline::engine
