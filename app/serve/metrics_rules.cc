#include "app/serve/metric_table.h"

namespace tripline::app {

namespace {

using prometheus::MetricType;
using rules::RuleState;

template <class Visit>
void each_loaded_rule(const ServerFacts& facts, const Visit& visit) {
  if (!facts.loaded) return;
  for (const RuleState& state : facts.loaded->states) {
    if (state.state == RuleState::State::kLoaded && state.kind != RuleState::Kind::kFilter) visit(state);
  }
}

/// One count of each rule that is loaded; those without any are 0, so that rates work from the first on.
template <std::uint64_t RuleFacts::*Member>
void by_rule(const ServerFacts& facts, MetricSamples& out) {
  each_loaded_rule(facts, [&](const RuleState& state) {
    const auto counts = facts.rule_counts.find(state.rule.id);
    const std::uint64_t count = counts == facts.rule_counts.end() ? 0 : counts->second.*Member;
    out.add({state.rule.id, engine::name_of(state.rule.level)}, count);
  });
}

void rules_by_state(const ServerFacts& facts, MetricSamples& out) {
  constexpr std::pair<RuleState::State, std::string_view> kStates[] = {
      {RuleState::State::kLoaded, "loaded"},
      {RuleState::State::kFailed, "failed"},
      {RuleState::State::kSkippedStatus, "skipped_status"},
      {RuleState::State::kOtherLogSource, "other_log_source"},
      {RuleState::State::kDisabled, "disabled"},
  };
  if (!facts.loaded) return;
  for (const auto& [state, label] : kStates) {
    std::uint64_t count = 0;
    for (const RuleState& rule : facts.loaded->states) count += rule.state == state ? 1 : 0;
    out.add({label}, count);
  }
}

constexpr MetricRow kRows[] = {
    {"tripline_rule_info", MetricType::Gauge, "rule_id,title,level", "1 for each rule that is loaded",
     [](const ServerFacts& facts, MetricSamples& out) {
       each_loaded_rule(facts, [&](const RuleState& state) {
         out.add({state.rule.id, state.rule.title, engine::name_of(state.rule.level)}, std::uint64_t{1});
       });
     }},
    {"tripline_rules", MetricType::Gauge, "state", "Rules that were found, filters included", &rules_by_state},
    {"tripline_rule_matches_total", MetricType::Counter, "rule_id,level",
     "Matches of detections, those of events that were delivered before included", &by_rule<&RuleFacts::matches>},
    {"tripline_rule_signals_total", MetricType::Counter, "rule_id,level", "Signals opened",
     &by_rule<&RuleFacts::signals>},
    {"tripline_account_signals_total", MetricType::Counter, "account",
     "Signals opened, for each account that they named then",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [account, count] : facts.account_signals) out.add({account}, count);
     }},
    {"tripline_account_signals_left_out_total", MetricType::Counter, "",
     "Those of accounts that are not shown because there are too many",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.account_signals_left_out); }},
};

}  // namespace

std::span<const MetricRow> rule_metrics() { return kRows; }

}  // namespace tripline::app
