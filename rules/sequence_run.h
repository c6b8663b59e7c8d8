#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/accounts.h"
#include "engine/matcher.h"
#include "engine/rule_set.h"
#include "rules/test_reader.h"

namespace tripline::rules {

/// How a sequence of a rule test ended.
struct SequenceResult {
  bool broken = false;               // an event is no record, an expectation names no rule, no store can be made
  std::string message;               // one sentence; empty: the signals are those expected
  std::vector<std::string> details;  // signals that are otherwise (~), missing (-) and too many (+), and why
};

/// Runs a case's steps as `serve` would, on a clock of the sequence's own, and compares the signals that are left:
/// those of `rule` and of rules that the expectations name.
///
/// `matcher` leaves origins to the state (Origins::kLater), so that a rule that names one waits for it as in `serve`.
/// The clock stands at the latest event time so far, moved on by what `advance` adds; an event is delivered when it
/// stands in the list, at the clock's time. Deliveries may be 30 minutes late. `restart` drops the state and
/// starts another from the store, as after a crash; a case with one has a durable store, in a folder below the system's
/// temporary one.
SequenceResult run_sequence(const TestCase& test, const engine::Rule& rule,
                            const std::shared_ptr<const engine::RuleSet>& rules, const engine::Matcher& matcher,
                            const engine::Accounts* accounts);

}  // namespace tripline::rules
