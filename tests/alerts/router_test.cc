#include "alerts/router.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/support/routing.h"

namespace tripline::alerts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using tests::made;
using tests::noon;
using tests::RoutingServer;
using tests::told;
using enum Change;

RoutedSink sink(std::string_view name, std::string_view kind) { return {std::string(name), find_sink_kind(kind)}; }

Router::Options options(std::vector<RoutedSink> sinks, std::vector<Route> routes = {}) {
  if (routes.empty()) routes = {default_route(sinks)};
  return {.routes = std::move(routes), .sinks = std::move(sinks)};
}
Router::Options chat() { return options({sink("chat", "slack")}); }
Router::Options pager() { return options({sink("pager", "pagerduty")}); }

Route route(std::string name, SignalMatch match, std::vector<std::string> sinks, bool goes_on = false) {
  Route one;
  one.name = std::move(name);
  one.match = std::move(match);
  one.sinks = std::move(sinks);
  one.goes_on = goes_on;
  return one;
}

TEST(Router, ByDefaultTellsWhatPeopleMustKnow) {
  struct Case {
    std::string_view name;
    tests::MadeSignal signal;
    Change change;
    std::string_view told;
    Routed routed;
  };
  const Case cases[] = {
      {"medium is told", {.level = engine::Level::kMedium}, kOpened, "chat: opened alice", Routed::kGrouped},
      {"low is not", {.level = engine::Level::kLow}, kOpened, "", Routed::kUnrouted},
      {"critical that widens is told",
       {.level = engine::Level::kCritical},
       kWidened,
       "chat: widened alice",
       Routed::kGrouped},
      {"a closing is not", {}, kClosed, "", Routed::kUnwanted},
      {"a dry run is not", {.dry_run = true}, kOpened, "", Routed::kDryRun},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    RoutingServer server(chat());
    const auto signal = made(c.signal);
    EXPECT_EQ(told(server.change(signal, c.change, noon()), {signal}), c.told);
    EXPECT_EQ(server.routed(c.routed), 1u);
  }
}

TEST(Router, CountsASignalThatTheStoreHasForgotten) {
  RoutingServer server(chat());
  EXPECT_TRUE(server.change(nullptr, kOpened, noon()).empty());
  EXPECT_EQ(server.routed(Routed::kForgotten), 1u);
  EXPECT_EQ(server.router().position(), 1u);
}

TEST(Router, RoutesNothingTwice) {
  RoutingServer server(chat());
  const auto signal = made({});
  const SignalChange change{.number = 7, .change = kOpened, .signal = signal, .goes_on = false};
  EXPECT_EQ(server.router().step({&change, 1}, nullptr, noon()).deliveries.size(), 1u);
  EXPECT_EQ(server.router().step({&change, 1}, nullptr, noon() + hours{9}).deliveries.size(), 0u);
}

TEST(Router, GivesADeliveryItsKeyAndThread) {
  RoutingServer server(pager());
  const auto signal = made({});
  const auto delivery = server.change(signal, kOpened, noon()).at(0);
  EXPECT_EQ(delivery.key, signal->id + ".1");
  EXPECT_EQ(delivery.thread, thread_of(*signal));
  EXPECT_EQ(delivery.route, "default");
  EXPECT_EQ(delivery.written_at, noon());
  EXPECT_EQ(server.change(signal, kWidened, noon() + minutes{1}).at(0).key, signal->id + ".2");
}

