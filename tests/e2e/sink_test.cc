// `tripline sink test` and `tripline route test`.

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/places.h"
#include "tests/support/program.h"
#include "tests/support/scripted_server.h"

namespace tripline {
namespace {

using tests::ScriptedAnswer;
using tests::ScriptedServer;

constexpr std::string_view kSecret = "do-not-show-me-0123";

class SinkTest : public ::testing::Test {
 protected:
  std::string config(const std::string& text) const { return folder_.write("tripline.yml", text); }
  tests::Run test_hook(const ScriptedServer& server) {
    return tests::run_program(
        {"sink", "test", "-c",
         config("sinks:\n  - name: hook\n    webhook:\n      url: " + server.url() +
                "/\n      allow: 127.0.0.1\n      timeout: 5s\n      headers: {X-Key: " + std::string(kSecret) + "}\n"),
         "hook"});
  }
  tests::TemporaryFolder folder_;
};

TEST_F(SinkTest, SendsOneMarkedSignalAndShowsWhatCameBack) {
  const ScriptedServer server({{.status = 202, .body = "thanks"}});
  const tests::Run run = test_hook(server);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(run.out.starts_with("hook (webhook): delivered in ")) << run.out;
  EXPECT_NE(run.out.find("\n  the receiver answers 202: thanks\n"), std::string::npos) << run.out;
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_NE(requests[0].body.find(R"("test":true)"), std::string::npos);
  EXPECT_NE(requests[0].body.find("tripline-sink-test"), std::string::npos);
}

TEST_F(SinkTest, SaysWhatToDoWhenTheReceiverRefuses) {
  const struct {
    ScriptedAnswer answer;
    std::string_view says;
  } cases[] = {
      {{.status = 401, .body = "who are you?"}, "look at the sink's settings"},
      {{.status = 400, .body = "what is that?"}, "a server would park it"},
      {{.status = 503, .body = "later"}, "a server would try it again"},
      {{.status = 403, .body = "not with " + std::string(kSecret)}, "look at the sink's settings"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.answer.status);
    const ScriptedServer server({c.answer});
    const tests::Run run = test_hook(server);
    EXPECT_EQ(run.code, 1);
    EXPECT_TRUE(run.out.starts_with("hook (webhook): not delivered, after ")) << run.out;
    EXPECT_NE(run.err.find(c.says), std::string::npos) << run.err;
    EXPECT_EQ((run.out + run.err).find(kSecret), std::string::npos) << "secrets are never shown";
    EXPECT_EQ(server.requests().size(), 1u) << "it is tried once";
  }
}

TEST_F(SinkTest, SaysHowToReachAnAddressThatRequestsAreKeptFrom) {
  const ScriptedServer server({{.status = 202, .body = "thanks"}});
  const tests::Run run = tests::run_program(
      {"sink", "test", "-c", config("sinks:\n  - {name: hook, webhook: {url: '" + server.url() + "'}}\n"), "hook"});
  EXPECT_EQ(run.code, 1);
  EXPECT_NE(run.out.find("(loopback); the sink's `allow` would let them"), std::string::npos) << run.out;
  EXPECT_NE(run.err.find("where requests may not go"), std::string::npos) << run.err;
  EXPECT_EQ(server.requests().size(), 0u);
}

TEST_F(SinkTest, KnowsTheSinksOfTheConfiguration) {
  const std::string path = config("sinks: [{name: out, stdout: {}}, {name: lines, file: {path: a.ndjson}}]\n");
  const tests::Run other = tests::run_program({"sink", "test", "-c", path, "outt"});
  EXPECT_EQ(other.code, 3);
  EXPECT_NE(other.err.find("there is no sink outt; there are out, lines"), std::string::npos) << other.err;
  const tests::Run out = tests::run_program({"sink", "test", "-c", path, "out"});
  EXPECT_EQ(out.code, 0) << out.err;
  EXPECT_TRUE(out.out.starts_with("{\"type\":\"signal.opened\"")) << out.out;
  EXPECT_EQ(tests::run_program({"sink", "test", "-c", path, "lines"}).code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "a.ndjson"));
  EXPECT_EQ(tests::run_program({"sink", "try", "-c", path, "out"}).code, 3);
}

TEST_F(SinkTest, RoutesToStandardOutputWhereThereAreNoSinks) {
  const std::string signal = folder_.write(
      "signal.json", R"({"rule":{"id":"a","title":"A","level":"low"},"actions":[],"accounts":[],"actors":[]})");
  const tests::Run run = tests::run_program({"route", "test", "--change", "closed", signal});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.out, "closed, low: A (a)\n  `default` takes it\n    stdout (stdout) told at once\n");
}

TEST_F(SinkTest, RoutesNothingThatIsNoSignal) {
  const std::string path = config("sinks: [{name: out, stdout: {}}]\n");
  const std::string signals = folder_.write("signals.json", "{\"a\": 1}\n");
  const tests::Run run = tests::run_program({"route", "test", "-c", path, signals});
  EXPECT_EQ(run.code, 3);
  EXPECT_NE(run.err.find("it is no signal"), std::string::npos) << run.err;
  EXPECT_EQ(tests::run_program({"route", "test", "-c", path, "/nonexistent"}).code, 3);
}

}  // namespace
}  // namespace tripline
