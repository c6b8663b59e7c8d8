// `tripline send` against the real server, over a socket.

#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/commands.h"
#include "connectors/net/http_server.h"
#include "connectors/net/ways_in.h"
#include "engine/event_time.h"
#include "tests/app/captured_console.h"
#include "tests/support/deliveries.h"

namespace tripline::app {
namespace {

using connectors::Intake;
using connectors::net::HttpServer;
using connectors::net::WaysIn;

/// Takes deliveries and makes them durable at once.
class Server {
 public:
  explicit Server(const WaysIn::Options& options)
      : ways_(options, intake_, [] { return engine::EventTime(std::chrono::milliseconds{1768471872391}); }),
        server_({.listeners = {{}}}, ways_.service()) {
    if (const auto started = server_.start(); !started) throw std::runtime_error(started.error().message);
    worker_ = std::jthread([this] {
      while (const auto envelope = intake_.take()) {
        const auto read = tests::read_body(*envelope->body);
        {
          const std::lock_guard lock(mutex_);
          events_.insert(events_.end(), read.records.begin(), read.records.end());
          ++deliveries_;
        }
        intake_.settle(envelope->sequence, {});
      }
    });
  }
  ~Server() {
    server_.stop(std::chrono::seconds{5});
    intake_.close();
    worker_.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  std::vector<std::string> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  int deliveries() const {
    const std::lock_guard lock(mutex_);
    return deliveries_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> events_;
  int deliveries_ = 0;
  Intake intake_{Intake::Options{}};
  WaysIn ways_;
  HttpServer server_;
  std::jthread worker_;
};

WaysIn::Options keyed() {
  WaysIn::Options options;
  options.access.firehose_keys = {{"key-for-tests-0001", "replay"}};
  return options;
}

class Send : public ::testing::Test {
 protected:
  Send() : file_(std::filesystem::temp_directory_path() / ("tripline_send_" + std::to_string(::getpid()) + ".ndjson")) {
    std::ofstream out(file_);
    for (int i = 0; i < 1203; ++i) {
      events_.push_back(tests::record("Event" + std::to_string(i)));
      out << events_.back() << "\n";
    }
    out << "no event\n";
  }
  ~Send() override { std::filesystem::remove(file_); }

  std::filesystem::path file_;
  std::vector<std::string> events_;
};

TEST_F(Send, BringsEveryEventOfItsFilesOnce) {
  for (const bool plain : {false, true}) {
    SCOPED_TRACE(plain);
    Server server(keyed());
    CapturedConsole captured;
    std::vector<std::string> words{"--to", server.url(), "--key", "key-for-tests-0001", file_};
    if (plain) words.push_back("--plain");
    EXPECT_EQ(run_send(words, captured.console()), 0) << captured.err();
    EXPECT_EQ(server.events(), events_);
    EXPECT_EQ(server.deliveries(), 3);
    EXPECT_NE(captured.err().find("1,203 events accepted by " + server.url() + "/firehose in 3 requests"),
              std::string::npos)
        << captured.err();
    EXPECT_EQ(captured.out(), "");
  }
}

TEST_F(Send, SaysThatOldEventsAreLateForCorrelations) {
  constexpr std::string_view kLate = "late for correlations";
  Server server(keyed());
  const auto said_of = [&] {
    CapturedConsole captured;
    EXPECT_EQ(run_send({"--to", server.url(), "--key", "key-for-tests-0001", file_}, captured.console()), 0);
    return captured.err();
  };
  EXPECT_NE(said_of().find("1,203 events of more than 30 min ago: " + std::string(kLate)), std::string::npos);
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  std::ofstream(file_) << R"({"eventVersion":"1.08","eventName":"A","eventTime":")" << engine::format_time(now)
                       << "\"}\n";
  EXPECT_EQ(said_of().find(kLate), std::string::npos);
}

TEST_F(Send, TakesItsKeyFromAFileAndSaysNothingWhenToldSo) {
  const std::string key_file = file_.string() + ".key";
  std::ofstream(key_file) << "key-for-tests-0001\n";
  Server server(keyed());
  CapturedConsole captured;
  EXPECT_EQ(run_send({"--to", server.url(), "--key", "file:" + key_file, "-q", "--batch", "10000", file_},
                     captured.console()),
            0);
  EXPECT_EQ(server.events().size(), events_.size());
  EXPECT_EQ(server.deliveries(), 1);
  std::filesystem::remove(key_file);
}

TEST_F(Send, EndsWithTheServersReasonWhenItIsRefused) {
  Server server(keyed());
  CapturedConsole captured;
  EXPECT_EQ(run_send({"--to", server.url(), "--key", "key-for-tests-0002", file_}, captured.console()), 3);
  EXPECT_NE(captured.err().find("the server says 401: the access key"), std::string::npos) << captured.err();
  EXPECT_TRUE(server.events().empty());
}

TEST_F(Send, RefusesWhatItCannotUse) {
  const std::vector<std::vector<std::string>> cases = {
      {"--to", "127.0.0.1:8480", file_},
      {"--to", "http://127.0.0.1:8480"},
      {"--to", "http://127.0.0.1:8480", "--batch", "0", file_},
      {"--to", "http://127.0.0.1:8480", "--key", "file:/nowhere/at/all", file_},
      {"--to", "http://127.0.0.1:8480", "/nowhere/at/all"},
  };
  for (const auto& words : cases) {
    CapturedConsole captured;
    EXPECT_EQ(run_send(words, captured.console()), 3) << captured.err();
    EXPECT_NE(captured.err(), "");
  }
}

TEST_F(Send, SaysWhatWasSetAsideAndMindsItWhenStrict) {
  Server server(keyed());
  CapturedConsole captured;
  EXPECT_EQ(run_send({"--to", server.url(), "--key", "key-for-tests-0001", "--strict", file_}, captured.console()), 3);
  EXPECT_EQ(server.events().size(), events_.size());
}

}  // namespace
}  // namespace tripline::app
