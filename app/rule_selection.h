#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/result.h"
#include "engine/rule_set.h"

namespace tripline::app {

/// Which of the loaded rules run, and what is shown of the events that they match.
struct RuleSelection {
  std::optional<engine::Level> level;  // this one and higher
  std::vector<std::string> names;      // ids, names, or titles with `*` and `?`, letter case aside; empty: all
  std::vector<std::string> fields;     // shown in place of the rules' own `fields`; empty: those
};

/// The rules that are selected, which may be all of `rules` itself. kUsage: a name fits no rule; the message says what
/// may have been meant.
engine::Result<std::shared_ptr<const engine::RuleSet>> select_rules(std::shared_ptr<const engine::RuleSet> rules,
                                                                    const RuleSelection& selection);

/// kUsage: a name fits no rule; the message says what may have been meant.
engine::Result<void> check_names(const engine::RuleSet& rules, const std::vector<std::string>& names);

/// Whether the rule is of the level and of the names.
bool is_selected(const engine::Rule& rule, const RuleSelection& selection);

/// "; did you mean x?", a name or a pattern of titles, for a name that fits no rule, or where to find the names.
std::string meant_by(const engine::RuleSet& rules, const std::string& name);

/// Whether `name` is the rule's id or name, or matches its title.
bool is_named(const engine::Rule& rule, const std::string& name);

}  // namespace tripline::app
