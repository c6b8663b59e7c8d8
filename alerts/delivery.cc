#include "alerts/delivery.h"

#include "engine/rule_set.h"

namespace tripline::alerts {

std::string next_signal_id(const engine::Signal& signal) {
  const engine::RuleSet& rules = *signal.rules;
  const auto period =
      signal.of_correlation ? rules.correlations[signal.index].period : rules.detections[signal.index].period;
  return engine::signal_id(signal.rule().id, signal.group, signal.period_start + period);
}

}  // namespace tripline::alerts
