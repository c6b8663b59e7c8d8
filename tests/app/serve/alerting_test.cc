#include "app/serve/alerting.h"

#include <condition_variable>
#include <mutex>

#include <gmock/gmock.h>

#include "alerts/route.h"
#include "tests/support/alert_store.h"

namespace tripline::app {
namespace {

using alerts::Message;
using alerts::Verdict;
using engine::EventTime;
using engine::Result;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using tests::AlertStore;
using Kind = engine::Transition::Kind;

const EventTime kNoon = *engine::parse_time("2026-01-15T12:00:00Z");

/// Answers at once, on the thread that sends, and lets a test wait for what it was told.
class Sink {
 public:
  void answer(Verdict verdict) {
    const std::lock_guard lock(mutex_);
    verdict_ = std::move(verdict);
  }

  void send(const std::vector<Message>& messages, const alerts::Sender::Done& done) {
    alerts::Sent sent{};
    {
      const std::lock_guard lock(mutex_);
      for (const Message& message : messages) {
        told_.push_back(message.key);
        sent.verdicts.push_back(verdict_);
      }
    }
    changed_.notify_all();
    done(std::move(sent));
  }

  /// The first so many keys that it was told of, once there are as many.
  std::vector<std::string> told(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, seconds{30}, [&] { return told_.size() >= count; });
    return {told_.begin(), told_.begin() + static_cast<std::ptrdiff_t>(std::min(count, told_.size()))};
  }
  std::size_t all() {
    const std::lock_guard lock(mutex_);
    return told_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Verdict verdict_ = Verdict::delivered();
  std::vector<std::string> told_;
};

/// The store is written by one at a time, as by a state thread.
class AlertingTest : public testing::Test {
 protected:
  Alerting::Options options(std::string_view kind = "webhook") {
    Alerting::Options options;
    options.store_path = store_.path();
    options.writer = [this](const alerts::Outbox::Work& work) -> Result<void> {
      const std::lock_guard lock(writer_);
      if (broken_) return engine::fail(engine::ErrorCode::kStore, "the disk is full");
      return work(store_.store().database());
    };
    options.now = [this] { return EventTime{std::chrono::milliseconds{now_}}; };
    options.accounts = [] { return nullptr; };
    const alerts::SinkKind& row = *alerts::find_sink_kind(kind);
    options.routing.sinks = {{"soc", &row}};
    options.routing.routes = {alerts::default_route(options.routing.sinks)};
    options.routing.routes[0].group_wait = options.routing.routes[0].group_interval = seconds{0};
    alerts::Dispatcher::End end;
    end.name = "soc";
    if (row.refresh != nullptr) end.refresh = minutes{5};
    end.send = [this](const std::vector<Message>& messages, EventTime, const alerts::Sender::Done& done) {
      sink_.send(messages, done);
    };
    options.ends = {end};
    return options;
  }

  void start(const Alerting::Options& options) {
    alerting_ = std::make_unique<Alerting>(options);
    alerting_->load().value();
    alerting_->start();
  }

  void change(const std::vector<AlertStore::Change>& changes) {
    {
      const std::lock_guard lock(writer_);
      store_.commit(changes);
    }
    alerting_->wake();
  }

  static std::string key(std::uint64_t signal, std::uint64_t number) {
    return AlertStore::id(signal) + "." + std::to_string(number);
  }

