#include "alerts/group_fields.h"

namespace tripline::alerts {

std::vector<std::string_view> group_fields(const engine::Signal& signal) {
  std::vector<std::string_view> fields;
  if (signal.of_correlation) {
    const engine::Correlation& correlation = signal.rules->correlations[signal.index];
    fields.assign(correlation.group_by.begin(), correlation.group_by.end());
    if (correlation.type == engine::CorrelationType::kNewValue) {
      fields.insert(fields.end(), correlation.counted.begin(), correlation.counted.end());
    }
  } else {
    const engine::Detection& detection = signal.rules->detections[signal.index];
    for (const auto field : detection.group) fields.push_back(signal.rules->fields[field].path);
    if (fields.empty() && signal.rules->cloudtrail) fields = {"recipientAccountId", "actor.principal"};
  }
  if (fields.size() != signal.group.size()) fields.clear();
  return fields;
}

}  // namespace tripline::alerts
