#include "rules/correlation_text.h"

#include <algorithm>
#include <string_view>

#include "rules/node_reader.h"
#include "rules/timespan.h"

namespace tripline::rules {
namespace {

void collect(const engine::Correlation& correlation, const engine::RuleSet& rules, std::vector<std::uint32_t>& found) {
  for (const engine::CorrelationInput& input : correlation.inputs) {
    if (input.is_correlation) {
      collect(rules.correlations[input.index], rules, found);
    } else if (std::find(found.begin(), found.end(), input.index) == found.end()) {
      found.push_back(input.index);
    }
  }
}

}  // namespace

std::string summary_of(const CorrelationRule& correlation) {
  std::string text = correlation.type + " within " + timespan_text(correlation.timespan_seconds);
  if (correlation.group_by.empty()) return text;
  const std::vector<std::string_view> fields(correlation.group_by.begin(), correlation.group_by.end());
  return text + " by " + enumerate(fields);
}

std::vector<std::uint32_t> base_detections(const engine::Correlation& correlation, const engine::RuleSet& rules) {
  std::vector<std::uint32_t> found;
  collect(correlation, rules, found);
  return found;
}

}  // namespace tripline::rules