TEST(Router, TriesRoutesInOrderUntilOneTakesTheSignal) {
  const auto production = route("production", {.account_env = {"prod"}}, {"pager"});
  auto critical = route("critical", {.level = {"critical"}}, {"pager", "chat"});
  const auto all = route("all", {}, {"chat"});
  auto critical_too = critical;
  critical_too.goes_on = true;
  const auto nowhere = route("nowhere", {.level = {"low"}}, {});
  const std::vector<RoutedSink> sinks = {sink("chat", "slack"), sink("pager", "pagerduty")};
  const engine::Accounts accounts({{.id = "111122223333", .name = "payments", .env = "prod", .owner = ""}});
  struct Case {
    std::string_view name;
    std::vector<Route> routes;
    engine::Level level;
    bool accounts_known;
    std::string_view told;
  };
  const Case cases[] = {
      {"the first that takes it",
       {critical, all},
       engine::Level::kCritical,
       false,
       "pager: opened alice; chat: opened alice"},
      {"the next, when it does not", {critical, all}, engine::Level::kHigh, false, "chat: opened alice"},
      {"the first, which says `continue`, and the next",
       {critical_too, production, all},
       engine::Level::kCritical,
       true,
       "pager: opened alice; chat: opened alice"},
      {"none", {critical}, engine::Level::kHigh, false, ""},
      {"one that leads nowhere", {nowhere, all}, engine::Level::kLow, false, ""},
      {"an account's environment", {production, all}, engine::Level::kHigh, true, "pager: opened alice"},
      {"an account that nobody knows", {production, all}, engine::Level::kHigh, false, "chat: opened alice"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Router router(options(sinks, c.routes));
    const auto signal = made({.level = c.level});
    const SignalChange change{.number = 1, .change = kOpened, .signal = signal, .goes_on = false};
    const auto step = router.step({&change, 1}, c.accounts_known ? &accounts : nullptr, noon());
    // A chat's messages come by way of a batch, and so last.
    EXPECT_EQ(told(step.deliveries, {signal}), c.told);
  }
}

TEST(Router, TellsOneSinkOnceAndByTheFirstRouteThatWantsTheChange) {
  auto openings = route("openings", {}, {"queue"}, true);
  openings.changes = {kOpened};
  auto rest = route("rest", {}, {"queue"});
  rest.changes = {kOpened, kUpdated, kClosed};
  RoutingServer server(options({sink("queue", "sqs")}, {openings, rest}));
  const auto signal = made({});
  const auto opened = server.change(signal, kOpened, noon());
  ASSERT_EQ(opened.size(), 1u);
  EXPECT_EQ(opened.front().route, "openings");
  const auto closed = server.change(signal, kClosed, noon());
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_EQ(closed.front().route, "rest");
}

// --- what goes on ---

TEST(Router, TakesASignalThatContinuesAnotherForAnUpdate) {
  auto all = route("all", {}, {"queue"});
  all.changes = {kOpened, kUpdated};
  RoutingServer server(options({sink("queue", "sqs")}, {all}));
  const auto next = made({.period = 1, .continues = true});
  EXPECT_EQ(told(server.change(next, kOpened, noon()), {next}), "queue: updated alice");
}

TEST(Router, TellsWhatGoesOnAgainAfterTheRepeatInterval) {
  RoutingServer server(chat());
  const auto first = made({});
  EXPECT_EQ(told(server.change(first, kOpened, noon()), {first}), "chat: opened alice");
  for (int hour = 1; hour < 24; ++hour) {
    const auto next = made({.period = hour, .continues = true});
    EXPECT_EQ(told(server.change(next, kOpened, noon() + hours{hour}), {next}), "") << hour;
    EXPECT_EQ(told(server.change(next, kUpdated, noon() + hours{hour} + minutes{20}), {next}), "") << hour;
  }
  server.restart();
  const auto next = made({.period = 24, .continues = true});
  EXPECT_EQ(told(server.change(next, kOpened, noon() + hours{24}), {next}), "chat: updated alice");
  EXPECT_EQ(told(server.change(next, kUpdated, noon() + hours{25}), {next}), "") << "it was told an hour ago";
}

TEST(Router, NeverTellsAgainWhereRepeatIntervalIsNothing) {
  auto once = default_route({sink("chat", "slack")});
  once.repeat_interval = seconds{0};
  RoutingServer server(options({sink("chat", "slack")}, {once}));
  const auto signal = made({});
  EXPECT_EQ(server.change(signal, kOpened, noon()).size(), 1u);
  EXPECT_EQ(server.change(signal, kUpdated, noon() + hours{100}).size(), 0u);
  EXPECT_EQ(server.router().status(noon()).threads, 0u);
}

TEST(Router, TellsOfWhatGoesOnWhenASilenceEnds) {
  RoutingServer server(chat());
  const Silence silence{.id = "s",
                        .match = {.rule = {"rule"}},
                        .from = noon(),
                        .until = noon() + hours{1},
                        .made = noon(),
                        .by = "",
                        .comment = "we know"};
  server.keep(*server.router().silence(silence, noon()));
  server.restart();
  const auto signal = made({});
  const auto other = made({.rule = "other"});
  EXPECT_EQ(told(server.change(signal, kOpened, noon() + minutes{1}), {signal}), "");
  EXPECT_EQ(told(server.change(other, kOpened, noon() + minutes{1}), {other}), "chat: opened alice");
  EXPECT_EQ(server.routed(Routed::kSilenced), 1u);
  EXPECT_EQ(told(server.change(signal, kUpdated, noon() + minutes{59}), {signal}), "");
  EXPECT_EQ(told(server.change(signal, kUpdated, noon() + minutes{61}), {signal}), "chat: updated alice");
}

// --- what is held open ---

TEST(Router, ClosesWhatAReceiverHoldsOpenWhateverItsRouteSays) {
  RoutingServer server(options({sink("pager", "pagerduty"), sink("chat", "slack")}));
  const auto signal = made({});
  const auto unknown = made({.rule = "unknown"});
  server.change(signal, kOpened, noon());
  server.restart();
  EXPECT_EQ(told(server.change(unknown, kClosed, noon() + hours{2}), {unknown}), "") << "it was never told of that";
  EXPECT_EQ(told(server.change(signal, kClosed, noon() + hours{2}), {signal}), "pager: closed alice");
  EXPECT_EQ(told(server.change(signal, kClosed, noon() + hours{2}), {signal}), "") << "it knows";
}

TEST(Router, KeepsOpenWhatGoesOnInTheNextPeriod) {
  RoutingServer server(pager());
  const auto first = made({});
  const auto next = made({.period = 1, .continues = true});
  const auto last = made({.period = 2, .continues = true});
  server.change(first, kOpened, noon());
  EXPECT_EQ(told(server.change(next, kOpened, noon() + hours{1}), {next}), "pager: updated alice");
  const auto closed = server.change(first, kClosed, noon() + hours{2}, true);
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_TRUE(closed.front().members.front().goes_on);
  EXPECT_EQ(told(server.change(next, kClosed, noon() + hours{3}), {next}), "pager: closed alice");
  EXPECT_EQ(told(server.change(last, kOpened, noon() + hours{3}), {last}), "pager: updated alice")
      << "it was over, and is there again";
  EXPECT_EQ(told(server.change(last, kClosed, noon() + hours{4}), {last}), "pager: closed alice");
}

TEST(Router, ClosesEachSignalThatAReceiverWasToldOfInWhateverOrder) {
  RoutingServer server(pager());
  const auto first = made({});
  const auto next = made({.period = 1, .continues = true});
  server.change(first, kOpened, noon());
  server.change(next, kOpened, noon() + hours{1});
  server.restart();
  EXPECT_EQ(told(server.change(next, kClosed, noon() + hours{3}), {next}), "pager: closed alice");
  EXPECT_EQ(told(server.change(first, kClosed, noon() + hours{3}, true), {first}), "pager: closed alice");
  EXPECT_EQ(server.router().status(noon()).threads, 0u);
}

TEST(Router, ClosesAlsoWhatIsSilencedByNow) {
  RoutingServer server(pager());
  const auto signal = made({});
  server.change(signal, kOpened, noon());
  server.keep(*server.router().silence({.id = "s",
                                        .match = {.rule = {"rule"}},
                                        .from = noon(),
                                        .until = noon() + hours{9},
                                        .made = noon(),
                                        .by = "",
                                        .comment = "we know"},
                                       noon()));
  EXPECT_EQ(told(server.change(signal, kWidened, noon() + hours{1}), {signal}), "");
  EXPECT_EQ(told(server.change(signal, kClosed, noon() + hours{2}), {signal}), "pager: closed alice");
}

TEST(Router, ClosesAlsoWhatIsADryRunByNow) {
  RoutingServer server(pager());
  server.change(made({}), kOpened, noon());
  const auto dry = made({.dry_run = true});
  EXPECT_EQ(told(server.change(dry, kUpdated, noon() + hours{1}), {dry}), "");
  EXPECT_EQ(told(server.change(dry, kClosed, noon() + hours{2}), {dry}), "pager: closed alice");
}

// --- bursts ---

TEST(Router, TellsTheFirstOfABurstAtOnceAndTheRestTogether) {
  RoutingServer server(chat());
  std::vector<std::shared_ptr<engine::Signal>> signals;
  for (const auto* name : {"alice", "bob", "carol"}) signals.push_back(made({.group = {name}}));
  const auto other = made({.rule = "other", .group = {"dave"}});
  EXPECT_EQ(told(server.change(signals[0], kOpened, noon()), signals), "chat: opened alice");
  EXPECT_EQ(told(server.change(signals[1], kOpened, noon() + seconds{10}), signals), "");
  EXPECT_EQ(told(server.change(other, kOpened, noon() + seconds{11}), {other}), "chat: opened dave");
  server.restart();
  EXPECT_EQ(told(server.change(signals[2], kOpened, noon() + seconds{20}), signals), "");
  EXPECT_EQ(server.router().next(), noon() + seconds{60});
  EXPECT_EQ(server.router().status(noon()).waiting, 2u);
  EXPECT_EQ(told(server.until(noon() + seconds{60}), signals), "chat: opened bob opened carol (they came within 1m)");
  EXPECT_TRUE(server.until(noon() + hours{1}).empty());
  EXPECT_EQ(server.router().next(), engine::EventTime::max()) << "the burst is over and forgotten";
  const auto late = made({.group = {"erin"}});
  EXPECT_EQ(told(server.change(late, kOpened, noon() + hours{1}), {late}), "chat: opened erin");
}

TEST(Router, WaitsForOthersWhereItIsTold) {
  auto waiting = default_route({sink("chat", "slack")});
  waiting.group_wait = seconds{30};
  waiting.group_by = {};
  RoutingServer server(options({sink("chat", "slack")}, {waiting}));
  const auto first = made({});
  const auto second = made({.rule = "other", .group = {"bob"}});
  EXPECT_TRUE(server.change(first, kOpened, noon()).empty());
  EXPECT_TRUE(server.change(second, kOpened, noon() + seconds{29}).empty());
  EXPECT_EQ(told(server.until(noon() + seconds{30}), {first, second}),
            "chat: opened alice opened bob (they came within 1m)");
}

TEST(Router, TellsAGroupThatHasNoRoomAtOnce) {
  auto few = chat();
  few.most_batches = 1;
  RoutingServer server(few);
  const auto first = made({.rule = "a"});
  const auto second = made({.rule = "b"});
  EXPECT_EQ(server.change(first, kOpened, noon()).size(), 1u);
  EXPECT_EQ(server.change(second, kOpened, noon()).size(), 1u);
  EXPECT_EQ(server.change(second, kWidened, noon() + seconds{1}).size(), 1u) << "it has none to wait in";
}

// --- what does not flood ---

/// Of what the deliveries tell: how many signals, listed or counted.
std::uint64_t signals_in(const std::vector<Delivery>& deliveries) {
  std::uint64_t all = 0;
  for (const Delivery& delivery : deliveries) all += delivery.members.size() + delivery.more;
  return all;
}

TEST(Router, TellsANoisyRuleOnceAnHourUntilItCalmsDown) {
  RoutingServer server(chat());
  std::map<int, std::size_t> messages;  // by hour
  std::uint64_t told_of = 0;
  const auto count = [&](const std::vector<Delivery>& deliveries) {
    for (const Delivery& delivery : deliveries) {
      ++messages[static_cast<int>((delivery.written_at - noon()) / hours{1})];
    }
    told_of += signals_in(deliveries);
  };
  int signals = 0;
  auto now = noon();
  const auto open = [&](std::chrono::milliseconds every, std::chrono::milliseconds span) {
    for (const auto end = now + span; now < end; now += every) {
      count(server.until(now));
      count(server.change(made({.group = {std::to_string(signals++)}}), kOpened, now));
    }
  };
  open(minutes{1}, hours{4});   // 60 an hour
  open(minutes{10}, hours{4});  // 6 an hour
  count(server.until(now + hours{2}));
  EXPECT_EQ(told_of, static_cast<std::uint64_t>(signals)) << "each is told of once";
  // In the first hour its first 20 signals, each a minute after the one before, and the first digest; then a digest an
  // hour; and at last every signal by itself again.
  EXPECT_EQ(messages[0], 21u);
  for (const int hour : {1, 2, 3}) EXPECT_EQ(messages[hour], 1u) << hour;
  for (const int hour : {6, 7}) EXPECT_EQ(messages[hour], 6u) << hour;
  EXPECT_EQ(server.router().status(now + hours{2}).noisy_rules, 0u);
}

TEST(Router, KeepsUpdatesOfANoisyRuleOutOfItsDigest) {
  auto all_changes = default_route({sink("chat", "slack")});
  all_changes.changes = {kOpened, kWidened, kUpdated};
  all_changes.digest_above = 1;
  RoutingServer server(options({sink("chat", "slack")}, {all_changes}));
  std::vector<Delivery> all;
  for (int i = 0; i < 10; ++i) {
    const auto signal = made({.group = {std::to_string(i)}});
    for (const Change change : {kOpened, kUpdated, kWidened}) {
      const auto some = server.change(signal, change, noon() + seconds{i});
      all.insert(all.end(), some.begin(), some.end());
    }
  }
  const auto rest = server.until(noon() + minutes{5});
  ASSERT_FALSE(rest.empty());
  EXPECT_EQ(rest.back().members.size(), 9u);
  for (const Member& member : rest.back().members) EXPECT_EQ(member.change, kOpened);
}

TEST(Router, LeavesQueuesAndFilesEverySignalOfANoisyRule) {
  RoutingServer server(options({sink("queue", "sqs"), sink("file", "file")}));
  std::size_t deliveries = 0;
  for (int i = 0; i < 500; ++i) {
    deliveries += server.change(made({.group = {std::to_string(i)}}), kOpened, noon() + seconds{i}).size();
  }
  EXPECT_EQ(deliveries, 1000u);
  EXPECT_EQ(server.router().next(), engine::EventTime::max());
}

TEST(Router, HoldsBackWhatIsBeyondTheRateAndSaysHowMuch) {
  auto few = default_route({sink("chat", "slack")});
  few.rate = Rate{3, minutes{10}};
  few.group_by = {GroupBy::kRule};
  RoutingServer server(options({sink("chat", "slack")}, {few}));
  std::vector<Delivery> all;
  for (int i = 0; i < 100; ++i) {  // each of another rule, so that nothing else groups them
    const auto now = noon() + seconds{i};
    const auto due = server.until(now);
    all.insert(all.end(), due.begin(), due.end());
    const auto some = server.change(made({.rule = std::to_string(i)}), kOpened, now);
    all.insert(all.end(), some.begin(), some.end());
    if (i == 50) server.restart();
  }
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(server.routed(Routed::kHeldBack), 49u) << "of this process";
  all = server.until(noon() + hours{1});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.front().written_at, noon() + minutes{10});
  EXPECT_EQ(all.front().members.size(), Batch::kMostMembers);
  EXPECT_EQ(all.front().more, 97 - Batch::kMostMembers);
  EXPECT_EQ(all.front().reason, "beyond 3 messages in 10m");
}

