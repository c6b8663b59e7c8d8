// What `tripline serve` tells on its standard output: without sinks, and with a reader that has stopped.

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/http_client.h"
#include "tests/support/pipe.h"
#include "tests/support/places.h"
#include "tests/support/program.h"
#include "tests/support/serving.h"

namespace tripline {
namespace {

using tests::run_program;
using tests::Serving;

constexpr std::string_view kEvent =
    R"({"eventVersion":"1.08","eventTime":"2026-01-15T10:11:12Z","eventName":"DeleteDetector","eventID":"e1",)"
    R"("eventSource":"guardduty.amazonaws.com","awsRegion":"us-east-1","recipientAccountId":"111122223333",)"
    R"("userIdentity":{"type":"IAMUser","userName":"alice","accountId":"111122223333"}})";

class StandardOutput : public testing::Test {
 protected:
  static void send(const Serving& server) {
    tests::HttpClient client(server.port());
    ASSERT_EQ(client.ask(tests::post("/v1/events", std::string(kEvent)))->status, 200) << server.said();
  }
  static std::string outbox(const Serving& server) {
    return run_program({"outbox", "list", "--json", "--url", server.url()}).out;
  }
  /// The outbox says so, sooner or later; the test's time limit ends it otherwise.
  static void until(const Serving& server, const std::string& says) {
    while (outbox(server).find(says) == std::string::npos) {
    }
  }

  tests::TemporaryFolder folder_;
  std::string config_ = folder_.write("tripline.yml", "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: data}\n");
};

TEST_F(StandardOutput, HasEachChangeOfASignalOnceWithoutSinks) {
  {
    Serving server({"-c", config_});
    send(server);
    until(server, "\"delivered\":2");
    EXPECT_EQ(server.stop(), 0);
    const auto lines = tests::lines_of(server.out());
    ASSERT_EQ(lines.size(), 2u) << server.out();
    EXPECT_TRUE(lines[0].starts_with("{\"type\":\"signal.opened\"")) << lines[0];
    EXPECT_TRUE(lines[1].starts_with("{\"type\":\"signal.closed\"")) << "the event is long past";
  }
  Serving server({"-c", config_});
  EXPECT_EQ(server.stop(), 0);
  EXPECT_EQ(server.out(), "");
}

TEST_F(StandardOutput, HoldsUpNoStopAndLosesNothingWhereNobodyReadsIt) {
  const tests::Pipe pipe;
  pipe.fill();
  {
    Serving server({"-c", config_}, pipe.writer());
    send(server);
    until(server, "nobody has read it for 5000 ms");
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(server.stop(), 0) << server.said();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{20});
  }
  Serving server({"-c", config_});
  until(server, "\"delivered\":2");
  EXPECT_EQ(server.stop(), 0);
  EXPECT_TRUE(server.out().starts_with("{\"type\":\"signal.opened\"")) << server.out();
}

}  // namespace
}  // namespace tripline
