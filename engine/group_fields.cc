#include "engine/group_fields.h"

namespace tripline::engine {

std::vector<std::string_view> group_fields(const Signal& signal) {
  std::vector<std::string_view> fields;
  if (signal.of_correlation) {
    const Correlation& correlation = signal.rules->correlations[signal.index];
    fields.assign(correlation.group_by.begin(), correlation.group_by.end());
    if (correlation.type == CorrelationType::kNewValue) {
      fields.insert(fields.end(), correlation.counted.begin(), correlation.counted.end());
    }
  } else {
    const Detection& detection = signal.rules->detections[signal.index];
    for (const auto field : detection.group) fields.push_back(signal.rules->fields[field].path);
    if (fields.empty() && signal.rules->cloudtrail) fields = {"recipientAccountId", "actor.principal"};
  }
  if (fields.size() != signal.group.size()) fields.clear();
  return fields;
}

}  // namespace tripline::engine
