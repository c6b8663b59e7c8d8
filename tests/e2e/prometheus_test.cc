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
#include "tests/support/scripted_server.h"
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

/// A server with one sink that takes everything, one that refuses everything and one that nobody is behind, and all
/// that a dashboard shows of ways in: events that are seen, that cannot be read, the canary, a caller who goes away.
class WatchedServer {
 public:
  explicit WatchedServer(const tests::TemporaryFolder& folder)
      : server_({"-c",
                 folder.write(
                     "tripline.yml",
                     "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: data}\nsinks:\n"
                     "  - {name: well, webhook: {url: '" +
                         well_.url() + "', allow: 127.0.0.1}}\n  - {name: refuses, webhook: {url: '" + refuses_.url() +
                         "', allow: 127.0.0.1}}\n"
                         "  - {name: down, webhook: {url: 'http://127.0.0.1:9/token-0123', allow: 127.0.0.1}}\n"
                         "routes: [{sinks: [well, refuses, down], group_interval: 0s}]\n")}) {}

  std::uint16_t port() const { return server_.port(); }
  std::string said() const { return server_.said(); }

  /// Three signals, each of another user.
  void send_events() {
    for (int i = 0; i < 3; ++i) post(event(++events_));
    post(R"({"eventVersion":"1.11","eventTime":"2026-01-15T10:11:12Z","eventName":"GetCallerIdentity","eventID":"c)" +
         std::to_string(events_) +
         R"(","eventSource":"sts.amazonaws.com","awsRegion":"eu-west-1","recipientAccountId":"111122223333",)"
         R"("userAgent":"tripline-canary","userIdentity":{"type":"AssumedRole","accountId":"111122223333"}})");
    post("{\"eventVersion\": \n");
    tests::HttpClient gone(port());
    gone.send("POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{");
  }

 private:
  static std::string event(int number) {
    const std::string name = "user-" + std::to_string(number);
    return R"({"eventVersion":"1.08","eventTime":"2026-01-15T10:11:12Z","eventName":"DeleteDetector","eventID":"e)" +
           std::to_string(number) +
           R"(","eventSource":"guardduty.amazonaws.com","awsRegion":"us-east-1","recipientAccountId":"111122223333",)"
           R"("userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/)" +
           name + R"(","userName":")" + name + R"(","accountId":"111122223333"}})";
  }

  void post(const std::string& body) {
    tests::HttpClient client(port());
    const auto answer = client.ask(tests::post("/v1/events", body));
    ASSERT_TRUE(answer && answer->status == 200) << body << said();
  }

  tests::ScriptedServer well_{{{.status = 202}}};
  tests::ScriptedServer refuses_{{{.status = 400, .body = "no such field"}}};
  tests::Serving server_;
  int events_ = 0;
};

TEST(Prometheus, HasSomethingToShowForEveryPanelOfTheDashboardAndWorksOutEveryAlert) {
  if (!Prometheus::installed()) GTEST_SKIP() << "prometheus is missing";
  const tests::TemporaryFolder folder;
  WatchedServer server(folder);
  const Prometheus prometheus(folder, server.port());
  const auto until = [&](const std::string& query) {
    const std::string said = prometheus.query(query);
    ASSERT_NE(said.find("\"value\""), std::string::npos) << query << ": " << said << server.said();
  };
  // Twice, so that what is there only once something has happened rises between two scrapes.
  until("sum(tripline_sink_deliveries_total) == 0");
  server.send_events();
  until("sum(tripline_rule_signals_total) == 3");
  server.send_events();
  until("sum(tripline_rule_signals_total) == 6");
  until("tripline_sink_deliveries_total{sink=\"well\", outcome=\"delivered\"} == 6");
  until("tripline_sink_parked{sink=\"refuses\"} == 6");
  until("tripline_sink_failures{sink=\"down\"} > 0 and tripline_sink_waiting{sink=\"down\"} == 6");
  tests::HttpClient client(server.port());
  const auto metrics = client.ask(tests::get("/metrics"));
  ASSERT_TRUE(metrics);
  const Scrape scrape = read_scrape(metrics->body);

  const auto documented = tests::documented_metrics();
  const auto panels = tests::dashboard_queries();
  const auto alerts = tests::alert_queries();
  auto queries = panels;
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
  for (const auto& [where, expression] : panels) {
    EXPECT_NE(prometheus.query(expression).find("\"value\""), std::string::npos)
        << "nothing to show in " << where << ": " << expression;
  }

  const std::string rules = prometheus.rules();
  std::size_t healthy = 0;
  for (std::size_t at = rules.find("\"health\":\"ok\""); at != std::string::npos;
       at = rules.find("\"health\":\"ok\"", at + 1)) {
    ++healthy;
  }
  EXPECT_EQ(healthy, alerts.size()) << rules;
  EXPECT_NE(server.said().find("warning a sink fails sink=down why=\"127.0.0.1: nobody takes the connection\""),
            std::string::npos)
      << server.said();
  EXPECT_EQ(server.said().find("token-0123"), std::string::npos) << "secrets are never shown";
  until("ALERTS{alertname=\"TriplineDeliveriesParked\", sink=\"refuses\", outcome=\"refused\"}");
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
