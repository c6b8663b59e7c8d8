#include "engine/matcher.h"

// The plain way: nothing in here is shared with the fast one but evaluate().

namespace tripline::engine {

std::vector<std::uint32_t> full_scan(const RuleSet& rules, Event& event) {
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < rules.detections.size(); ++i) {
    const Detection& detection = rules.detections[i];
    if ((detection.categories & event.category()) == 0) continue;
    if (holds(detection.condition, rules, event)) found.push_back(i);
  }
  return found;
}

bool holds(const Expression& expression, const RuleSet& rules, Event& event) {
  switch (expression.kind) {
    case Expression::Kind::kTrue:
      return true;
    case Expression::Kind::kFalse:
      return false;
    case Expression::Kind::kPredicate:
      return evaluate(rules.predicates[expression.predicate], event);
    case Expression::Kind::kNot:
      return !holds(expression.children[0], rules, event);
    case Expression::Kind::kAnd:
      for (const auto& child : expression.children) {
        if (!holds(child, rules, event)) return false;
      }
      return true;
    case Expression::Kind::kOr:
      for (const auto& child : expression.children) {
        if (holds(child, rules, event)) return true;
      }
      return false;
  }
  return false;
}

}  // namespace tripline::engine
