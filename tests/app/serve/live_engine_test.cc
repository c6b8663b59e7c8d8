#include "app/serve/live_engine.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory_store.h"
#include "engine/store/sqlite_store.h"
#include "tests/support/identities.h"
#include "tests/support/load_rules.h"

namespace tripline::app {
namespace {

using connectors::Intake;
using engine::EventTime;
using engine::Result;
using engine::RuleCounts;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr EventTime kNow{std::chrono::hours{500'000}};

std::string record(int id, const std::string& name, EventTime time = kNow) {
  return "{\"eventVersion\":\"1.08\",\"eventTime\":\"" + engine::format_time(time) + "\",\"eventName\":\"" + name +
         "\",\"eventSource\":\"iam.amazonaws.com\",\"awsRegion\":\"eu-west-1\",\"eventID\":\"" + std::to_string(id) +
         "\",\"recipientAccountId\":\"111122223333\",\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"alice\","
         "\"arn\":\"arn:aws:iam::111122223333:user/alice\",\"accountId\":\"111122223333\"}}\n";
}

engine::Envelope delivery(std::string body) {
  engine::Envelope envelope;
  envelope.path = "request";
  envelope.source = "org";
  envelope.body = std::move(body);
  return envelope;
}

/// Fails the first commits that hold events.
class FailingStore : public engine::MemoryStore {
 public:
  explicit FailingStore(int failures) : failures_(failures) {}
  Result<void> commit(engine::Commit commit) override {
    if (!commit.keys.empty() && failures_-- > 0) return engine::fail(engine::ErrorCode::kStore, "the disk is full");
    return MemoryStore::commit(std::move(commit));
  }

 private:
  int failures_;
};

class LiveEngineTest : public tests::LoadRules {
 protected:
  LiveEngineTest() { write("rules/one.yml", tests::detection("one", "CreateUser")); }

  LiveEngine::Options options() {
    LiveEngine::Options options;
    options.workers = 2;
    options.now = [] { return kNow; };
    options.tick = std::chrono::milliseconds{5};
    options.dead_letter_folder = dead_.path().string();
    return options;
  }
  std::shared_ptr<const engine::RuleSet> rules() {
    auto loaded = rules::load_rules({(folder_.path() / "rules").string()}, {});
    EXPECT_TRUE(loaded && loaded->rules);
    return loaded->rules;
  }
  std::unique_ptr<engine::store::SqliteStore> open() {
    engine::store::SqliteStore::Settings settings;
    settings.now = [] { return kNow; };
    auto store = engine::store::SqliteStore::open(path_, rules(), settings);
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }
  /// Offers it and waits for what becomes of it.
  Result<void> deliver(std::string body) {
    std::promise<Result<void>> told;
    const auto offered =
        intake_.offer(delivery(std::move(body)), kNow, [&](const auto& outcome) { told.set_value(outcome); });
    EXPECT_EQ(offered, Intake::Offer::kTaken);
    return told.get_future().get();
  }
  /// By the rule's title.
  RuleCounts counts(LiveEngine& engine, const std::string& title) {
    const auto all = rules();
    for (const auto& detection : all->detections) {
      if (detection.rule.title == title) return engine.rules()[detection.rule.id].counts;
    }
    ADD_FAILURE() << "no rule " << title;
    return {};
  }
  /// Triggers by title, as another process sees them.
  std::map<std::string, std::uint64_t> stored() {
    std::map<std::string, std::uint64_t> triggers;
    const auto reader = engine::store::Reader::open(path_);
    EXPECT_TRUE(reader) << reader.error().message;
    EXPECT_TRUE(engine::store::each_stored_signal(
        *reader, [&](const engine::Signal& signal) { triggers[signal.rule().title] += signal.triggers; }));
    return triggers;
  }
  using Triggers = std::map<std::string, std::uint64_t>;

  tests::TemporaryFolder memory_{tests::memory_folder()};
  tests::TemporaryFolder dead_;
  std::string path_ = (memory_.path() / "store.db").string();
  Intake intake_{Intake::Options{}};
};

TEST_F(LiveEngineTest, SettlesADeliveryOnceItsSignalsAreDurable) {
  auto store = open();
  LiveEngine engine(intake_, *store, options());
  ASSERT_TRUE(engine.start(rules(), nullptr));
  EXPECT_TRUE(deliver(record(1, "CreateUser") + record(2, "ListUsers")));
  EXPECT_EQ(stored(), (Triggers{{"one", 1}}));
  EXPECT_TRUE(deliver(record(1, "CreateUser") + record(3, "CreateUser")));
  EXPECT_EQ(stored(), (Triggers{{"one", 2}}));
  EXPECT_EQ(counts(engine, "one"), (RuleCounts{.matches = 2, .duplicates = 1, .signals = 1}));
  EXPECT_TRUE(engine.stop(seconds{60}));
  const LiveStatus status = engine.status();
  EXPECT_EQ(status.sources.at("org").durable, 2u);
  EXPECT_EQ(status.sources.at("org").records, 4u);
  EXPECT_EQ(status.sources.at("org").duplicates, 1u);
  EXPECT_EQ(status.sources.at("org").dismissed, 1u) << "ListUsers, which no rule names";
  EXPECT_EQ(status.sources.at("org").newest_event, kNow);
  EXPECT_EQ(status.matches_of_duplicates, 1u);
  EXPECT_EQ(status.places.count({"111122223333", "eu-west-1"}), 1u);
}

TEST_F(LiveEngineTest, RefusesAStoreInWhichAllThatComesWouldBeLate) {
  {
    auto store = open();
    engine::State finished(*store, rules());
    ASSERT_TRUE(finished.load());
    ASSERT_TRUE(finished.apply({}, engine::EventTime::max()));  // as `scan --final` does
  }
  auto store = open();
  LiveEngine engine(intake_, *store, options());
  const auto started = engine.start(rules(), nullptr);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, engine::ErrorCode::kStore);
  EXPECT_NE(started.error().message.find("`scan --final`"), std::string::npos) << started.error().message;
}

TEST_F(LiveEngineTest, SettlesAsFailedWhatCannotBeCommittedAndCountsItOnceWhenItComesAgain) {
  FailingStore store(1);
  LiveEngine engine(intake_, store, options());
  ASSERT_TRUE(engine.start(rules(), nullptr));
  const auto failed = deliver(record(1, "CreateUser"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "the disk is full");
  EXPECT_TRUE(deliver(record(1, "CreateUser")));
  EXPECT_EQ(counts(engine, "one"), (RuleCounts{.matches = 1, .signals = 1})) << "nor is what failed counted";
  EXPECT_TRUE(engine.stop(seconds{60}));
  std::uint64_t triggers = 0;
  EXPECT_TRUE(store.each_signal([&](const engine::Signal& signal) { triggers += signal.triggers; }));
  EXPECT_EQ(triggers, 1u);
  EXPECT_EQ(engine.status().sources.at("org").failed, 1u);
  EXPECT_EQ(engine.status().failed_commits, 1u);
  EXPECT_FALSE(engine.status().trouble);
}

TEST_F(LiveEngineTest, DoesNotLetTheWatermarkPassWhatFailedBeforeItComesAgain) {
  write("rules/two.yml",
        "title: twice\nlevel: high\ncorrelation:\n  type: event_count\n  rules: [one]\n"
        "  group-by: [userIdentity.userName]\n  timespan: 10m\n  condition: {gte: 2}\n");
  FailingStore store(1);
  LiveEngine engine(intake_, store, options());
  ASSERT_TRUE(engine.start(rules(), nullptr));
  const EventTime old = kNow - std::chrono::hours{3};
  const auto deliver_old = [&] {
    engine::Envelope envelope = delivery(record(1, "CreateUser", old) + record(2, "CreateUser", old));
    envelope.delivered = old;  // as the name of a file says it
    std::promise<Result<void>> told;
    intake_.offer(std::move(envelope), kNow, [&](const auto& outcome) { told.set_value(outcome); });
    return told.get_future().get();
  };
  EXPECT_FALSE(deliver_old());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(engine.run_on_state_thread([] {}));  // commits without any delivery
  EXPECT_TRUE(deliver_old());
  EXPECT_TRUE(engine.stop(seconds{60}));
  EXPECT_EQ(engine.status().late, 0u);
  std::size_t signals = 0;
  EXPECT_TRUE(store.each_signal([&](const engine::Signal& signal) { signals += signal.of_correlation ? 1 : 0; }));
  EXPECT_EQ(signals, 1u);
}

TEST_F(LiveEngineTest, GoesOnWithTheStateAfterAReload) {
  write("rules/two.yml",
        "title: twice\nlevel: high\ncorrelation:\n  type: event_count\n  rules: [one]\n"
        "  group-by: [userIdentity.userName]\n  timespan: 10m\n  condition: {gte: 2}\n");
  auto store = open();
  LiveEngine engine(intake_, *store, options());
  ASSERT_TRUE(engine.start(rules(), nullptr));
  EXPECT_TRUE(deliver(record(1, "CreateUser")));
  EXPECT_EQ(stored(), (Triggers{}));
  // Places of rules in the set change, and so does a title.
  write("rules/another.yml", tests::detection("another", "DeleteUser"));
  write("rules/two.yml",
        "title: two times\nid: 5b1a1ad1-8c0c-4a63-9f0f-7b8a1c1b2f01\nname: twice\nlevel: high\n"
        "correlation:\n  type: event_count\n  rules: [one]\n"
        "  group-by: [userIdentity.userName]\n  timespan: 10m\n  condition: {gte: 2}\n");
  ASSERT_TRUE(engine.replace(rules(), nullptr));
  EXPECT_TRUE(deliver(record(2, "DeleteUser")));
  EXPECT_EQ(stored(), (Triggers{{"another", 1}}));
  EXPECT_EQ(engine.status().generation, 2u);
}

TEST_F(LiveEngineTest, GoesOnCountingByRuleAndFilterAfterAReload) {
  write("rules/quiet.yml",
        "title: not root\nid: quiet\nlogsource: {product: aws, service: cloudtrail}\n"
        "filter:\n  rules: any\n  root: {userIdentity.userName: root}\n  condition: not root\n");
  auto store = open();
  LiveEngine engine(intake_, *store, options());
  ASSERT_TRUE(engine.start(rules(), nullptr));
  std::string by_root = record(1, "CreateUser");
  by_root.replace(by_root.find("alice"), 5, "root");
  EXPECT_TRUE(deliver(by_root + record(2, "CreateUser")));
  EXPECT_EQ(counts(engine, "one"), (RuleCounts{.matches = 1, .taken_away = 1, .signals = 1}));
  write("rules/a.yml", tests::detection("a", "DeleteUser"));
  ASSERT_TRUE(engine.replace(rules(), nullptr));
  EXPECT_TRUE(deliver(by_root + record(3, "CreateUser") + record(3, "CreateUser")));
  EXPECT_EQ(counts(engine, "one"), (RuleCounts{.matches = 2, .duplicates = 1, .taken_away = 2, .signals = 1}));
  const auto all = rules();
  const auto one = std::find_if(all->detections.begin(), all->detections.end(),
                                [](const auto& detection) { return detection.rule.title == "one"; });
  ASSERT_NE(one, all->detections.end());
  EXPECT_EQ(engine.rules()[one->rule.id].taken_away, (std::map<std::string, std::uint64_t>{{"quiet", 2}}));
}

TEST_F(LiveEngineTest, KeepsTheWindowsOfRulesThatHaveNotChangedShape) {
  const std::string head =
      "id: 5b1a1ad1-8c0c-4a63-9f0f-7b8a1c1b2f01\nlevel: high\ncorrelation:\n  type: event_count\n"
      "  rules: [one]\n  group-by: [userIdentity.userName]\n  timespan: 10m\n"
      "  condition: {gte: 2}\n";
  write("rules/two.yml", "title: twice\n" + head);
  auto store = open();
  LiveEngine engine(intake_, *store, options());
  ASSERT_TRUE(engine.start(rules(), nullptr));
  EXPECT_TRUE(deliver(record(1, "CreateUser")));
  write("rules/a.yml", tests::detection("another", "DeleteUser"));
  write("rules/two.yml", "title: two times\n" + head);
  ASSERT_TRUE(engine.replace(rules(), nullptr));
  EXPECT_TRUE(deliver(record(2, "CreateUser", kNow - minutes{1})));
  EXPECT_EQ(stored(), (Triggers{{"two times", 1}}));
  const auto held = engine.rules()["5b1a1ad1-8c0c-4a63-9f0f-7b8a1c1b2f01"].held;
  EXPECT_EQ(held.groups, 1u);
  EXPECT_EQ(held.entries, 2u);
}

TEST_F(LiveEngineTest, KeepsWindowsThroughEditsOfTextAndBeginsAnewWithAnotherTimespan) {
  const auto rule = [](const std::string& title, const std::string& level, const std::string& timespan) {
    return "title: " + title + "\nid: 5b1a1ad1-8c0c-4a63-9f0f-7b8a1c1b2f01\nlevel: " + level +
           "\ncorrelation:\n  type: event_count\n  rules: [one]\n  group-by: [userIdentity.userName]\n"
           "  timespan: " +
           timespan + "\n  condition: {gte: 2}\n";
  };
  const struct {
    const char* edit;
    std::string edited;
    Triggers want;
  } cases[] = {
      {"title", rule("other", "high", "10m"), {{"other", 1}}},
      {"level", rule("two", "low", "10m"), {{"two", 1}}},
      {"timespan", rule("two", "high", "20m"), {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.edit);
    path_ = (memory_.path() / c.edit).string();
    write("rules/two.yml", rule("two", "high", "10m"));
    auto store = open();
    Intake intake{Intake::Options{}};
    LiveEngine engine(intake, *store, options());
    ASSERT_TRUE(engine.start(rules(), nullptr));
    const auto send = [&](const std::string& body) {
      std::promise<Result<void>> told;
      intake.offer(delivery(body), kNow, [&](const auto& outcome) { told.set_value(outcome); });
      return told.get_future().get();
    };
    EXPECT_TRUE(send(record(1, "CreateUser")));
    write("rules/two.yml", c.edited);
    ASSERT_TRUE(engine.replace(rules(), nullptr));
    EXPECT_TRUE(send(record(2, "CreateUser", kNow - minutes{1})));
    EXPECT_EQ(stored(), c.want);
    EXPECT_TRUE(engine.stop(seconds{60}));
  }
}

TEST_F(LiveEngineTest, LetsAMatchWaitForAMintThatIsDeliveredLaterAlsoOverARestart) {
  const auto iso = [](minutes before) { return engine::format_time(kNow - before); };
  const std::string mint =
      tests::assume({iso(minutes{9}), tests::user('1', "alice"), '1', "Deploy", "build-7", tests::key("K0")});
  const std::string use = tests::call(
      iso(minutes{5}), tests::session({'1', "Deploy", "build-7", tests::key("K0"), iso(minutes{9})}), "DeleteUser");
  write("rules/alice.yml",
        "title: by alice\nlevel: high\nlogsource: {product: aws, service: cloudtrail}\n"
        "detection: {s: {eventName: DeleteUser, origin.name: alice}, condition: s}\n");
  write("rules/any.yml", tests::detection("any", "DeleteUser"));
  auto store = open();
  {
    LiveEngine engine(intake_, *store, options());
    ASSERT_TRUE(engine.start(rules(), nullptr));
    EXPECT_TRUE(deliver(use));
    EXPECT_EQ(stored(), (Triggers{{"any", 1}})) << "a rule that names no origin speaks at once";
    EXPECT_TRUE(engine.stop(seconds{60}));
  }
  Intake after{Intake::Options{}};
  LiveEngine engine(after, *store, options());
  ASSERT_TRUE(engine.start(rules(), nullptr));
  std::promise<Result<void>> told;
  after.offer(delivery(mint), kNow, [&](const auto& outcome) { told.set_value(outcome); });
  EXPECT_TRUE(told.get_future().get());
  EXPECT_EQ(stored(), (Triggers{{"any", 1}, {"by alice", 1}}));
}

TEST_F(LiveEngineTest, KnowsAccountsByTheNamesThatItWasLastGiven) {
  write("rules/prod.yml",
        "title: in prod\nlevel: high\nlogsource: {product: aws, service: cloudtrail}\n"
        "detection: {s: {eventName: DeleteUser, account.env: prod}, condition: s}\n");
  auto store = open();
  LiveEngine engine(intake_, *store, options());
  ASSERT_TRUE(engine.start(rules(), nullptr));
  EXPECT_TRUE(deliver(record(1, "DeleteUser")));
  EXPECT_EQ(stored(), (Triggers{}));
  const std::vector<engine::AccountFacts> named{{.id = "111122223333", .name = "shop", .env = "prod", .owner = "us"}};
  ASSERT_TRUE(engine.replace(rules(), std::make_shared<const engine::Accounts>(named)));
  EXPECT_TRUE(deliver(record(2, "DeleteUser")));
  EXPECT_EQ(stored(), (Triggers{{"in prod", 1}}));
}

TEST_F(LiveEngineTest, KeepsWhatCannotBeReadAsideAndTheRestCounts) {
  auto store = open();
  LiveEngine engine(intake_, *store, options());
  ASSERT_TRUE(engine.start(rules(), nullptr));
  EXPECT_TRUE(deliver(record(1, "CreateUser") + "{\"eventVersion\":\"1.08\",\"eventName\":\"CreateUser\",oops}\n" +
                      record(2, "CreateUser")));
  EXPECT_EQ(stored(), (Triggers{{"one", 2}}));
  const std::string kept = tests::read_file(dead_.path() / "dead-letter.ndjson");
  EXPECT_NE(kept.find("\"code\":\"bad_input\""), std::string::npos) << kept;
  EXPECT_NE(kept.find("\"source\":\"org\",\"delivery\":\"request\""), std::string::npos) << kept;
  EXPECT_EQ(engine.status().dead_letters, 1u);
}

TEST_F(LiveEngineTest, DoesNotAcknowledgeWhatItCanNeitherReadNorSetAside) {
  auto store = open();
  auto unwritable = options();
  unwritable.dead_letter_folder = "/proc/no-such-folder";
  LiveEngine engine(intake_, *store, unwritable);
  ASSERT_TRUE(engine.start(rules(), nullptr));
  EXPECT_FALSE(deliver("{\"eventVersion\":\"1.08\",\"eventName\":\"CreateUser\",oops}\n"));
  EXPECT_TRUE(deliver(record(1, "CreateUser"))) << "it holds up nobody else";
}

TEST_F(LiveEngineTest, WorksOffWhatIsThereWhenItStops) {
  auto store = open();
  std::atomic<int> durable = 0;
  for (int i = 0; i < 50; ++i) {
    intake_.offer(delivery(record(i, "CreateUser")), kNow, [&](const auto& outcome) { durable += outcome ? 1 : 0; });
  }
  LiveEngine engine(intake_, *store, options());
  ASSERT_TRUE(engine.start(rules(), nullptr));
  EXPECT_TRUE(engine.stop(seconds{60}));
  EXPECT_EQ(durable, 50);
  EXPECT_EQ(stored(), (Triggers{{"one", 50}}));
  EXPECT_FALSE(engine.run_on_state_thread([] {}));
}

TEST_F(LiveEngineTest, LosesAndDoublesNothingWhileRulesAreReplaced) {
  auto store = open();
  LiveEngine engine(intake_, *store, options());
  ASSERT_TRUE(engine.start(rules(), nullptr));
  constexpr int kDeliveries = 200;
  std::atomic<int> durable = 0;
  std::jthread sender([&] {
    for (int i = 0; i < kDeliveries; ++i) {
      intake_.offer(delivery(record(i, "CreateUser") + record(i - 1, "CreateUser")), kNow,
                    [&](const auto& outcome) { durable += outcome ? 1 : 0; });
    }
  });
  for (int i = 0; i < 5; ++i) {
    write("rules/a" + std::to_string(i) + ".yml", tests::detection("a" + std::to_string(i), "DeleteUser"));
    EXPECT_TRUE(engine.replace(rules(), nullptr));
  }
  sender.join();
  EXPECT_TRUE(engine.stop(seconds{60}));
  EXPECT_EQ(durable, kDeliveries);
  EXPECT_EQ(stored(), (Triggers{{"one", kDeliveries + 1}}));
}

TEST_F(LiveEngineTest, RunsTasksBetweenCommits) {
  auto store = open();
  LiveEngine engine(intake_, *store, options());
  ASSERT_TRUE(engine.start(rules(), nullptr));
  bool ran = false;
  EXPECT_TRUE(engine.run_on_state_thread([&] { ran = true; }));
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace tripline::app
