#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/rule_set.h"
#include "rules/ast.h"
#include "rules/diagnostic.h"
#include "rules/loader.h"
#include "rules/lowering.h"
#include "rules/override_effect.h"
#include "rules/rule_index.h"

namespace tripline::rules {

/// What overrides come to for one rule.
struct Overridden {
  Changes all;                                          // for its events of all accounts but:
  std::vector<std::pair<std::string, Changes>> by_env;  // of accounts with that `env`, where that is something else
  bool disabled = false;                                // everywhere
  bool needed = false;                                  // a correlation that runs refers to it
};

/// What the steps of loading hand to each other.
struct Loading {
  /// A document that could be read.
  struct Item {
    Document document;
    std::size_t state;  // its place in `states`
  };

  const LoadOptions& options;
  const Lists& lists;
  engine::RuleSet rules;            // of the feed
  engine::RuleSet others;           // where rules of other log sources are compiled, to be thrown away
  std::vector<RuleState> states{};  // of every rule document; the index's places
  std::vector<std::optional<std::uint32_t>> loaded{};  // by state: its place in rules.detections
  std::vector<Overridden> overridden{};                // by state; empty: there are no overrides
  std::vector<Item> items{};
  RuleIndex index{};
  Diagnostics diagnostics{};

  /// Whether an override keeps the rule from opening signals.
  bool is_disabled(std::size_t state) const { return !overridden.empty() && overridden[state].disabled; }
  bool is(std::size_t state, RuleState::State what) const { return states[state].state == what; }
  void leave_out(std::size_t state, RuleState::State why, std::string words) {
    states[state].state = why;
    states[state].why = std::move(words);
  }
};

/// Changes what overrides change, before anything is compiled: levels, modes, periods, groups; leaves out what they
/// disable, unless a correlation needs it. Warns of those that match nothing.
void apply_overrides(Loading& loading);

/// Splits detections by the accounts of their events, where overrides change them for some accounts. The last step, as
/// what correlations are built on must be known.
void split_by_account(Loading& loading);

/// "did you mean `x`?" for a reference that names no rule, or `otherwise`.
std::string hint_for(const Loading& loading, const std::string& reference, std::string otherwise);

/// Ands each filter's condition, as written, to the detections that it names and whose log source it fits: to take
/// events away it must say `not`. Source: Sigma Filters Specification 2.1.0.
void apply_filters(Loading& loading);

/// Resolves what correlations refer to, gives them their levels, and keeps their base rules from opening signals.
void resolve_correlations(Loading& loading);

}  // namespace tripline::rules
