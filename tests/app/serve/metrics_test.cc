#include "app/serve/metrics.h"

#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <prometheus/check_names.h>

#include "engine/utf8.h"
#include "tests/app/serve/some_facts.h"
#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline::app {
namespace {

TEST(Metrics, AreWhatThePageSays) {
  const auto path = tests::repository() / "docs" / "metrics.md";
  if (std::getenv("REGENERATE") != nullptr) std::ofstream(path) << metrics_page();
  EXPECT_EQ(tests::read_file(path), metrics_page())
      << "docs/metrics.md is behind app/serve/metrics_*.cc: run this test with REGENERATE=1";
}

TEST(Metrics, AreNamedAsPrometheusWants) {
  std::set<std::string_view> seen;
  for (const MetricRow* row : metric_rows()) {
    SCOPED_TRACE(row->name);
    const std::string name(row->name);
    EXPECT_TRUE(seen.insert(row->name).second);
    EXPECT_TRUE(prometheus::CheckMetricName(name));
    EXPECT_EQ(row->type == prometheus::MetricType::Counter, name.ends_with("_total"));
    EXPECT_TRUE(name.starts_with("tripline_") || name.starts_with("process_"));
    EXPECT_TRUE(name.find("milli") == std::string::npos && name.find("_ms") == std::string::npos);
    EXPECT_FALSE(row->help.empty());
    EXPECT_FALSE(row->help.ends_with('.'));
    EXPECT_EQ(row->help.find_first_of("\\\n|"), std::string_view::npos) << "HELP is written as it is";
  }
}

/// Families of a text by name: their type and how many series they have.
struct Family {
  std::string type;
  std::size_t series = 0;
};
std::map<std::string, Family> families_of(const std::string& text) {
  std::map<std::string, Family> families;
  for (const std::string& line : tests::lines_of(text)) {
    if (line.starts_with("# TYPE ")) {
      const std::string rest = line.substr(7);
      families[rest.substr(0, rest.find(' '))].type = rest.substr(rest.find(' ') + 1);
    } else if (!line.starts_with('#')) {
      std::string name = line.substr(0, line.find_first_of("{ "));
      for (const char* suffix : {"_bucket", "_sum", "_count"}) {
        if (name.ends_with(suffix) && !families.contains(name)) name = name.substr(0, name.rfind('_'));
      }
      ++families[name].series;
    }
  }
  return families;
}

TEST(Metrics, ThatAreDocumentedAllExistAndNoOthers) {
  const auto families = families_of(metrics_text(some_facts()));
  std::set<std::string> documented, shown;
  for (const std::string& line : tests::lines_of(tests::read_file(tests::repository() / "docs" / "metrics.md"))) {
    if (line.starts_with("| `")) documented.insert(line.substr(3, line.find('`', 3) - 3));
  }
  for (const auto& [name, family] : families) {
    shown.insert(name);
    EXPECT_FALSE(family.type.empty()) << name;
    EXPECT_TRUE(family.series > 0 || name == "tripline_metric_series_left_out") << name;
  }
  EXPECT_EQ(documented, shown);
}

TEST(Metrics, TellWhatTheFactsHold) {
  const std::string text = metrics_text(some_facts());
  for (const char* line : {
           "tripline_requests_total{way=\"firehose\",source=\"org\",outcome=\"accepted\"} 7\n",
           "tripline_events_total{source=\"org\",outcome=\"accepted\"} 96\n",
           "tripline_events_total{source=\"org\",outcome=\"malformed\"} 2\n",
           "tripline_events_dismissed_total{source=\"org\"} 60\n",
           "tripline_events_malformed_total{source=\"org\",reason=\"bad_input\"} 2\n",
           "tripline_no_events_total{source=\"org\",kind=\"control_message\"} 3\n",
           "tripline_source_lag_seconds{source=\"org\"} 120\n",
           "tripline_source_silent_seconds{source=\"gone\"} 172800\n",
           "tripline_silence_seconds{kind=\"source\",name=\"gone\"} 86400\n",
           "tripline_account_silent_seconds{account=\"111122223333\"} 10\n",
           "tripline_intake_oldest_seconds 3\n",
           "tripline_watermark_lag_seconds 1800\n",
           "tripline_rule_info{rule_id=\"many\",title=\"Many \\\"users\\\" made\",level=\"critical\"} 1\n",
           "tripline_rule_signals_total{rule_id=\"one\",level=\"high\"} 2\n",
           "tripline_rule_signals_total{rule_id=\"many\",level=\"critical\"} 0\n",
           "tripline_rule_filtered_total{rule_id=\"one\",level=\"high\"} 3\n",
           "tripline_rule_evicted_groups_total{rule_id=\"many\",level=\"critical\"} 0\n",
           "tripline_filter_matches_total{filter_id=\"quiet\",rule_id=\"one\"} 3\n",
           "tripline_rule_groups{rule_id=\"many\"} 7\n",
           "tripline_rule_entries{rule_id=\"many\"} 30\n",
           "tripline_account_signals_total{account=\"111122223333\"} 2\n",
           "tripline_rules{state=\"failed\"} 1\n",
           "tripline_clock_step_seconds -1.5\n",
           "tripline_http_ends_total{end=\"peer_gone\"} 1\n",
           "tripline_last_reload_succeeded 0\n",
           "tripline_build_info{version=\"1.2.3\"} 1\n",
           "tripline_sink_deliveries_total{sink=\"soc\",outcome=\"delivered\"} 40\n",
           "tripline_sink_deliveries_total{sink=\"soc\",outcome=\"full\"} 3\n",
           "tripline_sink_oldest_seconds{sink=\"soc\"} 90\n",
           "tripline_sink_open{sink=\"soc\"} 1\n",
           "tripline_sink_delivery_seconds_bucket{sink=\"soc\",le=\"0.25\"} 1\n",
           "tripline_routed_changes_total{outcome=\"delivered\"} 50\n",
           "tripline_routing_behind 2\n",
       }) {
    EXPECT_NE(text.find(std::string("\n") + line), std::string::npos) << line;
  }
}

TEST(Metrics, SumUpTheBucketsOfAHistogram) {
  const std::string text = metrics_text(some_facts());
  for (const char* line : {
           "tripline_arrival_to_durable_seconds_bucket{le=\"0.01\"} 1\n",
           "tripline_arrival_to_durable_seconds_bucket{le=\"0.1\"} 1\n",
           "tripline_arrival_to_durable_seconds_bucket{le=\"0.25\"} 2\n",
           "tripline_arrival_to_durable_seconds_bucket{le=\"+Inf\"} 2\n",
           "tripline_arrival_to_durable_seconds_count 2\n",
           "tripline_arrival_to_durable_seconds_sum 0.21\n",
       }) {
    EXPECT_NE(text.find(std::string("\n") + line), std::string::npos) << line;
  }
}

TEST(Metrics, OfAServerThatHasJustStartedAreWellFormed) {
  const auto families = families_of(metrics_text({}));
  EXPECT_EQ(families.size(), metric_rows().size());
}

TEST(Metrics, StayBoundedWhateverRecordsSay) {
  ServerFacts facts = some_facts();
  const auto hostile = [](std::size_t i) {
    return std::string(400, static_cast<char>('a' + i % 3)) + "\"\n\\\xff" + std::to_string(i);
  };
  for (std::size_t i = 0; i < 20'000; ++i) {
    facts.live.places[{std::to_string(i), hostile(i)}] = {.last_seen = facts.now, .newest_event = facts.now};
    facts.live.sources[hostile(i)].records = 1;
  }
  facts.last_seen.take(facts.live);
  const std::string text = metrics_text(facts);
  EXPECT_TRUE(engine::is_utf8(text));
  std::set<std::string> series;
  for (const std::string& line : tests::lines_of(text)) {
    if (line.starts_with('#')) continue;
    EXPECT_LE(line.size(), 1024u);
    EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << "twice: " << line;
  }
  for (const auto& [name, family] : families_of(text)) EXPECT_LE(family.series, MetricSamples::kMostSeries) << name;
  EXPECT_NE(text.find("tripline_metric_series_left_out{metric=\"tripline_account_lag_seconds\"} 15905\n"),
            std::string::npos);
}

TEST(Metrics, AreServedAsTextOfVersion004) {
  const Route route = metrics_route([] { return some_facts(); });
  const auto response = route.answer({}, {});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4");
  EXPECT_EQ(response.body, metrics_text(some_facts()));
  EXPECT_EQ(route.path, "/metrics");
}

}  // namespace
}  // namespace tripline::app
