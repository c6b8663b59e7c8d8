// What pagers and Alertmanager hold open, and when it is closed there.

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "alerts/router.h"
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

Router::Options pager() { return routing_options({sink("pager", "pagerduty")}); }

Silence of_the_rule(engine::EventTime from, engine::EventTime until) {
  return {.id = "s",
          .match = {.rule = {"rule"}},
          .from = from,
          .until = until,
          .made = from,
          .by = "",
          .comment = "we know"};
}

TEST(RouterHolds, ClosesWhatAReceiverHoldsOpenWhateverItsRouteSays) {
  RoutingServer server(routing_options({sink("pager", "pagerduty"), sink("chat", "slack")}));
  const auto signal = made({});
  const auto unknown = made({.rule = "unknown"});
  server.change(signal, kOpened, noon());
  server.restart();
  EXPECT_EQ(told(server.change(unknown, kClosed, noon() + hours{2}), {unknown}), "") << "it was never told of that";
  EXPECT_EQ(told(server.change(signal, kClosed, noon() + hours{2}), {signal}), "pager: closed alice");
  EXPECT_EQ(told(server.change(signal, kClosed, noon() + hours{2}), {signal}), "") << "it knows";
}

TEST(RouterHolds, KeepsOpenWhatGoesOnInTheNextPeriod) {
  RoutingServer server(pager());
  const auto first = made({});
  const auto next = made({.period = 1, .continues = true});
  const auto last = made({.period = 2, .continues = true});
  server.change(first, kOpened, noon());
  EXPECT_EQ(told(server.change(next, kOpened, noon() + hours{1}), {next}), "pager: updated alice");
  EXPECT_EQ(told(server.change(first, kClosed, noon() + hours{2}, true), {first}), "");
  EXPECT_EQ(told(server.change(next, kClosed, noon() + hours{3}), {next}), "pager: closed alice");
  EXPECT_EQ(told(server.change(last, kOpened, noon() + hours{3}), {last}), "pager: updated alice")
      << "it was over, and is there again";
  EXPECT_EQ(told(server.change(last, kClosed, noon() + hours{4}), {last}), "pager: closed alice");
}

TEST(RouterHolds, ClosesWithTheLastSignalInWhateverOrder) {
  RoutingServer server(pager());
  const auto first = made({});
  const auto next = made({.period = 1, .continues = true});
  server.change(first, kOpened, noon());
  server.change(next, kOpened, noon() + hours{1});
  server.restart();
  EXPECT_EQ(told(server.change(next, kClosed, noon() + hours{3}), {next}), "");
  EXPECT_EQ(told(server.change(first, kClosed, noon() + hours{3}), {first}), "pager: closed alice");
  EXPECT_EQ(server.router().status(noon()).threads, 0u);
}

TEST(RouterHolds, ClosesAlsoWhatIsSilencedByNow) {
  RoutingServer server(pager());
  const auto signal = made({});
  server.change(signal, kOpened, noon());
  server.keep(*server.router().silence(of_the_rule(noon(), noon() + hours{9}), noon()));
  EXPECT_EQ(told(server.change(signal, kWidened, noon() + hours{1}), {signal}), "");
  EXPECT_EQ(told(server.change(signal, kClosed, noon() + hours{2}), {signal}), "pager: closed alice");
}

TEST(RouterHolds, ClosesAlsoWhatIsADryRunByNow) {
  RoutingServer server(pager());
  server.change(made({}), kOpened, noon());
  const auto dry = made({.dry_run = true});
  EXPECT_EQ(told(server.change(dry, kUpdated, noon() + hours{1}), {dry}), "");
  EXPECT_EQ(told(server.change(dry, kClosed, noon() + hours{2}), {dry}), "pager: closed alice");
}

// A pager was told of a signal, and not of the one that closes last.
TEST(RouterHolds, ClosesWithTheLastSignalWhoeverWasToldOfIt) {
  const auto first = made({});
  const auto next = made({.period = 1, .continues = true});
  const auto low = made({.level = engine::Level::kLow, .period = 1, .continues = true});
  const struct {
    std::string_view name;
    std::shared_ptr<engine::Signal> last;
    std::function<void(RoutingServer&)> meanwhile;
  } cases[] = {
      {"it was silenced", next,
       [](RoutingServer& server) {
         server.keep(*server.router().silence(of_the_rule(noon(), noon() + hours{9}), noon()));
       }},
      {"its level was lowered, and no route takes it", low, [](RoutingServer&) {}},
      {"its rule was noisy by then", next,
       [](RoutingServer& server) {
         for (int i = 0; i < 100; ++i) server.change(made({.group = {std::to_string(i)}}), kOpened, noon());
       }},
  };
  for (const auto& c : cases) {
    for (const bool first_closes_before : {true, false}) {
      SCOPED_TRACE(c.name);
      RoutingServer server(pager());
      EXPECT_EQ(told(server.change(first, kOpened, noon()), {first}), "pager: opened alice");
      c.meanwhile(server);
      server.until(noon() + minutes{30});
      if (first_closes_before) {
        EXPECT_EQ(told(server.change(first, kClosed, noon() + minutes{70}, true), {first}), "");
        server.restart();
      }
      server.change(c.last, kOpened, noon() + minutes{80});
      server.restart();
      if (!first_closes_before) {
        EXPECT_EQ(told(server.change(first, kClosed, noon() + minutes{90}, true), {first}), "");
      }
      EXPECT_EQ(told(server.change(c.last, kClosed, noon() + hours{4}), {c.last}), "pager: closed alice");
    }
  }
}

