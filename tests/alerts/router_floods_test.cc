// What keeps routing from flooding people: digests of noisy rules, and rates.

#include <functional>
#include <map>

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
using tests::signals_in;
using tests::sink;
using tests::told;
using enum Change;

Router::Options chat() { return routing_options({sink("chat", "slack")}); }

TEST(RouterFloods, TellsANoisyRuleOnceAnHourUntilItCalmsDown) {
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

TEST(RouterFloods, KeepsUpdatesOfANoisyRuleOutOfItsDigest) {
  auto all_changes = default_route({sink("chat", "slack")});
  all_changes.changes = {kOpened, kWidened, kUpdated};
  all_changes.digest_above = 1;
  RoutingServer server(routing_options({sink("chat", "slack")}, {all_changes}));
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

TEST(RouterFloods, LeavesQueuesAndFilesEverySignalOfANoisyRule) {
  RoutingServer server(routing_options({sink("queue", "sqs"), sink("file", "file")}));
  std::size_t deliveries = 0;
  for (int i = 0; i < 500; ++i) {
    deliveries += server.change(made({.group = {std::to_string(i)}}), kOpened, noon() + seconds{i}).size();
  }
  EXPECT_EQ(deliveries, 1000u);
  EXPECT_EQ(server.router().next(), engine::EventTime::max());
}

TEST(RouterFloods, HoldsBackWhatIsBeyondTheRateAndSaysHowMuch) {
  auto few = default_route({sink("chat", "slack")});
  few.rate = Rate{3, minutes{10}};
  few.group_by = {GroupBy::kRule};
  RoutingServer server(routing_options({sink("chat", "slack")}, {few}));
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
  EXPECT_EQ(all.front().members.size(), Batch::kMostListed);
  EXPECT_EQ(all.front().more, 97 - Batch::kMostListed);
  EXPECT_EQ(all.front().reason, "beyond 3 messages in 10m");
}

// --- whatever makes a sink hear of a signal ---

/// 300 signals of one rule, and what makes a sink hear of all of them within a minute.
struct Wave {
  std::string_view name;
  std::function<void(RoutingServer&, const std::vector<std::shared_ptr<engine::Signal>>&)> before;
  engine::EventTime at;
  int period;
  Change change;
};

const Wave kWaves[] = {
    {"they open", [](auto&, const auto&) {}, noon(), 0, kOpened},
    {"a silence has ended",
     [](RoutingServer& server, const auto& signals) {
       server.keep(*server.router().silence({.id = "s",
                                             .match = {.rule = {"rule"}},
                                             .from = noon(),
                                             .until = noon() + minutes{30},
                                             .made = noon(),
                                             .by = "",
                                             .comment = "we know"},
                                            noon()));
       for (const auto& signal : signals) {
         EXPECT_TRUE(server.change(signal, kOpened, noon() + minutes{1}).empty());
       }
     },
     noon() + minutes{31}, 0, kUpdated},
    {"the sink is new", [](auto&, const auto&) {}, noon(), 0, kUpdated},
    {"it is time to tell them again",
     [](RoutingServer& server, const auto& signals) {
       for (const auto& signal : signals) server.change(signal, kOpened, noon());
       server.until(noon() + hours{1});
     },
     noon() + hours{24}, 24, kOpened},
    {"they widen an hour after a digest",
     [](RoutingServer& server, const auto& signals) {
       for (const auto& signal : signals) server.change(signal, kOpened, noon());
       server.until(noon() + hours{2});
     },
     noon() + hours{2}, 0, kWidened},
};

TEST(RouterFloods, AreBoundedWhateverMakesASinkHearOfSignals) {
  constexpr int kSignals = 300;
  for (const auto* kind : {"slack", "webhook", "pagerduty", "alertmanager"}) {
    for (const Wave& wave : kWaves) {
      SCOPED_TRACE(std::string(kind) + ": " + std::string(wave.name));
      RoutingServer server(routing_options({sink("soc", kind)}));
      std::vector<std::shared_ptr<engine::Signal>> signals;
      for (int i = 0; i < kSignals; ++i) signals.push_back(made({.group = {std::to_string(i)}}));
      wave.before(server, signals);
      server.restart();
      const bool closes = find_sink_kind(kind)->closes;
      std::size_t messages = 0;
      std::uint64_t told_of = 0;
      const auto see = [&](const std::vector<Delivery>& deliveries) {
        messages += deliveries.size();
        told_of += signals_in(deliveries);
      };
      for (int i = 0; i < kSignals; ++i) {
        const auto now = wave.at + std::chrono::milliseconds{i * 200};
        see(server.until(now));
        const auto later = made({.group = {std::to_string(i)}, .period = wave.period, .continues = wave.period > 0});
        see(server.change(wave.period > 0 ? later : signals[static_cast<std::size_t>(i)], wave.change, now));
      }
      see(server.until(wave.at + hours{3}));
      // Twenty incidents and a digest; in a chat the first, what came within a minute, and a digest. What a pager holds
      // open is told beside, as it makes nothing new there.
      EXPECT_LE(messages, closes ? 41u : 3u);
      EXPECT_EQ(told_of, static_cast<std::uint64_t>(kSignals)) << "each once, listed or counted";
    }
  }
}

TEST(RouterFloods, OfOneSinkAreNoNoiseAtAnother) {
  auto prod = default_route({sink("prod", "slack")});
  prod.match.account = {"1*"};
  auto rest = default_route({sink("rest", "slack")});
  rest.name = "rest";
  RoutingServer server(routing_options({sink("prod", "slack"), sink("rest", "slack")}, {prod, rest}));
  for (int i = 0; i < 100; ++i) {
    server.change(made({.group = {std::to_string(i)}, .accounts = {"222233334444"}}), kOpened, noon());
  }
  server.until(noon() + minutes{10});
  const auto alice = made({});
  EXPECT_EQ(told(server.change(alice, kOpened, noon() + minutes{10}), {alice}), "prod: opened alice");
  EXPECT_EQ(server.router().status(noon() + minutes{10}).noisy_rules, 1u);
}

TEST(RouterFloods, CountASignalOnceHoweverOftenItChanges) {
  auto all = default_route({sink("chat", "slack")});
  all.changes = {kOpened, kWidened, kUpdated};
  RoutingServer server(routing_options({sink("chat", "slack")}, {all}));
  const auto signal = made({});
  server.change(signal, kOpened, noon());
  for (int i = 1; i < 59; ++i) server.change(signal, kUpdated, noon() + minutes{i});
  EXPECT_EQ(server.router().status(noon() + minutes{59}).noisy_rules, 0u);
}

// A digest lists 50 signals and counts the rest: what those do meanwhile must not be counted again.
TEST(RouterFloods, CountASignalOnceInADigestHoweverOftenItChanges) {
  auto all = default_route({sink("chat", "slack")});
  all.changes = {kOpened, kWidened, kUpdated, kClosed};
  all.digest_above = 0;
  RoutingServer grouped(routing_options({sink("chat", "slack")}, {all}));
  all.digest_above = 20;
  RoutingServer digested(routing_options({sink("chat", "slack")}, {all}));
  all.digest_above = 0;
  all.rate = Rate{1, minutes{10}};
  RoutingServer held_back(routing_options({sink("chat", "slack")}, {all}));
  for (RoutingServer* server : {&grouped, &digested, &held_back}) {
    std::uint64_t told_of = 0;
    for (const Change change : {kOpened, kUpdated, kWidened, kClosed}) {
      for (int i = 0; i < 200; ++i) {
        // Without those that are told by themselves before it becomes noisy.
        if (change != kOpened && i < 20) continue;
        told_of += signals_in(server->change(made({.group = {std::to_string(i)}}), change, noon() + seconds{1}));
      }
      server->restart();
    }
    told_of += signals_in(server->until(noon() + hours{2}));
    EXPECT_EQ(told_of, 200u);
  }
}

TEST(RouterFloods, HaveRoomForADigestHoweverMuchWaits) {
  auto few = chat();
  few.most_batches = 1;
  RoutingServer server(few);
  server.change(made({.rule = "other"}), kOpened, noon());
  std::size_t messages = 0;
  for (int i = 0; i < 100; ++i) messages += server.change(made({.group = {std::to_string(i)}}), kOpened, noon()).size();
  messages += server.until(noon() + hours{2}).size();
  EXPECT_EQ(messages, 21u);
}

TEST(RouterFloods, TellWhatWidenedThoughTheRuleIsNoisy) {
  RoutingServer server(routing_options({sink("chat", "slack")}));
  const auto alice = made({});
  server.change(alice, kOpened, noon());
  for (int i = 0; i < 30; ++i) server.change(made({.group = {std::to_string(i)}}), kOpened, noon() + seconds{1});
  server.until(noon() + minutes{5});
  EXPECT_EQ(told(server.change(alice, kWidened, noon() + minutes{6}), {alice}), "");
  EXPECT_EQ(told(server.until(noon() + hours{2}), {alice}), "chat: widened alice");
}

}  // namespace
}  // namespace tripline::alerts
