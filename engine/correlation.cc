#include "engine/correlation.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace tripline::engine {

namespace {

using Kind = StepCondition::Kind;

StepCondition pushed_down(const StepCondition& condition, bool negated) {
  switch (condition.kind) {
    case Kind::kInput:
      return negated ? StepCondition{.kind = Kind::kNot, .children = {condition}} : condition;
    case Kind::kNot:
      return pushed_down(condition.children.front(), !negated);
    case Kind::kAnd:
    case Kind::kOr:
      break;
  }
  StepCondition result{.kind = (condition.kind == Kind::kAnd) == negated ? Kind::kOr : Kind::kAnd};
  for (const auto& child : condition.children) result.children.push_back(pushed_down(child, negated));
  return result;
}

bool has_not(const StepCondition& condition) {
  return condition.kind == Kind::kNot || std::any_of(condition.children.begin(), condition.children.end(), has_not);
}

bool only_from_below(const std::vector<Bound>& bounds) {
  return std::all_of(bounds.begin(), bounds.end(),
                     [](const Bound& b) { return b.op == Bound::Op::kGt || b.op == Bound::Op::kGte; });
}

Judgement judgement_of(const Correlation& correlation) {
  switch (correlation.type) {
    case CorrelationType::kValueAvg:
    case CorrelationType::kValuePercentile:
      return Judgement::kBehind;  // nothing has no average, so that it cannot be satisfied by it
    case CorrelationType::kTemporalOrdered:
    case CorrelationType::kNewValue:
      return Judgement::kAtOnce;
    default:
      break;
  }
  if (!correlation.steps.empty()) return has_not(correlation.steps.front()) ? Judgement::kAround : Judgement::kAtOnce;
  if (only_from_below(correlation.bounds)) return Judgement::kAtOnce;
  return satisfies(0, correlation.bounds) ? Judgement::kAhead : Judgement::kBehind;
}

double least_of(const Correlation& correlation) {
  if (correlation.judgement != Judgement::kAtOnce) return 0;
  if (correlation.type == CorrelationType::kTemporalOrdered) return static_cast<double>(correlation.inputs.size());
  if (correlation.type == CorrelationType::kValueSum) return 0;
  double least = 0;
  for (const Bound& bound : correlation.bounds) least = std::max(least, std::ceil(bound.value));
  return least;
}

}  // namespace

StepCondition negation_pushed_down(const StepCondition& condition) { return pushed_down(condition, false); }

bool holds_of_nothing(const StepCondition& condition) {
  switch (condition.kind) {
    case Kind::kInput:
      return false;
    case Kind::kNot:
      return !holds_of_nothing(condition.children.front());
    case Kind::kAnd:
      return std::all_of(condition.children.begin(), condition.children.end(), holds_of_nothing);
    case Kind::kOr:
      return std::any_of(condition.children.begin(), condition.children.end(), holds_of_nothing);
  }
  return false;
}

bool satisfies(double value, const std::vector<Bound>& bounds) {
  return std::all_of(bounds.begin(), bounds.end(), [value](const Bound& bound) {
    switch (bound.op) {
      case Bound::Op::kGt:
        return value > bound.value;
      case Bound::Op::kGte:
        return value >= bound.value;
      case Bound::Op::kLt:
        return value < bound.value;
      case Bound::Op::kLte:
        return value <= bound.value;
      case Bound::Op::kEq:
        return value == bound.value;
      case Bound::Op::kNeq:
        return value != bound.value;
    }
    return false;
  });
}

void link(std::vector<Correlation>& correlations) {
  for (auto& correlation : correlations) correlation.outer.clear();
  for (std::uint32_t self = 0; self < correlations.size(); ++self) {
    Correlation& correlation = correlations[self];
    correlation.judgement = judgement_of(correlation);
    correlation.least = least_of(correlation);
    correlation.delay = {};
    for (const CorrelationInput& input : correlation.inputs) {
      if (!input.is_correlation) continue;
      assert(input.index < self);
      Correlation& inner = correlations[input.index];
      inner.outer.push_back(self);
      // A trigger at e that waits until e + timespan reaches us when the inner watermark is that far past e.
      const auto hold = inner.judgement == Judgement::kAround ? inner.timespan : std::chrono::milliseconds{0};
      correlation.delay = std::max(correlation.delay, inner.delay + hold);
    }
  }
}

}  // namespace tripline::engine
