// `tripline silence` against a running server.

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/http_client.h"
#include "tests/support/message_receiver.h"
#include "tests/support/places.h"
#include "tests/support/program.h"
#include "tests/support/serving.h"

namespace tripline {
namespace {

using tests::run_program;
using tests::Serving;

class SilenceCommand : public ::testing::Test {
 protected:
  SilenceCommand() {
    folder_.write("rules/user_created.yml",
                  "title: User Created\nid: user-created\nlevel: high\n"
                  "logsource: {product: aws, service: cloudtrail}\n"
                  "detection: {s: {eventName: CreateUser}, condition: s}\n");
    config_ = folder_.write("tripline.yml",
                            "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: data}\nrules: {paths: rules}\n"
                            "sinks:\n  - {name: soc, webhook: {url: '" +
                                receiver_.url() +
                                "/hook', allow: 127.0.0.1}}\n"
                                "routes:\n  - {sinks: [soc], changes: [opened, widened, updated], group_interval: 0s, "
                                "repeat_interval: 0s}\n");
  }

  void send(const Serving& server, const std::string& user, int id) {
    tests::HttpClient client(server.port());
    const auto answer = client.ask(tests::post(
        "/v1/events", R"({"eventVersion":"1.08","eventTime":"2026-01-15T10:11:12Z","eventName":"CreateUser",)"
                      R"("eventSource":"iam.amazonaws.com","awsRegion":"us-east-1","eventID":"e)" +
                          std::to_string(id) + R"(","sourceIPAddress":"192.0.2.)" + std::to_string(id) +
                          R"(","recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","userName":")" +
                          user + R"(","arn":"arn:aws:iam::111122223333:user/)" + user +
                          R"(","accountId":"111122223333"}})"));
    ASSERT_TRUE(answer && answer->status == 200) << server.said();
  }

  tests::Run silence(const Serving& server, std::vector<std::string> words) {
    words.insert(words.begin(), "silence");
    words.insert(words.end(), {"--url", server.url()});
    return run_program(words);
  }

  tests::TemporaryFolder folder_{tests::memory_folder()};
  tests::MessageReceiver receiver_{tests::MessageReceiver::Kind::kWebhook};
  std::string config_;
};

TEST_F(SilenceCommand, KeepsSignalsFromSinksUntilItEndsAlsoAcrossAStart) {
  std::string id;
  {
    Serving server({"-c", config_});
    const auto made = silence(server, {"--rule", "user-*", "--actor", "alice", "--for", "1h", "--comment", "game day"});
    ASSERT_EQ(made.code, 0) << made.err;
    ASSERT_TRUE(made.out.starts_with("silence ")) << made.out;
    EXPECT_NE(made.out.find(": rule is user-*, actor.name is alice\n"), std::string::npos) << made.out;
    id = made.out.substr(8, 16);
    send(server, "alice", 1);
    send(server, "bob", 2);
    ASSERT_TRUE(receiver_.wait_for(1));
    tests::HttpClient client(server.port());
    const auto kept = client.ask(tests::get("/api/v1/signals?actor=alice"));
    ASSERT_TRUE(kept);
    EXPECT_NE(kept->body.find("user/alice"), std::string::npos) << "it is kept: " << kept->body;
    EXPECT_EQ(server.stop(), 0) << server.said();
  }
  Serving server({"-c", config_});
  const auto listed = silence(server, {});
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_NE(listed.out.find(id), std::string::npos) << listed.out;
  EXPECT_NE(listed.out.find("active"), std::string::npos) << listed.out;
  EXPECT_NE(listed.out.find("game day"), std::string::npos) << listed.out;
  send(server, "alice", 3);
  send(server, "bob", 4);
  ASSERT_TRUE(receiver_.wait_for(2));
  const auto ended = silence(server, {"--end", id});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(silence(server, {"--end", id}).code, 3) << "it has ended";
  send(server, "alice", 5);
  ASSERT_TRUE(receiver_.wait_for(3));
  std::set<std::string> signals;
  for (const auto& taken : receiver_.taken()) signals.insert(taken.signal);
  EXPECT_EQ(receiver_.taken().size(), 3u) << "bob twice, and alice once";
  EXPECT_EQ(signals.size(), 2u);
  EXPECT_EQ(server.stop(), 0) << server.said();
}

TEST_F(SilenceCommand, SaysWhatIsMissing) {
  Serving server({"-c", config_});
  const struct {
    std::vector<std::string> words;
    std::string_view says;
  } cases[] = {
      {{"--rule", "a", "--comment", "why"}, "every silence ends: say `--for 2h`"},
      {{"--rule", "a", "--for", "2h"}, "has a comment"},
      {{"--for", "2h", "--comment", "why"}, "is for something"},
      {{"--rule", "a", "--for", "91d", "--comment", "why"}, "lasts 90d at most"},
      {{"--rule", "a", "--for", "soon", "--comment", "why"}, "`for`"},
      {{"--end", "x"}, "x is no silence's id"},
      {{"--end", "0123456789abcdef"}, "there is no silence of this id"},
      {{"--end", "0123456789abcdef", "--rule", "a"}, "--end goes with no other"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.words.back());
    const auto run = silence(server, c.words);
    EXPECT_EQ(run.code, 3);
    EXPECT_NE(run.err.find(c.says), std::string::npos) << run.err;
  }
  EXPECT_EQ(server.stop(), 0) << server.said();
}

}  // namespace
}  // namespace tripline
