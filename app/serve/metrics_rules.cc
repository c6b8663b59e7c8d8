#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "app/serve/metric_table.h"
#include "engine/rule_counts.h"

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

const RuleStatus& status_of(const ServerFacts& facts, const RuleState& state) {
  static const RuleStatus kNone;
  const auto found = facts.rules.find(state.rule.id);
  return found == facts.rules.end() ? kNone : found->second;
}

/// One count of each rule that is loaded; those without any are 0, so that rates work from the first on.
template <std::size_t Row>
void by_rule(const ServerFacts& facts, MetricSamples& out) {
  each_loaded_rule(facts, [&](const RuleState& state) {
    out.add({state.rule.id, engine::name_of(state.rule.level)},
            status_of(facts, state).counts.*engine::kRuleCounts[Row].count);
  });
}

void by_filter(const ServerFacts& facts, MetricSamples& out) {
  each_loaded_rule(facts, [&](const RuleState& state) {
    for (const auto& [filter, count] : status_of(facts, state).taken_away) out.add({filter, state.rule.id}, count);
  });
}

template <class Visit>
void each_correlation(const ServerFacts& facts, const Visit& visit) {
  each_loaded_rule(facts, [&](const RuleState& state) {
    if (state.kind == RuleState::Kind::kCorrelation) visit(state.rule, status_of(facts, state).held);
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
    {"tripline_filter_matches_total", MetricType::Counter, "filter_id,rule_id",
     "Matches that a filter took away from a rule, each delivery of an event", &by_filter},
    {"tripline_rule_groups", MetricType::Gauge, "rule_id", "Groups that a correlation holds; of new_value: values",
     [](const ServerFacts& facts, MetricSamples& out) {
       each_correlation(
           facts, [&](const engine::Rule& rule, const auto& held) { out.add({rule.id}, std::uint64_t{held.groups}); });
     }},
    {"tripline_rule_entries", MetricType::Gauge, "rule_id", "Events, or their values, in the windows of those groups",
     [](const ServerFacts& facts, MetricSamples& out) {
       each_correlation(
           facts, [&](const engine::Rule& rule, const auto& held) { out.add({rule.id}, std::uint64_t{held.entries}); });
     }},
    {"tripline_rule_learns_until_timestamp_seconds", MetricType::Gauge, "rule_id",
     "Event time from which on a new_value rule opens signals; where each group learns, that of the one seen last",
     [](const ServerFacts& facts, MetricSamples& out) {
       each_correlation(facts, [&](const engine::Rule& rule, const auto& held) {
         if (held.learns_until) out.add({rule.id}, unix_seconds(*held.learns_until));
       });
     }},
    {"tripline_account_signals_total", MetricType::Counter, "account",
     "Signals opened, for each account that they named then",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [account, count] : facts.account_signals) out.add({account}, count);
     }},
    {"tripline_account_signals_left_out_total", MetricType::Counter, "",
     "Those of accounts that are not shown because there are too many",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.account_signals_left_out); }},
};

/// A row for each of kRuleCounts.
template <std::size_t... Row>
std::vector<MetricRow> count_rows(std::index_sequence<Row...>) {
  static const std::string kNames[] = {"tripline_rule_" + std::string(engine::kRuleCounts[Row].name) + "_total" ...};
  return {
      MetricRow{kNames[Row], MetricType::Counter, "rule_id,level", engine::kRuleCounts[Row].help, &by_rule<Row>}...};
}

}  // namespace

std::span<const MetricRow> rule_metrics() {
  static const std::vector<MetricRow> rows = [] {
    auto all = count_rows(std::make_index_sequence<std::size(engine::kRuleCounts)>());
    all.insert(all.begin(), std::begin(kRows), std::end(kRows));
    return all;
  }();
  return rows;
}

}  // namespace tripline::app
