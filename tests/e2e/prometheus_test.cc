// A real Prometheus and its promtool read what `tripline serve` tells of itself.

#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/http_client.h"
#include "tests/support/places.h"
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
    const std::string config =
        folder.write("prometheus.yml",
                     "global: {scrape_interval: 1s}\nscrape_configs: [{job_name: tripline, static_configs: "
                     "[{targets: [\"127.0.0.1:" +
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
    std::string said;
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (std::chrono::steady_clock::now() < end) {
      try {
        tests::HttpClient client(port_);
        const auto answer = client.ask(tests::get("/api/v1/query?query=" + promql));
        if (answer) said = answer->body;
        if (said.find("\"value\"") != std::string::npos) return said;
      } catch (const std::exception&) {  // it does not listen yet
      }
      std::this_thread::yield();
    }
    return said;
  }

 private:
  std::uint16_t port_ = free_port();
  pid_t child_ = -1;
};

TEST(Prometheus, ScrapesARunningServer) {
  if (std::system("prometheus --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "prometheus is missing";
  const tests::TemporaryFolder folder;
  const std::string config =
      folder.write("tripline.yml", "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: data}\n");
  tests::Serving server({"-c", config});
  tests::HttpClient client(server.port());
  const std::string event =
      R"({"eventVersion":"1.08","eventTime":"2026-01-15T10:11:12Z","eventName":"DeleteDetector","eventID":"e1",)"
      R"("eventSource":"guardduty.amazonaws.com","awsRegion":"us-east-1","recipientAccountId":"111122223333",)"
      R"("userIdentity":{"type":"IAMUser","userName":"alice","accountId":"111122223333"}})";
  ASSERT_EQ(client.ask(tests::post("/v1/events", event))->status, 200) << server.said();
  const Prometheus prometheus(folder, server.port());
  const std::string up = prometheus.query("up==1");
  EXPECT_NE(up.find("\"1\""), std::string::npos) << up;
  const std::string events = prometheus.query("sum(tripline_events_total)");
  EXPECT_NE(events.find(",\"1\"]"), std::string::npos) << events;
  const std::string signals = prometheus.query("sum(tripline_rule_signals_total)");
  EXPECT_NE(signals.find(",\"1\"]"), std::string::npos) << signals;
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