// An event comes for a signal of a period that is over: the signal changes, and does not close again.
TEST(RouterHolds, OpensNothingForWhatWillNotCloseAgain) {
  RoutingServer server(pager());
  auto signal = made({.level = engine::Level::kCritical});
  server.change(signal, kOpened, noon());
  signal = std::make_shared<engine::Signal>(*signal);
  signal->closed = true;
  EXPECT_EQ(told(server.change(signal, kClosed, noon() + hours{2}), {signal}), "pager: closed alice");
  for (const Change change : {kUpdated, kWidened}) {
    EXPECT_EQ(told(server.change(signal, change, noon() + hours{3}), {signal}), "");
  }
  const auto next = made({.period = 3});
  server.change(next, kOpened, noon() + hours{3});
  EXPECT_EQ(told(server.change(signal, kWidened, noon() + hours{3}), {signal}), "pager: widened alice")
      << "it adds to what is open";
  EXPECT_EQ(told(server.change(next, kClosed, noon() + hours{5}), {next}), "pager: closed alice");
  EXPECT_EQ(server.router().status(noon()).threads, 0u);
}

TEST(RouterHolds, OpensAndClosesWhatWasOverBeforeItCouldBeTold) {
  auto few = default_route({sink("pager", "pagerduty")});
  few.rate = Rate{1, hours{9}};
  RoutingServer server(routing_options({sink("pager", "pagerduty")}, {few}));
  const auto first = made({});
  const auto second = made({.group = {"bob"}});
  EXPECT_EQ(told(server.change(first, kOpened, noon()), {first}), "pager: opened alice");
  EXPECT_EQ(told(server.change(second, kOpened, noon() + minutes{1}), {second}), "");
  EXPECT_EQ(told(server.change(second, kClosed, noon() + hours{2}), {second}), "");
  server.restart();
  const auto late = server.until(noon() + hours{9});
  EXPECT_EQ(told(late, {second}), "pager: opened bob; pager: closed bob");
  ASSERT_EQ(late.size(), 2u);
  EXPECT_EQ(late[0].thread, thread_of(*second));
  EXPECT_EQ(late[1].thread, late[0].thread) << "so that they stay in order";
  EXPECT_NE(late[1].key, late[0].key);
}

TEST(RouterHolds, ClosesWhatWasToldByItselfAfterItWaited) {
  auto few = default_route({sink("pager", "pagerduty")});
  few.rate = Rate{1, minutes{10}};
  RoutingServer server(routing_options({sink("pager", "pagerduty")}, {few}));
  const auto first = made({});
  const auto second = made({.group = {"bob"}});
  server.change(first, kOpened, noon());
  server.change(second, kOpened, noon() + minutes{1});
  EXPECT_EQ(told(server.until(noon() + minutes{10}), {second}), "pager: opened bob");
  EXPECT_EQ(told(server.change(second, kClosed, noon() + hours{2}), {second}), "pager: closed bob");
}

TEST(RouterHolds, ClosesNothingForWhatItToldTogether) {
  RoutingServer server(pager());
  std::vector<std::shared_ptr<engine::Signal>> signals;
  std::size_t messages = 0;
  for (int i = 0; i < 60; ++i) {
    signals.push_back(made({.group = {std::to_string(i)}}));
    messages += server.change(signals.back(), kOpened, noon()).size();
  }
  messages += server.until(noon() + minutes{30}).size();
  EXPECT_EQ(messages, 21u) << "20 incidents, and one of the rule";
  std::size_t closed = 0;
  for (const auto& signal : signals) closed += server.change(signal, kClosed, noon() + hours{2}).size();
  EXPECT_EQ(closed, 20u);
  EXPECT_EQ(server.router().status(noon()).threads, 0u);
}

TEST(RouterHolds, ForgetsWhatASinkHeldThatIsNotConfiguredAnyMore) {
  RoutingServer server(pager());
  server.change(made({}), kOpened, noon());
  std::vector<RoutingRow> rows;
  for (const auto& [key, blob] : server.rows()) rows.push_back({key, blob});
  Router without(routing_options({sink("chat", "slack")}));
  ASSERT_TRUE(without.restore(1, rows));
  EXPECT_EQ(without.status(noon()).threads, 0u);
  const auto gone = without.step({}, nullptr, noon()).rows;
  EXPECT_EQ(std::count_if(gone.begin(), gone.end(), [](const RoutingRow& row) { return !row.blob; }), 1);
}

}  // namespace
}  // namespace tripline::alerts
