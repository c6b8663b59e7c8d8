#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/field.h"
#include "engine/rule.h"
#include "engine/title.h"

namespace tripline::engine {

/// The median is the percentile 50; both interpolate between the two nearest values.
enum class CorrelationType {
  kEventCount,
  kValueCount,
  kValueSum,
  kValueAvg,
  kValuePercentile,
  kTemporal,
  kTemporalOrdered,
  kNewValue,
};

/// One comparison of a correlation's condition; all of them must hold.
struct Bound {
  enum class Op { kGt, kGte, kLt, kLte, kEq, kNeq };
  Op op;
  double value;
};

/// A boolean condition over a correlation's inputs. `not` stands only over a kInput (negation_pushed_down()).
struct StepCondition {
  enum class Kind { kInput, kNot, kAnd, kOr };
  Kind kind = Kind::kInput;
  std::uint16_t input = 0;                // of kInput
  std::vector<StepCondition> children{};  // of kNot (one), kAnd, kOr
};

/// The same condition with every `not` over an input itself.
StepCondition negation_pushed_down(const StepCondition& condition);

/// Whether it holds without any event; such a condition says nothing and is refused.
bool holds_of_nothing(const StepCondition& condition);

/// One of a correlation's rules, with its fields' names resolved by the aliases.
struct CorrelationInput {
  bool is_correlation = false;
  std::uint32_t index = 0;  // into RuleSet::detections or RuleSet::correlations
  std::vector<FieldId> group{};
  std::vector<FieldId> counted{};
};

/// When a window can tell whether it triggers at an event at time e. `span` is the correlation's timespan.
enum class Judgement {
  kAtOnce,  // more events cannot falsify it: as soon as (e - span, e] satisfies it
  kBehind,  // once no event of (e - span, e] can still come
  kAhead,   // nothing satisfies it too: at e + span, by (e, e + span]
  kAround,  // it has a `not`: once no event of (e - span, e + span) can still come
};

/// A compiled rule that is judged over groups of events.
/// Source: Sigma Correlation Rules Specification 2.1.0; docs/correlations.md says what we chose where it is silent.
struct Correlation {
  Rule rule;
  CorrelationType type = CorrelationType::kEventCount;
  std::chrono::milliseconds timespan{0};  // of kNewValue: a value unseen for longer is new again
  std::vector<Bound> bounds;              // empty: of kTemporalOrdered and kNewValue, or `steps` says it
  std::vector<StepCondition> steps;       // of kTemporal: none, or one condition
  double percentile = 50;
  std::vector<CorrelationInput> inputs;  // at most 16,383
  std::vector<std::string> group_by;     // names as the author wrote them
  std::vector<std::string> counted;
  Title title{};                       // of its signals' summary; fields of group_by, or of kCorrelationFacts
  bool missing_is_a_value = false;     // else a match that lacks a group-by field takes no part
  std::chrono::seconds period{3600};   // of its signals, aligned to the epoch
  std::chrono::seconds learning{0};    // of kNewValue
  bool each_group_learns = false;      // of kNewValue: from the group's first event, not the rule's
  bool opens_signals = true;           // false: informational, or silenced
  bool silenced = false;               // a correlation that is built on it speaks in its place
  std::vector<std::uint32_t> outer;    // correlations that have this one as an input
  std::chrono::milliseconds delay{0};  // how far its watermark lies behind the engine's; of its inputs
  Judgement judgement = Judgement::kAtOnce;
  double least = 0;  // of kAtOnce: no span with fewer events, values or rules satisfies it
};

bool satisfies(double value, const std::vector<Bound>& bounds);

/// Sets what follows from the rest: outer, delay, judgement, least, and drops no rule. Inputs that are correlations
/// must stand before what they feed.
void link(std::vector<Correlation>& correlations);

}  // namespace tripline::engine