TEST(Router, DoesNotReopenWhatClosedWhileItWasHeldBack) {
  auto few = default_route({sink("pager", "pagerduty")});
  few.rate = Rate{1, minutes{10}};
  RoutingServer server(options({sink("pager", "pagerduty")}, {few}));
  const auto first = made({});
  const auto second = made({.group = {"bob"}});
  EXPECT_EQ(told(server.change(first, kOpened, noon()), {first}), "pager: opened alice");
  EXPECT_EQ(told(server.change(second, kOpened, noon() + minutes{1}), {second}), "");
  EXPECT_EQ(told(server.change(second, kClosed, noon() + minutes{2}), {second}), "pager: closed bob");
  EXPECT_EQ(told(server.until(noon() + minutes{10}), {second}), "pager: closed bob");
}

// --- between processes ---

TEST(Router, TellsWhatWaitedThoughItsRouteIsGone) {
  RoutingServer before(chat());
  const auto first = made({});
  const auto second = made({.group = {"bob"}});
  before.change(first, kOpened, noon());
  before.change(second, kOpened, noon() + seconds{1});
  std::vector<RoutingRow> rows;
  for (const auto& [key, blob] : before.rows()) rows.push_back({key, blob});

  auto renamed = default_route({sink("chat", "slack")});
  renamed.name = "renamed";
  Router after(options({sink("chat", "slack")}, {renamed}));
  ASSERT_TRUE(after.restore(2, rows));
  EXPECT_EQ(told(after.step({}, nullptr, noon() + minutes{2}).deliveries, {second}), "chat: opened bob");

  Router without(options({sink("other", "slack")}));
  ASSERT_TRUE(without.restore(2, rows));
  EXPECT_TRUE(without.step({}, nullptr, noon() + minutes{2}).deliveries.empty());
  EXPECT_EQ(without.status(noon()).routed[static_cast<std::size_t>(Routed::kUnrouted)], 1u);
}

TEST(Router, RefusesRowsThatItDoesNotKnow) {
  Router router(chat());
  for (const RoutingRow& row : {RoutingRow{"news/1", "\1"}, RoutingRow{"batch/1", "\7"}, RoutingRow{"silence/1", ""},
                                RoutingRow{"rule/1", "\1"}, RoutingRow{"told/1", "\1"}}) {
    const auto restored = router.restore(0, {&row, 1});
    ASSERT_FALSE(restored) << row.key;
    EXPECT_EQ(restored.error().code, engine::ErrorCode::kStore);
  }
}

}  // namespace
}  // namespace tripline::alerts
