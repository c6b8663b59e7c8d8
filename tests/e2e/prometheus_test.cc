// A real Prometheus and its promtool read what `tripline serve` tells of itself.

#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <netinet/in.h>
#include <regex>
#include <set>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/http_client.h"
#include "tests/support/places.h"
#include "tests/support/program.h"
#include "tests/support/promql.h"
#include "tests/support/serving.h"

namespace tripline {
namespace {

std::uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address);
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(descriptor);
  return ntohs(address.sin_port);
}

class Prometheus {
 public:
  Prometheus(const tests::TemporaryFolder& folder, std::uint16_t target) {
    const std::string config = folder.write(
        "prometheus.yml", "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [\"" +
                              (tests::repository() / "deploy/prometheus/tripline.rules.yml").string() +
                              "\"]\nscrape_configs: [{job_name: tripline, static_configs: [{targets: [\"127.0.0.1:" +
                              std::to_string(target) + "\"]}]}]\n");
    const std::string data = "--storage.tsdb.path=" + (folder.path() / "tsdb").string();
    const std::string file = "--config.file=" + config;
    const std::string listen = "--web.listen-address=127.0.0.1:" + std::to_string(port_);
    child_ = ::fork();
    if (child_ == 0) {
      std::freopen("/dev/null", "w", stdout);
      std::freopen("/dev/null", "w", stderr);
      ::execlp("prometheus", "prometheus", file.c_str(), data.c_str(), listen.c_str(), nullptr);
      ::_exit(127);
    }
  }
  ~Prometheus() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  Prometheus(const Prometheus&) = delete;
  Prometheus& operator=(const Prometheus&) = delete;

  /// The answer to a query, once it has a result; what it last said after a minute.
  std::string query(const std::string& promql) const {
    return ask_until(query_of(promql), [](const std::string& said) { return said.find("\"value\"") != said.npos; });
  }

  /// The answer to a query, whatever it is.
  std::string answer(const std::string& promql) const {
    return ask_until(query_of(promql), [](const std::string&) { return true; });
  }

  /// What it tells of its alert rules, once it has evaluated each.
  std::string rules() const {
    return ask_until("GET /api/v1/rules HTTP/1.0\r\n\r\n", [](const std::string& said) {
      return said.find("\"health\":") != said.npos && said.find("\"health\":\"unknown\"") == said.npos;
    });
  }

 private:
  static std::string query_of(const std::string& promql) {
    std::string encoded = "query=";
    for (const char c : promql) {
      char text[4];
      std::snprintf(text, sizeof text, "%%%02X", static_cast<unsigned char>(c));
      encoded += text;
    }
    return "POST /api/v1/query HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
           std::to_string(encoded.size()) + "\r\n\r\n" + encoded;
  }

  /// Requests of HTTP/1.0, whose answers end with the connection and are in one piece.
  template <class Enough>
  std::string ask_until(const std::string& request, const Enough& enough) const {
    std::string said;
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (std::chrono::steady_clock::now() < end) {
      try {
        tests::HttpClient client(port_);
        client.send(request);
        const std::string answer = client.rest();
        const std::size_t head = answer.find("\r\n\r\n");
        said = head == answer.npos ? "" : answer.substr(head + 4);
        if (enough(said)) return said;
      } catch (const std::exception&) {  // it does not listen yet
      }
      std::this_thread::yield();
    }
    return said;
  }

  std::uint16_t port_ = free_port();
  pid_t child_ = -1;
};

constexpr std::string_view kEvent =
    R"({"eventVersion":"1.08","eventTime":"2026-01-15T10:11:12Z","eventName":"DeleteDetector","eventID":"e1",)"
    R"("eventSource":"guardduty.amazonaws.com","awsRegion":"us-east-1","recipientAccountId":"111122223333",)"
    R"("userIdentity":{"type":"IAMUser","userName":"alice","accountId":"111122223333"}})";

TEST(Prometheus, ScrapesARunningServer) {
  if (std::system("prometheus --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "prometheus is missing";
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
  if (std::system("prometheus --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "prometheus is missing";
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
