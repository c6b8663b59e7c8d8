#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tripline::tests {

/// An expression of PromQL that the repository ships.
struct Query {
  std::string where;  // the panel's title, the alert's name
  std::string expression;
};

/// Of deploy/grafana/tripline.json, with Grafana's variables replaced by what it would put there for all instances.
std::vector<Query> dashboard_queries();
/// Of deploy/prometheus/tripline.rules.yml.
std::vector<Query> alert_queries();

/// A family of docs/metrics.md.
struct DocumentedMetric {
  std::string type;
  std::set<std::string> labels;
};
std::map<std::string, DocumentedMetric> documented_metrics();

/// A condition on a label in an expression: `name{label="value"}`; `values`: of `=~`, what `|` parts.
struct LabelTest {
  std::string metric;  // its family: without _bucket, _sum, _count where `documented` has it so
  std::string label;
  std::vector<std::string> values;
};

/// What an expression names, by plain reading: metrics of ours, conditions on their labels, and labels of `by (...)`,
/// `on (...)` and the like.
struct Named {
  std::set<std::string> metrics;
  std::vector<LabelTest> tests;
  std::set<std::string> grouped_by;
};
Named named_in(std::string_view expression, const std::map<std::string, DocumentedMetric>& documented);

}  // namespace tripline::tests
