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
  bool broken = false;               // an event of it is no record, or an expectation names no rule
  std::string message;               // one sentence; empty: the signals are those expected
  std::vector<std::string> details;  // signals that are otherwise (~), missing (-) and too many (+), and why
};

/// Runs a case's steps as `serve` would, on a clock of the sequence's own, and compares the signals that are left:
/// those of `rule` and of rules that the expectations name.
///
/// The clock stands at the latest event time so far, moved on by what `advance` adds; an event is delivered when it
/// stands in the list, at the clock's time. Deliveries may be 30 minutes late. `restart` begins anew with an empty
/// state and gives it all commits so far, as a start from the journal does.
SequenceResult run_sequence(const TestCase& test, const engine::Rule& rule,
                            const std::shared_ptr<const engine::RuleSet>& rules, const engine::Matcher& matcher,
                            const engine::Accounts* accounts);

}  // namespace tripline::rules
