#include "alerts/explain_routes.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/routing.h"

namespace tripline::alerts {
namespace {

RoutedSink sink(std::string_view name, std::string_view kind) { return {std::string(name), find_sink_kind(kind)}; }

AskedChange asked(const tests::MadeSignal& signal, Change change = Change::kOpened) {
  return {SignalTraits::of(*tests::made(signal), nullptr), signal.level, change, signal.continues};
}

std::string words(const std::vector<RouteAnswer>& answers) {
  std::string all;
  for (const RouteAnswer& answer : answers) {
    all += answer.route + ": " + (answer.takes ? "takes it" : answer.why) + "\n";
    for (const auto& to : answer.sinks) all += "  " + to.sink + (to.told ? " told " : " not: ") + to.how + "\n";
  }
  return all;
}

TEST(ExplainRoutes, SaysWhyEachRouteTakesASignalOrNot) {
  const std::vector<RoutedSink> sinks = {sink("chat", "slack"), sink("pager", "pagerduty"), sink("queue", "sqs")};
  Route critical;
  critical.name = "critical";
  critical.match.level = {"critical"};
  critical.sinks = {"pager"};
  Route all = default_route({sinks[0], sinks[2]});
  all.name = "all";
  all.goes_on = true;
  Route rest = default_route(sinks);
  rest.name = "rest";
  Route never = default_route(sinks);
  never.name = "never";
  EXPECT_EQ(words(explain_routes({critical, all, rest, never}, sinks, asked({}))),
            "critical: level is high, not critical\n"
            "all: takes it\n"
            "  chat told at once; what follows within 1m of others of its rule comes in one message; above 20 signals "
            "of its rule in an hour a digest every 1h; again every 1d while it goes on\n"
            "  queue told at once\n"
            "rest: takes it\n"
            "  chat not: `all` tells it already\n"
            "  pager told at once; above 20 signals of its rule in an hour a digest every 1h; again every 1d while it "
            "goes on; and when it closes\n"
            "  queue not: `all` tells it already\n"
            "never: it is not tried: `rest` takes the signal, and does not say `continue`\n");
  EXPECT_EQ(words(explain_routes({all}, sinks, asked({}, Change::kUpdated))),
            "all: takes it\n"
            "  chat not: the route tells opened, and from level high on widened; it is told if the sink last heard of "
            "it 1d ago, or never\n"
            "  queue not: the route tells opened, and from level high on widened\n");
  EXPECT_EQ(words(explain_routes({rest}, {sinks[1]}, asked({}, Change::kClosed))),
            "rest: takes it\n"
            "  pager told at once, if it was told of the signal\n");
  EXPECT_EQ(words(explain_routes({all}, {sinks[2]}, asked({.continues = true}))),
            "all: takes it\n"
            "  queue not: the route tells opened, and from level high on widened, and what continues the signal of the "
            "period before is an update\n");
}

TEST(ExplainRoutes, SaysThePaceThatARouteIsTold) {
  Route slow = default_route({sink("chat", "slack")});
  slow.group_by = {GroupBy::kAccount, GroupBy::kActor};
  slow.group_wait = std::chrono::seconds{30};
  slow.group_interval = std::chrono::minutes{5};
  slow.repeat_interval = std::chrono::seconds{0};
  slow.digest_above = 0;
  slow.rate = Rate{10, std::chrono::hours{1}};
  EXPECT_EQ(words(explain_routes({slow}, {sink("chat", "slack")}, asked({}))),
            "default: takes it\n"
            "  chat told after 30s, with others of its account, actor that came meanwhile; what follows within 5m of "
            "others of its account, actor comes in one message; at most 10 messages in 1h\n");
}

/// Of a Router that knows nothing of the past.
TEST(ExplainRoutes, AgreesWithWhatIsDone) {
  std::mt19937 random(3);
  const std::vector<RoutedSink> sinks = {sink("chat", "slack"), sink("pager", "pagerduty"), sink("queue", "sqs"),
                                         sink("hook", "webhook")};
  std::size_t told = 0, not_told = 0;
  for (int run = 0; run < 2000; ++run) {
    std::vector<Route> routes;
    for (auto left = 1 + random() % 4; left > 0; --left) {
      Route& route = routes.emplace_back();
      route.name = std::to_string(routes.size());
      if (random() % 2 == 0) route.match.level = {random() % 2 == 0 ? "high" : "low"};
      if (random() % 3 == 0) route.match.rule = {random() % 2 == 0 ? "rule" : "other"};
      for (const RoutedSink& one : sinks) {
        if (random() % 2 == 0) route.sinks.push_back(one.name);
      }
      route.goes_on = random() % 2 == 0;
      if (random() % 2 == 0) {
        route.changes.emplace();
        for (const ChangeRow& row : kChanges) {
          if (random() % 2 == 0) route.changes->push_back(row.change);
        }
      }
      route.repeat_interval = std::chrono::seconds{0};  // else what was never told is told
    }
    const tests::MadeSignal as{.level = random() % 2 == 0 ? engine::Level::kHigh : engine::Level::kLow,
                               .continues = random() % 2 == 0};
    const Change change = kChanges[random() % 3].change;  // a closing depends on the past
    std::set<std::string> expected, got;
    for (const auto& answer : explain_routes(routes, sinks, asked(as, change))) {
      for (const auto& to : answer.sinks) {
        if (to.told) expected.insert(to.sink);
        (to.told ? told : not_told) += 1;
      }
    }
    tests::RoutingServer server({.routes = routes, .sinks = sinks});
    for (const Delivery& delivery : server.change(tests::made(as), change, tests::noon())) got.insert(delivery.sink);
    ASSERT_EQ(got, expected) << run;
  }
  EXPECT_GT(told, 1000u);
  EXPECT_GT(not_told, 1000u);
}

}  // namespace
}  // namespace tripline::alerts
