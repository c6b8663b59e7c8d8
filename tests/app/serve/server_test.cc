#include "app/serve/server.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "app/config/variables.h"
#include "engine/event_time.h"
#include "tests/support/http_client.h"
#include "tests/support/places.h"

namespace tripline::app {
namespace {

using namespace std::chrono_literals;
using tests::HttpClient;

/// A whole server in this process, with a clock that stands until it is moved.
class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    folder_.write("rules/user_created.yml",
                  "title: User Created\nid: 3c4c1c5e-52f7-44b1-a1c1-0c8f0a0f4a01\nlevel: high\n"
                  "logsource: {product: aws, service: cloudtrail}\n"
                  "detection: {s: {eventName: CreateUser}, condition: s}\n");
    configure("");
  }

  void configure(const std::string& more) {
    config_ = folder_.write(
        "tripline.yml", "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: " + (folder_.path() / "data").string() +
                            "}\nrules: {paths: rules}\n" + more);
  }

  void start() {
    auto loaded = load_config(config_, environment_of_process());
    if (!loaded) throw std::runtime_error(loaded.error().message);
    EXPECT_EQ(loaded->diagnostics.first_error(), "");
    auto server = Server::start(std::move(loaded->config), Clock([this] { return engine::EventTime{now_.load()}; }));
    if (!server) throw std::runtime_error(server.error().message);
    server_ = std::move(*server);
  }

  std::string get(const std::string& path) {
    const std::string address = server_->addresses().front();
    HttpClient client(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    const auto answer = client.ask(tests::get(path));
    return answer && answer->status == 200 ? answer->body : "";
  }

  std::size_t filters() const { return server_->loaded()->filters.size(); }

  /// 2026-12-01T23:59:00Z.
  std::atomic<std::chrono::milliseconds> now_{1796169540000ms};
  tests::TemporaryFolder folder_{tests::memory_folder()};
  std::string config_;
  std::unique_ptr<Server> server_;
};

std::string filter(const std::string& title, const std::string& expires) {
  return "title: " + title +
         "\nlogsource: {product: aws, service: cloudtrail}\n"
         "filter: {rules: [3c4c1c5e-52f7-44b1-a1c1-0c8f0a0f4a01], s: {userIdentity.userName: ana}, condition: not s}\n"
         "tripline: {reason: tested, expires: " +
         expires + "}\n";
}

TEST_F(ServerTest, EndsAFilterWithItsLastDayThoughNothingChanges) {
  folder_.write("rules/known_users.yml", filter("Known Users", "2026-12-02"));
  folder_.write("rules/others.yml", filter("Others", "2027-01-01"));
  configure("reload: {watch: false}\n");
  start();
  const auto before = server_->loaded();
  EXPECT_EQ(filters(), 2u);
  EXPECT_TRUE(server_->tick());
  EXPECT_EQ(server_->loaded(), before);
  now_ = now_.load() + 61s;
  EXPECT_TRUE(server_->tick());
  EXPECT_EQ(filters(), 1u);
  const auto after = server_->loaded();
  now_ = now_.load() + 24h;
  EXPECT_TRUE(server_->tick());
  EXPECT_EQ(server_->loaded(), after) << "a day on which none ends compiles nothing";
}

TEST_F(ServerTest, KeepsTheFilterWhileTheRulesCannotBeCompiledAndTriesAgain) {
  folder_.write("rules/known_users.yml", filter("Known Users", "2026-12-02"));
  start();
  const std::string broken = folder_.write("rules/broken.yml", "title: [\n");
  now_ = now_.load() + 61s;
  EXPECT_FALSE(server_->tick());
  EXPECT_EQ(filters(), 1u);
  std::filesystem::remove(broken);
  now_ = now_.load() + 30s;
  EXPECT_TRUE(server_->tick());
  EXPECT_EQ(filters(), 1u) << "not before a minute is over";
  now_ = now_.load() + 31s;
  EXPECT_TRUE(server_->tick());
  EXPECT_EQ(filters(), 0u);
}

TEST_F(ServerTest, ExpectsWhomAReloadSays) {
  start();
  now_ = now_.load() + 10min;
  EXPECT_EQ(get("/metrics").find("name=\"prod\""), std::string::npos);
  configure("silence: {expect: [{source: prod, after: 5m}]}\n");
  EXPECT_TRUE(server_->reload());
  const std::string metrics = get("/metrics");
  EXPECT_NE(metrics.find("tripline_silence_seconds{kind=\"source\",name=\"prod\"} 300"), std::string::npos) << metrics;
}

TEST_F(ServerTest, ReadsOnlyTheRuleFilesThatHaveChanged) {
  start();
  EXPECT_EQ(server_->rule_files_read(), 1u);
  folder_.write("rules/other.yml",
                "title: Other\nlogsource: {product: aws, service: cloudtrail}\n"
                "detection: {s: {eventName: A}, condition: s}\n");
  const auto changed = server_->reload_if_changed();
  EXPECT_TRUE(changed && *changed);
  EXPECT_EQ(server_->rule_files_read(), 2u);
  EXPECT_EQ(server_->loaded()->rules->detections.size(), 2u);
}

}  // namespace
}  // namespace tripline::app
