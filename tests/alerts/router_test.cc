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
using tests::routing_options;
using tests::RoutingServer;
using tests::sink;
using tests::told;
using enum Change;

Router::Options chat() { return routing_options({sink("chat", "slack")}); }
Router::Options pager() { return routing_options({sink("pager", "pagerduty")}); }

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
    Router router(routing_options(sinks, c.routes));
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
  RoutingServer server(routing_options({sink("queue", "sqs")}, {openings, rest}));
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
  RoutingServer server(routing_options({sink("queue", "sqs")}, {all}));
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
  RoutingServer server(routing_options({sink("chat", "slack")}, {once}));
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
  RoutingServer server(routing_options({sink("chat", "slack")}, {waiting}));
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

// --- between processes ---

TEST(Router, TellsWhatWaitedThoughItsRouteOrItsSinkIsGone) {
  RoutingServer before(chat());
  const auto first = made({});
  const auto second = made({.group = {"bob"}});
  before.change(first, kOpened, noon());
  before.change(second, kOpened, noon() + seconds{1});
  std::vector<RoutingRow> rows;
  for (const auto& [key, blob] : before.rows()) rows.push_back({key, blob});

  auto renamed = default_route({sink("chat", "slack")});
  renamed.name = "renamed";
  Router after(routing_options({sink("chat", "slack")}, {renamed}));
  ASSERT_TRUE(after.restore(2, rows));
  EXPECT_EQ(told(after.step({}, nullptr, noon() + minutes{2}).deliveries, {second}), "chat: opened bob");

  Router without(routing_options({sink("other", "slack")}));
  ASSERT_TRUE(without.restore(2, rows));
  EXPECT_EQ(told(without.step({}, nullptr, noon() + minutes{2}).deliveries, {second}), "chat: opened bob")
      << "for a sink that is gone, to be parked";
}

TEST(Router, RefusesRowsThatItDoesNotKnow) {
  Router router(chat());
  for (const RoutingRow& row : {RoutingRow{"news/1", "\1"}, RoutingRow{"batch/1", "\7"}, RoutingRow{"silence/1", ""},
                                RoutingRow{"rule/1", "\7"}, RoutingRow{"told/1", "\1"}}) {
    const auto restored = router.restore(0, {&row, 1});
    ASSERT_FALSE(restored) << row.key;
    EXPECT_EQ(restored.error().code, engine::ErrorCode::kStore);
  }
}

}  // namespace
}  // namespace tripline::alerts
