#include "rules/overrides.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/text.h"
#include "rules/loading.h"
#include "rules/override_effect.h"
#include "rules/rule_index.h"

namespace tripline::rules {
namespace {

using State = RuleState::State;

class OverrideStep {
 public:
  explicit OverrideStep(Loading& loading) : loading_(loading), effects_(loading.options.overrides) {}

  void run() {
    loading_.overridden.resize(loading_.states.size());
    for (Loading::Item& item : loading_.items) {
      if (!std::holds_alternative<FilterRule>(item.document)) decide(item);
    }
    find_needed();
    for (Loading::Item& item : loading_.items) apply(item);
    warn_of_unmatched();
  }

 private:
  static bool level_given(const Document& document) {
    return head_of(document).level_given || std::holds_alternative<DetectionRule>(document);
  }

  void decide(const Loading::Item& item) {
    const engine::Rule& rule = rule_of(item.document);
    const bool given = level_given(item.document);
    Overridden& overridden = loading_.overridden[item.state];
    overridden.all = effects_.changes(rule, given, "");
    std::string words = effects_.words(rule, given, "");
    for (const std::string& env : effects_.envs()) {
      Changes there = effects_.changes(rule, given, env);
      if (there == overridden.all) continue;
      words += (words.empty() ? "" : "; ") + ("in " + env + ": " + effects_.words(rule, given, env));
      overridden.by_env.emplace_back(env, std::move(there));
    }
    loading_.states[item.state].overridden = std::move(words);
    // A detection that is enabled for some accounts is compiled for those; a correlation has no accounts.
    const bool is_correlation = std::holds_alternative<CorrelationRule>(item.document);
    overridden.disabled = overridden.all.disables() &&
                          (is_correlation || std::all_of(overridden.by_env.begin(), overridden.by_env.end(),
                                                         [](const auto& there) { return there.second.disables(); }));
    if (overridden.disabled) overridden.by_env.clear();
  }

  /// Correlations that run need their rules, even disabled ones, and those theirs.
  void find_needed() {
    RuleIndex index;
    std::vector<const CorrelationRule*> correlations(loading_.states.size());
    for (const Loading::Item& item : loading_.items) {
      if (std::holds_alternative<FilterRule>(item.document)) continue;
      index.add(rule_of(item.document), item.state);
      correlations[item.state] = std::get_if<CorrelationRule>(&item.document);
    }
    std::vector<std::size_t> running;
    for (std::size_t state = 0; state < correlations.size(); ++state) {
      if (correlations[state] != nullptr && !loading_.overridden[state].disabled) running.push_back(state);
    }
    while (!running.empty()) {
      const CorrelationRule& correlation = *correlations[running.back()];
      running.pop_back();
      for (const Reference& reference : correlation.rules) {
        const auto found = index.find(reference.name);
        if (!found || std::exchange(loading_.overridden[found->place].needed, true)) continue;
        const bool asleep = loading_.overridden[found->place].disabled;
        if (asleep && correlations[found->place] != nullptr) running.push_back(found->place);
      }
    }
  }

  void apply(Loading::Item& item) {
    const Overridden& overridden = loading_.overridden[item.state];
    RuleState& state = loading_.states[item.state];
    if (overridden.disabled && overridden.needed) {
      state.overridden += "; correlations go on to read it";
    } else if (overridden.disabled && state.state == State::kLoaded) {
      loading_.leave_out(item.state, State::kDisabled, state.overridden);
    }
    std::visit([&](auto& rule) { change(overridden.all, rule.rule, rule.head, rule.tripline); }, item.document);
    if (auto* detection = std::get_if<DetectionRule>(&item.document); detection && overridden.all.group) {
      detection->tripline.group = *overridden.all.group;
    }
    state.rule.level = rule_of(item.document).level;
    state.rule.dry_run = rule_of(item.document).dry_run;
  }

  static void change(const Changes& changes, engine::Rule& rule, Head& head, Extension& tripline) {
    if (changes.level) {
      rule.level = *changes.level;
      head.level_given = true;
    }
    if (changes.dry_run) rule.dry_run = *changes.dry_run;
    if (changes.period) tripline.spans["period"] = changes.period->count();
  }

  void warn_of_unmatched() {
    const auto& overrides = loading_.options.overrides;
    for (std::size_t i = 0; i < overrides.size(); ++i) {
      bool matched = false, grouped = false;
      std::vector<bool> is_read(loading_.states.size());
      for (const Loading::Item& item : loading_.items) {
        is_read[item.state] = true;
        const bool is_filter = std::holds_alternative<FilterRule>(item.document);
        if (is_filter || !effects_.fits(i, rule_of(item.document), level_given(item.document))) continue;
        matched = true;
        grouped = grouped || std::holds_alternative<DetectionRule>(item.document);
      }
      for (std::size_t state = 0; state < is_read.size(); ++state) {  // documents with mistakes
        const RuleState& rule = loading_.states[state];
        if (is_read[state] || rule.kind == DocumentKind::kFilter) continue;
        matched = matched || effects_.fits(i, rule.rule, true);
        grouped = grouped || rule.kind == DocumentKind::kDetection;
      }
      if (!matched) {
        loading_.diagnostics.add("override-unmatched", overrides[i].at, "the override matches no rule",
                                 hint_for(overrides[i].match));
      } else if (overrides[i].group && !grouped) {
        loading_.diagnostics.add("override-partial", overrides[i].at,
                                 "the override sets `group`, and matches correlations alone",
                                 "what their signals are about is their `group-by`");
      }
    }
  }

  std::string hint_for(const Override::Match& match) const {
    RuleIndex index;
    for (std::size_t i = 0; i < loading_.states.size(); ++i) index.add(loading_.states[i].rule, i);
    for (const auto* names : {&match.ids, &match.names}) {
      for (const std::string& name : *names) {
        const std::string_view slip = index.slip_of(name);
        if (!slip.empty()) return "did you mean `" + std::string(slip) + "`?";
      }
    }
    return "`tripline rules` lists them all";
  }

  Loading& loading_;
  const OverrideEffects effects_;
};

}  // namespace

void apply_overrides(Loading& loading) {
  if (!loading.options.overrides.empty()) OverrideStep(loading).run();
}

}  // namespace tripline::rules
