#include "alerts/outbox.h"

#include <gmock/gmock.h>

#include "engine/rule_set.h"
#include "tests/support/alert_store.h"
#include "tests/support/messages.h"

namespace tripline::alerts {
namespace {

using testing::ElementsAre;
using tests::AlertStore;
using tests::pass_on;
using Kind = engine::Transition::Kind;

const engine::EventTime kNoon = *engine::parse_time("2026-01-15T12:00:00Z");

std::vector<std::string> shown(const std::vector<SignalChange>& changes) {
  std::vector<std::string> lines;
  for (const SignalChange& change : changes) {
    lines.push_back(std::to_string(change.number) + " " + std::string(name_of(change.change)) + " " +
                    (change.signal ? change.signal->group.front() : "gone"));
  }
  return lines;
}

std::vector<OutboxEntry> entries(Outbox& outbox) {
  std::vector<OutboxEntry> all;
  outbox.each({}, [&](const OutboxEntry& entry) { all.push_back(entry); }).value();
  return all;
}

TEST(Outbox, ReadsTheLogOfTransitionsWithTheirSignals) {
  AlertStore store(kNoon);
  store.commit({{1, Kind::kOpened}, {2, Kind::kOpened}});
  store.commit({{1, Kind::kUpdated}, {2, Kind::kClosed}});
  auto outbox = store.outbox();
  EXPECT_THAT(shown(outbox.changes(0, 3).value()), ElementsAre("1 opened 1", "2 opened 2", "3 updated 1"));
  EXPECT_THAT(shown(outbox.changes(2, 9).value()), ElementsAre("3 updated 1", "4 closed 2"));
}

/// The signal of one period of a rule.
engine::Signal in_period(std::chrono::seconds period, bool of_correlation, int number) {
  auto rules = std::make_shared<engine::RuleSet>();
  if (of_correlation) {
    rules->correlations.emplace_back().period = period;
    rules->correlations[0].rule.id = "rule";
  } else {
    rules->detections.emplace_back().period = period;
    rules->detections[0].rule.id = "rule";
  }
  engine::Signal signal = *tests::bare_signal();
  signal.rules = std::move(rules);
  signal.index = 0;
  signal.of_correlation = of_correlation;
  signal.group = {"alice"};
  signal.period_start = kNoon + number * period;
  signal.id = engine::signal_id("rule", signal.group, signal.period_start);
  return signal;
}

TEST(Outbox, KnowsWhetherTheNextPeriodGoesOnWhateverItsLength) {
  for (const bool of_correlation : {false, true}) {
    for (const int seconds : {60, 3600, 86'400}) {
      const std::chrono::seconds period{seconds};
      for (const auto& [other, closed] : {std::pair{1, false}, {1, true}, {2, false}}) {
        AlertStore store(kNoon);
        engine::Commit commit;
        commit.journal = "j";
        commit.signals = {in_period(period, of_correlation, 0), in_period(period, of_correlation, other)};
        commit.signals[0].closed = true;
        commit.signals[1].closed = closed;
        commit.transitions = {{.kind = Kind::kClosed, .signal = commit.signals[0].id}};
        ASSERT_TRUE(store.store().commit(std::move(commit)));
        const auto changes = store.outbox().changes(0, 1).value();
        ASSERT_EQ(changes.size(), 1u);
        EXPECT_EQ(changes[0].goes_on, other == 1 && !closed) << period.count() << " s, " << other;
      }
    }
  }
}

TEST(Outbox, BeginsBehindWhatAStoreOfBeforeHasToSay) {
  AlertStore store(kNoon);
  store.commit({{1, Kind::kOpened}});
  EXPECT_EQ(store.outbox().routed().value().position, 1u);
  store.commit({{2, Kind::kOpened}});
  EXPECT_EQ(store.outbox().routed().value().position, 1u) << "from then on nothing is passed over";
}

TEST(Outbox, KeepsAStepWhole) {
  AlertStore store(kNoon);
  auto outbox = store.outbox();
  EXPECT_EQ(outbox.routed().value().position, 0u);
  store.commit({{1, Kind::kOpened}, {2, Kind::kOpened}});
  RoutingStep step = pass_on(outbox.changes(0, 9).value(), {"soc", "chat"}, kNoon);
  step.deliveries[0].more = 7;
  step.deliveries[0].reason = "because";
  step.deliveries[0].members.push_back({{2, 2}, 5, Change::kWidened});
  step.rows = {{"a", "\1x"}, {"b", "\1y"}};
  EXPECT_THAT(outbox.commit(step).value(), ElementsAre(1, 2, 3, 4));
  store.reopen();
  outbox = store.outbox();
  const auto routed = outbox.routed().value();
  EXPECT_EQ(routed.position, 2u);
  EXPECT_EQ(routed.rows, step.rows);
  std::vector<Delivery> kept;
  for (const OutboxEntry& entry : entries(outbox)) kept.push_back(entry.delivery);
  EXPECT_EQ(kept, step.deliveries);
  EXPECT_EQ(outbox.find(3).value()->delivery, step.deliveries[2]);
  EXPECT_EQ(outbox.find(9).value(), std::nullopt);
}

TEST(Outbox, MakesMessagesOfSignalsAsTheyAreNow) {
  AlertStore store(kNoon);
  store.commit({{1, Kind::kOpened}, {2, Kind::kOpened}});
  auto outbox = store.outbox();
  Delivery delivery = pass_on(outbox.changes(0, 1).value(), {"soc"}, kNoon).deliveries.front();
  delivery.members.push_back({{2, 2}, 2, Change::kOpened});
  delivery.more = 3;
  delivery.reason = "a burst";
  auto message = outbox.message(delivery).value();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->key, AlertStore::id(1) + ".1");
  EXPECT_EQ(message->reason, "a burst");
  EXPECT_EQ(message->signals(), 5u);
  EXPECT_EQ(message->told[1].signal->id, AlertStore::id(2));
  store.commit({{2, Kind::kClosed}});
  EXPECT_TRUE(outbox.message(delivery).value()->told[1].signal->closed);
  store.forget_closed();
  message = outbox.message(delivery).value();
  EXPECT_EQ(message->told.size(), 1u);
  EXPECT_EQ(message->signals(), 5u) << "what is forgotten is counted among the others";
  store.commit({{1, Kind::kClosed}});
  store.forget_closed();
  EXPECT_EQ(outbox.message(delivery).value(), std::nullopt);
}

TEST(Outbox, SaysWhatElseTheOriginOfASignalHasDone) {
  AlertStore store(kNoon);
  std::vector<std::string> ids;
  const auto open = [&](int number, const std::string& principal) {
    engine::Commit commit;
    commit.journal = "j" + std::to_string(number);
    engine::Signal signal = in_period(std::chrono::seconds{3600}, false, number);
    auto event = std::make_shared<engine::Evidence>();
    event->actor_principal = principal;
    signal.evidence = {event};
    signal.first = signal.last = signal.period_start;
    ids.push_back(signal.id);
    commit.transitions = {{.kind = Kind::kOpened, .signal = signal.id}};
    commit.signals = {std::move(signal)};
    ASSERT_TRUE(store.store().commit(std::move(commit)));
  };
  open(0, "alice");
  open(1, "alice");
  open(2, "bob");
  auto outbox = store.outbox();
  const auto deliveries = pass_on(outbox.changes(0, 9).value(), {"soc"}, kNoon).deliveries;
  const auto related = [&](std::size_t delivery) {
    std::vector<std::string> all;
    const auto message = outbox.message(deliveries[delivery]).value();
    for (const Related& one : message->told.front().related) all.push_back(one.id);
    return all;
  };
  EXPECT_EQ(related(0), (std::vector<std::string>{ids[1]}));
  EXPECT_EQ(related(2), std::vector<std::string>{});
  open(3, "alice");
  EXPECT_EQ(outbox.changes(3, 9).value().size(), 1u);
  EXPECT_EQ(related(0), (std::vector<std::string>{ids[1], ids[3]})) << "it learns as it routes";
}

TEST(Outbox, SaysWhatCannotBeWritten) {
  AlertStore store(kNoon);
  auto outbox = store.outbox();
  outbox.routed().value();
  store.commit({{1, Kind::kOpened}});
  store.broken = true;
  const auto refused = outbox.commit(pass_on(outbox.changes(0, 9).value(), {"soc"}, kNoon));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "the disk is full");
  EXPECT_TRUE(entries(outbox).empty());
  EXPECT_EQ(outbox.routed().value().position, 0u);
}

}  // namespace
}  // namespace tripline::alerts
