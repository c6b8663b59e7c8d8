#include "app/serve/rule_tally.h"

#include <utility>

namespace tripline::app {

void RuleTally::note(const engine::State& state, const std::shared_ptr<const engine::RuleSet>& rules) {
  now_.rules = rules;
  now_.detections.clear();
  now_.correlations.clear();
  now_.taken_away.clear();
  for (std::uint32_t i = 0; i < rules->detections.size(); ++i) {
    now_.detections.push_back(state.counts_of_detection(i));
    for (std::uint32_t filter = 0; filter < rules->detections[i].filters.size(); ++filter) {
      now_.taken_away.push_back(state.taken_away(i, filter));
    }
  }
  for (std::uint32_t i = 0; i < rules->correlations.size(); ++i) {
    now_.correlations.push_back(state.counts_of_correlation(i));
  }
}

void RuleTally::end_state() { add(std::exchange(now_, {}), before_); }

std::map<std::string, RuleStatus> RuleTally::by_id() const {
  auto all = before_;
  add(now_, all);
  return all;
}

void RuleTally::add(const Counts& counts, std::map<std::string, RuleStatus>& to) {
  if (!counts.rules) return;
  auto taken_away = counts.taken_away.begin();
  for (std::size_t i = 0; i < counts.detections.size(); ++i) {
    const engine::Detection& detection = counts.rules->detections[i];
    RuleStatus& status = to[detection.rule.id];
    status.counts += counts.detections[i];
    for (const auto& filter : detection.filters) {
      status.taken_away[counts.rules->filters[filter.filter].id] += *taken_away++;
    }
  }
  for (std::size_t i = 0; i < counts.correlations.size(); ++i) {
    to[counts.rules->correlations[i].rule.id].counts += counts.correlations[i];
  }
}

}  // namespace tripline::app