  AlertStore store_{kNoon};
  std::mutex writer_;
  std::atomic<bool> broken_ = false;
  std::atomic<std::int64_t> now_ = kNoon.time_since_epoch().count();
  Sink sink_;
  std::unique_ptr<Alerting> alerting_;
};

TEST_F(AlertingTest, TakesSignalsToTheirSink) {
  start(options());
  change({{1, Kind::kOpened}});
  EXPECT_THAT(sink_.told(1), ElementsAre(key(1, 1)));
  change({{1, Kind::kUpdated}, {2, Kind::kOpened}});
  EXPECT_THAT(sink_.told(2), ElementsAre(key(1, 1), key(2, 3))) << "an update of a medium signal is told to nobody";
  alerting_->stop(seconds{10});
  const AlertsStatus status = alerting_->status();
  EXPECT_EQ(status.routed, 3u);
  EXPECT_EQ(status.sinks.at(0).ends[0], 2u);
  EXPECT_EQ(status.sinks.at(0).waiting, 0u);
}

TEST_F(AlertingTest, GoesOnAfterAStartWithWhatWasNotDelivered) {
  sink_.answer(Verdict::retry("nobody takes the connection", {}, true));
  start(options());
  change({{1, Kind::kOpened}});
  EXPECT_THAT(sink_.told(1), ElementsAre(key(1, 1)));
  alerting_->stop(seconds{10});
  EXPECT_EQ(alerting_->status().sinks.at(0).waiting, 1u);
  EXPECT_EQ(alerting_->status().sinks.at(0).trouble, "nobody takes the connection");
  {
    const std::lock_guard lock(writer_);
    store_.commit({{2, Kind::kOpened}});  // while nobody routes
  }
  sink_.answer(Verdict::delivered());
  start(options());
  EXPECT_THAT(sink_.told(3), testing::UnorderedElementsAre(key(1, 1), key(1, 1), key(2, 2)));
}

TEST_F(AlertingTest, GoesOnOnceTheStoreCanBeWrittenAgain) {
  start(options());
  broken_ = true;
  change({{1, Kind::kOpened}});
  while (alerting_->status().failed_turns < 2) std::this_thread::yield();
  EXPECT_EQ(alerting_->status().trouble, "the disk is full");
  EXPECT_EQ(sink_.all(), 0u);
  broken_ = false;
  EXPECT_THAT(sink_.told(1), ElementsAre(key(1, 1)));
}

TEST_F(AlertingTest, TriesAgainAndDropsWhatItIsToldTo) {
  sink_.answer(Verdict::give_up("too large"));
  start(options());
  change({{1, Kind::kOpened}, {2, Kind::kOpened}, {3, Kind::kOpened}});
  while (alerting_->status().sinks.at(0).parked < 3) std::this_thread::yield();
  sink_.answer(Verdict::delivered());
  EXPECT_EQ(alerting_->drop({.numbers = {2, 77, 2}}).value(), 1u) << "said twice is said once";
  EXPECT_EQ(alerting_->retry({.sink = "soc"}).value(), 2u);
  EXPECT_EQ(sink_.told(5).size(), 5u);
  alerting_->stop(seconds{10});
  EXPECT_EQ(alerting_->status().sinks.at(0).parked, 0u);
  EXPECT_TRUE(store_.outbox().counts().value().empty());
  EXPECT_FALSE(alerting_->retry({.sink = "soc"})) << "it has stopped";
}

TEST_F(AlertingTest, TellsWhatFiresAgainAfterAStart) {
  start(options("alertmanager"));
  change({{1, Kind::kOpened}, {2, Kind::kOpened}});
  EXPECT_EQ(sink_.told(2).size(), 2u);
  change({{1, Kind::kClosed}});
  EXPECT_EQ(sink_.told(3).size(), 3u);
  alerting_->stop(seconds{10});
  start(options("alertmanager"));
  EXPECT_EQ(alerting_->status().sinks.at(0).firing, 1u) << "the closed one does not fire";
  now_ += std::chrono::milliseconds{minutes{6}}.count();
  alerting_->wake();
  EXPECT_EQ(sink_.told(4).size(), 4u);
}

TEST_F(AlertingTest, GoesOnByOtherSinksAndRoutesAfterAReload) {
  start(options());
  change({{1, Kind::kOpened}});
  EXPECT_EQ(sink_.told(1).size(), 1u);
  sink_.answer(Verdict::retry("it is gone", {}, true));
  change({{2, Kind::kOpened}});
  EXPECT_EQ(sink_.told(2).size(), 2u);
  Sink other;
  auto changed = options();
  changed.routing.sinks.push_back({"other", changed.routing.sinks[0].kind});
  changed.routing.routes[0].sinks = {"other"};
  changed.ends.push_back(changed.ends[0]);
  changed.ends[1].name = "other";
  changed.ends[1].send = [&](const std::vector<Message>& messages, EventTime, const alerts::Sender::Done& done) {
    other.send(messages, done);
  };
  sink_.answer(Verdict::delivered());
  ASSERT_TRUE(alerting_->replace(changed.routing, changed.ends));
  EXPECT_THAT(sink_.told(3), ElementsAre(key(1, 1), key(2, 2), key(2, 2))) << "what waited is tried at once";
  change({{3, Kind::kOpened}});
  EXPECT_THAT(other.told(1), ElementsAre(key(3, 3)));
  alerting_->stop(seconds{10});
  const AlertsStatus status = alerting_->status();
  EXPECT_EQ(status.sinks.at(0).ends[0], 2u) << "counters go on";
  EXPECT_EQ(status.sinks.at(0).retries, 1u);
  EXPECT_EQ(status.sinks.at(1).ends[0], 1u);
  EXPECT_EQ(status.routing.routed[0], 3u);
  EXPECT_EQ(sink_.all(), 3u);
}

TEST_F(AlertingTest, SaysWhatIsForASinkThatIsCalledOtherwiseNow) {
  sink_.answer(Verdict::retry("nobody takes the connection", {}, true));
  start(options());
  change({{1, Kind::kOpened}, {2, Kind::kOpened}});
  EXPECT_EQ(sink_.told(1).size(), 1u);
  auto renamed = options();
  renamed.routing.sinks[0].name = renamed.ends[0].name = "team";
  renamed.routing.routes[0].sinks = {"team"};
  ASSERT_TRUE(alerting_->replace(renamed.routing, renamed.ends));
  while (alerting_->status().stranded.empty()) std::this_thread::yield();
  EXPECT_EQ(alerting_->status().stranded[0].sink, "soc");
  EXPECT_EQ(stranded_deliveries(alerting_->status()), 2u);
  const auto retried = alerting_->retry({.sink = "soc"});
  ASSERT_FALSE(retried);
  EXPECT_THAT(retried.error().message, testing::HasSubstr("for the sink `soc`, which is not configured any more"));
  EXPECT_EQ(alerting_->drop({.sink = "soc"}).value(), 2u);
  while (!alerting_->status().stranded.empty()) std::this_thread::yield();
}

TEST_F(AlertingTest, KeepsSilencesOverAStart) {
  start(options());
  alerts::Silence silence;
  silence.id = "0123456789abcdef";
  silence.made = kNoon;
  silence.by = "alice";
  silence.comment = "planned";
  silence.from = kNoon;
  silence.until = kNoon + std::chrono::hours{1};
  silence.match.rule = {"rule-0"};
  const auto put = [&](alerts::Router& router, EventTime now) { return router.silence(silence, now); };
  ASSERT_TRUE(alerting_->change(put));
  alerting_->stop(seconds{10});
  start(options());
  EXPECT_EQ(alerting_->silences().value().size(), 1u);
  change({{1, Kind::kOpened}, {2, Kind::kOpened, 9}});
  EXPECT_THAT(sink_.told(1), ElementsAre(key(2, 2)));
}

}  // namespace
}  // namespace tripline::app
