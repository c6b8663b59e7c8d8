#include "engine/matcher.h"

namespace tripline::engine {

struct Matcher::Index {};

Matcher::Matcher(std::shared_ptr<const RuleSet> rules) : rules_(std::move(rules)) {}

Matcher::~Matcher() = default;

const std::vector<std::uint32_t>& Matcher::match(Event& event) { return found_ = full_scan(*rules_, event); }

std::size_t Matcher::unindexed() const { return rules_->detections.size(); }

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
