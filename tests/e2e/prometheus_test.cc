// A real Prometheus and its promtool read what `tripline serve` tells of itself.

#include "tests/support/prometheus.h"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/http_client.h"
#include "tests/support/places.h"
#include "tests/support/program.h"
#include "tests/support/promql.h"
#include "tests/support/serving.h"

namespace tripline {
namespace {

using tests::Prometheus;

constexpr std::string_view kEvent =
    R"({"eventVersion":"1.08","eventTime":"2026-01-15T10:11:12Z","eventName":"DeleteDetector","eventID":"e1",)"
    R"("eventSource":"guardduty.amazonaws.com","awsRegion":"us-east-1","recipientAccountId":"111122223333",)"
    R"("userIdentity":{"type":"IAMUser","userName":"alice","accountId":"111122223333"}})";

TEST(Prometheus, ScrapesARunningServer) {
  if (!Prometheus::installed()) GTEST_SKIP() << "prometheus is missing";
  const tests::TemporaryFolder folder;
  const std::string config =
      folder.write("tripline.yml", "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: data}\n");
  tests::Serving server({"-c", config});
  tests::HttpClient client(server.port());
  ASSERT_EQ(client.ask(tests::post("/v1/events", kEvent))->status, 200) << server.said();
  const Prometheus prometheus(folder, server.port());
  const std::string up = prometheus.query("up==1");
  EXPECT_NE(up.find("\"1\""), std::string::npos) << up;
  const std::string events = prometheus.query("sum(tripline_events_total)");
  EXPECT_NE(events.find(",\"1\"]"), std::string::npos) << events;
  const std::string signals = prometheus.query("sum(tripline_rule_signals_total)");
  EXPECT_NE(signals.find(",\"1\"]"), std::string::npos) << signals;
}

/// Of a scrape: the families that it has, and the values of each one's labels.
struct Scrape {
  std::set<std::string> families;
  std::map<std::pair<std::string, std::string>, std::set<std::string>> values;  // by series' name and label
};
Scrape read_scrape(const std::string& text) {
  static const std::regex kLabel("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  Scrape scrape;
  for (const std::string& line : tests::lines_of(text)) {
    if (line.starts_with("# TYPE ")) scrape.families.insert(line.substr(7, line.find(' ', 7) - 7));
    if (line.starts_with('#')) continue;
    const std::string name = line.substr(0, line.find_first_of("{ "));
    for (std::sregex_iterator at(line.begin(), line.end(), kLabel), end; at != end; ++at) {
      scrape.values[{name, (*at)[1]}].insert((*at)[2]);
    }
  }
  return scrape;
}

TEST(Prometheus, AnswersEveryPanelOfTheDashboardAndEveryAlert) {
  if (!Prometheus::installed()) GTEST_SKIP() << "prometheus is missing";
  const tests::TemporaryFolder folder;
  const std::string config =
      folder.write("tripline.yml", "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: data}\n");
  tests::Serving server({"-c", config});
  tests::HttpClient client(server.port());
  ASSERT_EQ(client.ask(tests::post("/v1/events", kEvent))->status, 200) << server.said();
  const auto metrics = client.ask(tests::get("/metrics"));
  ASSERT_TRUE(metrics);
  const Scrape scrape = read_scrape(metrics->body);
  const Prometheus prometheus(folder, server.port());
  const std::string events = prometheus.query("sum(tripline_events_total)");
  ASSERT_NE(events.find(",\"1\"]"), std::string::npos) << events;

  const auto documented = tests::documented_metrics();
  const auto alerts = tests::alert_queries();
  auto queries = tests::dashboard_queries();
  queries.insert(queries.end(), alerts.begin(), alerts.end());
  std::size_t values = 0;
  for (const auto& [where, expression] : queries) {
    SCOPED_TRACE(where + ": " + expression);
    const std::string said = prometheus.answer(expression);
    EXPECT_TRUE(said.starts_with("{\"status\":\"success\"") && said.find("\"warnings\"") == std::string::npos) << said;
    const auto named = tests::named_in(expression, documented);
    for (const std::string& name : named.metrics) EXPECT_TRUE(scrape.families.contains(name)) << name;
    for (const auto& test : named.tests) {
      const auto known = scrape.values.find({test.metric, test.label});
      // Requests are shown by those outcomes that there were.
      if (known == scrape.values.end() || test.metric == "tripline_requests_total") continue;
      for (const std::string& value : test.values) {
        ++values;
        EXPECT_TRUE(known->second.contains(value)) << test.metric << " has no " << test.label << " " << value;
      }
    }
  }
  EXPECT_GT(values, 5U);

  const std::string rules = prometheus.rules();
  std::size_t healthy = 0;
  for (std::size_t at = rules.find("\"health\":\"ok\""); at != std::string::npos;
       at = rules.find("\"health\":\"ok\"", at + 1)) {
    ++healthy;
  }
  EXPECT_EQ(healthy, alerts.size()) << rules;
}

TEST(Prometheus, FindsNothingToMendInTheMetrics) {
  if (std::system("promtool --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "promtool (prometheus) is missing";
  const tests::TemporaryFolder folder;
  const std::string config =
      folder.write("tripline.yml", "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: data}\n");
  tests::Serving server({"-c", config});
  tests::HttpClient client(server.port());
  const auto metrics = client.ask(tests::get("/metrics"));
  ASSERT_TRUE(metrics);
  const std::string file = folder.write("metrics.txt", metrics->body);
  const std::string said = (folder.path() / "said.txt").string();
  EXPECT_EQ(std::system(("promtool check metrics < " + file + " > " + said + " 2>&1").c_str()), 0)
      << tests::read_file(said);
}

}  // namespace
}  // namespace tripline
