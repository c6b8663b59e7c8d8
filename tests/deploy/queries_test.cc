// Dashboard and alerts ask for what there is: a name that is slipped in PromQL is no error, only an empty answer for
// ever.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "connectors/net/way_counters.h"
#include "tests/support/places.h"
#include "tests/support/promql.h"

namespace tripline {
namespace {

using tests::Query;

/// Labels that Prometheus adds.
const std::set<std::string> kOfPrometheus = {"instance", "job", "le"};

std::vector<Query> all_queries() {
  std::vector<Query> queries = tests::dashboard_queries();
  for (Query& query : tests::alert_queries()) queries.push_back(std::move(query));
  return queries;
}

TEST(Queries, AskForDocumentedMetricsAndLabelsAlone) {
  const auto documented = tests::documented_metrics();
  ASSERT_GT(documented.size(), 60U);
  std::size_t metrics = 0;
  for (const auto& [where, expression] : all_queries()) {
    SCOPED_TRACE(where + ": " + expression);
    const auto named = tests::named_in(expression, documented);
    std::set<std::string> labels = kOfPrometheus;
    for (const std::string& name : named.metrics) {
      ++metrics;
      const auto metric = documented.find(name);
      ASSERT_NE(metric, documented.end()) << name << " is not in docs/metrics.md";
      labels.insert(metric->second.labels.begin(), metric->second.labels.end());
    }
    for (const auto& test : named.tests) {
      EXPECT_TRUE(kOfPrometheus.contains(test.label) || documented.at(test.metric).labels.contains(test.label))
          << test.metric << " has no label " << test.label;
    }
    for (const std::string& label : named.grouped_by) EXPECT_TRUE(labels.contains(label)) << label;
  }
  EXPECT_GT(metrics, 80U);
}

TEST(Queries, AskForOutcomesOfRequestsThatThereAre) {
  const auto documented = tests::documented_metrics();
  std::size_t asked = 0;
  for (const auto& [where, expression] : all_queries()) {
    for (const auto& test : tests::named_in(expression, documented).tests) {
      if (test.metric != "tripline_requests_total" || test.label != "outcome") continue;
      for (const std::string& value : test.values) {
        ++asked;
        EXPECT_TRUE(
            std::ranges::any_of(connectors::net::kWayOutcomes, [&](const auto& row) { return row.label == value; }))
            << where << ": " << value;
      }
    }
  }
  EXPECT_GE(asked, 4U);
}

TEST(Dashboard, ShowsEachPanelInAPlaceOfItsOwn) {
  const YAML::Node dashboard = YAML::LoadFile((tests::repository() / "deploy/grafana/tripline.json").string());
  std::set<int> ids;
  std::set<std::pair<int, int>> taken;
  for (const auto& panel : dashboard["panels"]) {
    const auto title = panel["title"].as<std::string>();
    SCOPED_TRACE(title);
    EXPECT_TRUE(ids.insert(panel["id"].as<int>()).second);
    const YAML::Node place = panel["gridPos"];
    const int left = place["x"].as<int>(), top = place["y"].as<int>();
    EXPECT_LE(left + place["w"].as<int>(), 24);
    for (int x = left; x < left + place["w"].as<int>(); ++x) {
      for (int y = top; y < top + place["h"].as<int>(); ++y) EXPECT_TRUE(taken.insert({x, y}).second) << x << " " << y;
    }
    if (panel["type"].as<std::string>() == "row") continue;
    EXPECT_GT(panel["targets"].size(), 0U);
    EXPECT_NE(panel["fieldConfig"]["defaults"]["unit"].as<std::string>(""), "");
    EXPECT_EQ(panel["datasource"]["uid"].as<std::string>(), "${datasource}") << "any Prometheus, not the author's";
  }
  EXPECT_GT(ids.size(), 30U);
}

}  // namespace
}  // namespace tripline
