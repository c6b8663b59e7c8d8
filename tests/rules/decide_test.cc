#include "rules/decide.h"

#include <random>

#include <gtest/gtest.h>

namespace tripline::rules {
namespace {

using engine::Expression;
using Kind = Expression::Kind;

bool evaluate(const Expression& expression, unsigned truth) {
  switch (expression.kind) {
    case Kind::kTrue:
      return true;
    case Kind::kFalse:
      return false;
    case Kind::kPredicate:
      return (truth >> expression.predicate & 1U) != 0;
    case Kind::kNot:
      return !evaluate(expression.children.front(), truth);
    case Kind::kAnd:
      for (const Expression& child : expression.children) {
        if (!evaluate(child, truth)) return false;
      }
      return true;
    case Kind::kOr:
      for (const Expression& child : expression.children) {
        if (evaluate(child, truth)) return true;
      }
      return false;
  }
  return false;
}

Expression random_expression(std::mt19937& random, int depth) {
  const auto pick = random() % (depth == 0 ? 9 : 14);
  if (pick == 8) return Expression::constant(random() % 2 == 0);
  if (pick < 8) return Expression::of(static_cast<engine::PredicateId>(random() % 4));
  if (pick == 9) return Expression::negate(random_expression(random, depth - 1));
  std::vector<Expression> children;
  for (auto left = 1 + random() % 3; left > 0; --left) children.push_back(random_expression(random, depth - 1));
  return pick % 2 == 0 ? Expression::all(std::move(children)) : Expression::any(std::move(children));
}

/// The oracle is the truth table, over worlds in which predicate 0 implies 1, and not 0 implies 2.
TEST(DecideProperty, WhatItSaysIsSoInEveryRowOfTheTruthTable) {
  const Implications implications = [](engine::PredicateId id, bool value, const auto& tell) {
    if (id == 0) value ? tell(1, true) : tell(2, true);
    if (id == 1 && !value) tell(0, false);
    if (id == 2 && !value) tell(0, true);
  };
  std::mt19937 random(3);
  int constant = 0;
  int decided = 0;
  for (int round = 0; round < 100'000; ++round) {
    const Expression expression = random_expression(random, 4);
    const bool with_implications = round % 2 == 0;
    bool always = true;
    bool never = true;
    for (unsigned truth = 0; truth < 16; ++truth) {
      const bool p0 = (truth & 1U) != 0;
      const bool possible = p0 ? (truth & 2U) != 0 : (truth & 4U) != 0;
      if (with_implications && !possible) continue;
      (evaluate(expression, truth) ? never : always) = false;
    }
    const auto said = decide(expression, with_implications ? implications : Implications());
    ASSERT_TRUE(!said || (*said ? always : never));
    constant += always || never ? 1 : 0;
    decided += said ? 1 : 0;
  }
  // It proves not everything, but most of what random expressions hold.
  EXPECT_GT(decided, constant * 9 / 10);
  EXPECT_GT(constant, 10'000);
}

TEST(Decide, FindsWhatStandsBesideItsOpposite) {
  const auto p = [](engine::PredicateId id) { return Expression::of(id); };
  const auto no = [](Expression e) { return Expression::negate(std::move(e)); };
  const struct {
    std::string_view name;
    Expression expression;
    std::optional<bool> value;
  } cases[] = {
      {"a", p(0), std::nullopt},
      {"true", Expression::constant(true), true},
      {"a and not a", Expression::all({p(0), no(p(0))}), false},
      {"a or not a", Expression::any({p(0), no(p(0))}), true},
      {"a and b", Expression::all({p(0), p(1)}), std::nullopt},
      {"a and b and not (a and b)", Expression::all({p(0), p(1), no(Expression::all({p(0), p(1)}))}), false},
      {"a and (b or (c and not a))",
       Expression::all({p(0), Expression::any({p(1), Expression::all({p(2), no(p(0))})})}), std::nullopt},
      {"a and not (a or b)", Expression::all({p(0), no(Expression::any({p(0), p(1)}))}), false},
      {"a or not (a and b)", Expression::any({p(0), no(Expression::all({p(0), p(1)}))}), true},
      {"not (a and not a)", no(Expression::all({p(0), no(p(0))})), true},
      {"a and false", Expression::all({p(0), Expression::constant(false)}), false},
      {"all of none", Expression::all({}), true},
      {"any of none", Expression::any({}), false},
  };
  for (const auto& c : cases) EXPECT_EQ(decide(c.expression), c.value) << c.name;
}

}  // namespace
}  // namespace tripline::rules
