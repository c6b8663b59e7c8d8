// A rule that floods, through a running engine, its store and its alerts, to a chat that takes real requests.

#include <atomic>
#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/serve/alerting.h"
#include "app/serve/live_engine.h"
#include "app/serve/senders.h"
#include "connectors/intake.h"
#include "engine/store/sqlite_store.h"
#include "tests/support/load_rules.h"
#include "tests/support/scripted_server.h"
#include "tests/support/sink_views.h"

namespace tripline::app {
namespace {

using engine::EventTime;
using engine::Result;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr EventTime kStart{std::chrono::hours{500'000}};

std::string record(int number, EventTime time) {
  const std::string name = "user-" + std::to_string(number), id = std::to_string(number);
  return R"({"eventVersion":"1.08","eventTime":")" + engine::format_time(time) +
         R"(","eventName":"CreateUser","eventSource":"iam.amazonaws.com","awsRegion":"eu-west-1","eventID":"e)" + id +
         R"(","recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","userName":")" + name +
         R"(","arn":"arn:aws:iam::111122223333:user/)" + name + R"(","accountId":"111122223333"}})" + "\n";
}

/// How many signals a message says that it is about.
std::uint64_t signals_in(const std::string& body) {
  const std::string view = tests::slack_view(body);
  const std::string header = view.substr(0, view.find('\n'));
  const auto end = header.find(" signals");
  return end == std::string::npos ? 1 : std::stoull(header.substr(header.rfind(' ', end - 1) + 1));
}

class AlertingFlood : public tests::LoadRules {
 protected:
  AlertingFlood() {
    write("rules/one.yml", tests::detection("one", "CreateUser"));
    auto loaded = rules::load_rules({(folder_.path() / "rules").string()}, {});
    rules_ = loaded->rules;
    engine::store::SqliteStore::Settings settings;
    settings.now = [this] { return now(); };
    store_ = *engine::store::SqliteStore::open(path_, rules_, settings);
    LiveEngine::Options engine;
    engine.now = settings.now;
    engine.tick = milliseconds{5};
    engine.committed = [this] { alerting_->wake(); };
    engine.dead_letter_folder = (folder_.path() / "dead").string();
    engine_ = std::make_unique<LiveEngine>(intake_, *store_, engine);

    const Config::Sink slack{
        "soc", alerts::find_sink_kind("slack"), {{"url", chat_.url() + "/services/T/B/X"}, {"allow", "127.0.0.1"}}};
    const auto senders = Senders::make({slack}, transport_, [] { return nullptr; }).value();
    Alerting::Options options;
    options.store_path = path_;
    options.writer = [this](const alerts::Outbox::Work& work) -> Result<void> {
      if (!runs_) return work(store_->database());
      Result<void> done = engine::fail(engine::ErrorCode::kIo, "it stops");
      engine_->run_on_state_thread([&] { done = work(store_->database()); });
      return done;
    };
    options.now = settings.now;
    options.accounts = [] { return nullptr; };
    options.routing = {.routes = {alerts::default_route(senders.routed())}, .sinks = senders.routed()};
    options.ends = senders.ends();
    alerting_ = std::make_unique<Alerting>(options);
    alerting_->load().value();
    engine_->start(rules_, nullptr).value();
    runs_ = true;
    alerting_->start();
  }
  ~AlertingFlood() override {
    alerting_->stop(seconds{10});
    engine_->stop(seconds{60});
  }

  EventTime now() const { return EventTime{milliseconds{now_}}; }

  void deliver(std::string body) {
    std::promise<Result<void>> told;
    engine::Envelope envelope;
    envelope.path = "request";
    envelope.source = "org";
    envelope.body = std::move(body);
    intake_.offer(std::move(envelope), now(), [&](const auto& outcome) { told.set_value(outcome); });
    ASSERT_TRUE(told.get_future().get());
  }

  /// Goes on until then, and lets alerts do what they do by that time.
  void wait_until(EventTime time) {
    now_ = time.time_since_epoch().count();
    // What is asked is answered between two turns.
    for (int turn = 0; turn < 2; ++turn) alerting_->silences().value();
  }

  tests::TemporaryFolder memory_{tests::memory_folder()};
  std::string path_ = (memory_.path() / "store.db").string();
  std::atomic<std::int64_t> now_ = kStart.time_since_epoch().count();
  tests::ScriptedServer chat_{std::vector<tests::ScriptedAnswer>{{}}};
  connectors::Intake intake_{connectors::Intake::Options{}};
  Transport transport_;
  std::shared_ptr<const engine::RuleSet> rules_;
  std::unique_ptr<engine::store::SqliteStore> store_;
  std::unique_ptr<LiveEngine> engine_;
  std::atomic<bool> runs_ = false;
  std::unique_ptr<Alerting> alerting_;
};

TEST_F(AlertingFlood, OfTenThousandMatchesInAMinuteIsAHandfulOfMessagesThatSayHowMany) {
  constexpr int kMatches = 10'000, kDeliveries = 10;
  for (int delivery = 0; delivery < kDeliveries; ++delivery) {
    const EventTime time = kStart + delivery * seconds{6};
    std::string body;
    for (int i = 0; i < kMatches / kDeliveries; ++i) body += record(delivery * kMatches / kDeliveries + i, time);
    wait_until(time);
    deliver(std::move(body));
  }
  while (alerting_->status().routed < kMatches) std::this_thread::yield();
  const auto over = [&] {
    const AlertsStatus status = alerting_->status();
    return status.routing.waiting == 0 && status.sinks.at(0).waiting == 0;
  };
  EXPECT_FALSE(over()) << "something waits for the minute to end";
  for (int minute = 1; minute <= 180; ++minute) wait_until(kStart + minutes{minute});
  while (!over()) std::this_thread::yield();

  std::uint64_t told_of = 0;
  const auto messages = chat_.requests();
  for (const auto& request : messages) told_of += signals_in(request.body);
  EXPECT_EQ(told_of, static_cast<std::uint64_t>(kMatches));
  EXPECT_GE(messages.size(), 2u);
  EXPECT_LE(messages.size(), 5u);
  EXPECT_EQ(alerting_->status().failed_turns, 0u);
}

}  // namespace
}  // namespace tripline::app
