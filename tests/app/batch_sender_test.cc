#include "app/batch_sender.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

using Answer = FirehoseClient::Answer;
using Outcome = FirehoseClient::Outcome;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Answer kAccepted{Outcome::kAccepted, ""};
const Answer kFull{Outcome::kRetry, "the server says 503"};

/// A world in which waiting takes no time.
struct FakeWorld {
  std::vector<Answer> answers;  // to the first requests; all further ones are accepted
  std::vector<std::string> ids;
  std::vector<std::string> bodies;
  std::vector<milliseconds> waits;
  Pace::Clock::time_point now{seconds{1000}};

  BatchSender::World world() {
    return {.post =
                [this](const std::string& id, std::string_view body) {
                  ids.push_back(id);
                  bodies.emplace_back(body);
                  return ids.size() <= answers.size() ? answers[ids.size() - 1] : kAccepted;
                },
            .now = [this] { return now; },
            .wall_clock = [] { return std::int64_t{1768471872345}; },
            .wait =
                [this](Pace::Clock::duration wait) {
                  waits.push_back(std::chrono::duration_cast<milliseconds>(wait));
                  now += wait;
                },
            .retrying = [](const std::string&, milliseconds) {}};
  }
};

TEST(BatchSender, SendsFullBatchesAndTheRest) {
  FakeWorld world;
  BatchSender sender({.batch = 2}, world.world(), "run");
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(sender.add("{}"));
  EXPECT_FALSE(sender.finish());
  EXPECT_FALSE(sender.finish());
  EXPECT_EQ(sender.events(), 5u);
  EXPECT_EQ(sender.requests(), 3u);
  EXPECT_EQ(world.ids.size(), 3u);
  EXPECT_NE(world.ids[0], world.ids[1]);
  EXPECT_TRUE(world.waits.empty());
}

TEST(BatchSender, TriesABatchAgainUnderItsIdUntilItIsAccepted) {
  FakeWorld world{.answers = {kFull, kFull, kFull}, .ids = {}, .bodies = {}, .waits = {}};
  BatchSender sender({}, world.world(), "run");
  sender.add("{}");
  EXPECT_FALSE(sender.finish());
  EXPECT_EQ(world.waits, (std::vector<milliseconds>{seconds{1}, seconds{2}, seconds{4}}));
  EXPECT_EQ(world.ids, std::vector<std::string>(4, world.ids[0]));
  EXPECT_EQ(world.bodies, std::vector<std::string>(4, world.bodies[0]));
  EXPECT_EQ(sender.retries(), 3u);
  EXPECT_EQ(sender.events(), 1u);
}

TEST(BatchSender, GivesUpAfterItsTimeAndAtOnceWhenRefused) {
  FakeWorld full{.answers = std::vector<Answer>(100, kFull), .ids = {}, .bodies = {}, .waits = {}};
  BatchSender patient({.retry_for = seconds{10}}, full.world(), "run");
  patient.add("{}");
  EXPECT_EQ(patient.finish(), "the server says 503; given up after --retry-for");
  EXPECT_EQ(full.waits, (std::vector<milliseconds>{seconds{1}, seconds{2}, seconds{4}}));
  FakeWorld closed{.answers = {{Outcome::kRefused, "the server says 401"}}, .ids = {}, .bodies = {}, .waits = {}};
  BatchSender refused({}, closed.world(), "run");
  refused.add("{}");
  EXPECT_EQ(refused.finish(), "the server says 401");
  EXPECT_TRUE(closed.waits.empty());
  EXPECT_EQ(refused.events(), 0u);
}

TEST(BatchSender, KeepsToItsRate) {
  FakeWorld world;
  BatchSender sender({.events_per_second = 10, .batch = 500}, world.world(), "run");
  for (int i = 0; i < 35; ++i) sender.add("{}");
  sender.finish();
  EXPECT_EQ(world.waits, std::vector<milliseconds>(3, seconds{1}));
  FakeWorld other;
  BatchSender by_bytes({.bytes_per_second = 20, .batch = 10}, other.world(), "run");
  for (int i = 0; i < 30; ++i) by_bytes.add("{}");
  by_bytes.finish();
  EXPECT_EQ(other.waits, std::vector<milliseconds>(2, seconds{1}));
}

TEST(FirehoseClient, TakesA200OnlyInFirehosesForm) {
  const std::string good = R"({"requestId":"id","timestamp":1})";
  const struct {
    long status;
    std::string body;
    Outcome outcome;
    std::string why;
  } cases[] = {
      {200, good, Outcome::kAccepted, ""},
      {200, R"({"requestId":"other","timestamp":1})", Outcome::kRefused,
       "the server says 200, but not as Firehose wants it; is this its URL for deliveries?"},
      {200, "<html>", Outcome::kRefused,
       "the server says 200, but not as Firehose wants it; is this its URL for deliveries?"},
      {202, good, Outcome::kRefused, "the server says 202"},
      {401, R"({"requestId":"id","timestamp":1,"errorMessage":"no \"key\"\u001b"})", Outcome::kRefused,
       "the server says 401: no \"key\"\\x1b"},
      {404, "", Outcome::kRefused, "the server says 404"},
      {408, "", Outcome::kRetry, "the server says 408"},
      {429, "", Outcome::kRetry, "the server says 429"},
      {500, "", Outcome::kRetry, "the server says 500"},
      {503, R"({"errorMessage":"full"})", Outcome::kRetry, "the server says 503: full"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.status);
    const Answer answer = judge(c.status, c.body, "id");
    EXPECT_EQ(answer.outcome, c.outcome);
    EXPECT_EQ(answer.why, c.why);
  }
}

TEST(FirehoseClient, FindsTheWayInOfAServer) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"http://127.0.0.1:8480", "http://127.0.0.1:8480/firehose"},
      {"http://127.0.0.1:8480/", "http://127.0.0.1:8480/firehose"},
      {"https://detect.example.net/other/path?a=b", "https://detect.example.net/other/path?a=b"},
      {"detect.example.net", ""},
      {"ftp://detect.example.net", ""},
      {"http://", ""},
      {"http:///x", ""},
      {"", ""},
  };
  for (const auto& [given, url] : cases) EXPECT_EQ(firehose_url(given), url) << given;
}

TEST(BackOff, DoublesUpToTwoMinutes) {
  EXPECT_EQ(back_off(0), seconds{1});
  EXPECT_EQ(back_off(3), seconds{8});
  EXPECT_EQ(back_off(7), seconds{120});
  EXPECT_EQ(back_off(1000), seconds{120});
}

}  // namespace
}  // namespace tripline::app
