// Random histories of signals through a Router: a crash between any two steps changes nothing, nothing is told twice,
// and nothing that is to be told is missing.

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "alerts/router.h"
#include "tests/support/routing.h"

namespace tripline::alerts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Happening {
  engine::EventTime at;
  std::vector<SignalChange> changes;
};

/// A few rules and groups; some rules are noisy now and then, some signals are of a level that the pager is not told
/// of, and everything closes in the end.
std::vector<Happening> history(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Happening> all;
  std::map<std::string, std::shared_ptr<engine::Signal>> open;  // by id
  auto now = tests::noon();
  std::uint64_t number = 0;
  const auto change = [&](Happening& into, std::shared_ptr<engine::Signal> signal, Change what, bool goes_on = false) {
    into.changes.push_back({.number = ++number, .change = what, .signal = std::move(signal), .goes_on = goes_on});
  };
  for (int step = 0; step < 400; ++step) {
    now += seconds{random() % (step / 50 % 2 == 0 ? 5 : 600)};
    Happening& happening = all.emplace_back(Happening{now, {}});
    for (auto left = random() % 4; left > 0; --left) {
      const int period = static_cast<int>((now - tests::noon()) / hours{1});
      tests::MadeSignal as;
      as.rule = "rule" + std::to_string(random() % 3);
      as.group = {std::to_string(random() % (as.rule == "rule1" ? 100 : 5))};
      as.period = period;
      as.level = as.rule == "rule0" && (period + as.group.front().front()) % 4 != 0 ? engine::Level::kCritical
                                                                                    : engine::Level::kMedium;
      as.continues = open.contains(tests::made({.rule = as.rule, .group = as.group, .period = period - 1})->id);
      const auto signal = tests::made(as);
      const bool fresh = open.emplace(signal->id, signal).second;
      change(happening, open[signal->id],
             fresh               ? Change::kOpened
             : random() % 3 == 0 ? Change::kWidened
                                 : Change::kUpdated);
    }
    for (auto at = open.begin(); at != open.end();) {
      const bool over = at->second->closes_at + minutes{30} <= now;
      if (over) change(happening, at->second, Change::kClosed, open.contains(next_signal_id(*at->second)));
      at = over ? open.erase(at) : std::next(at);
    }
  }
  Happening& end = all.emplace_back(Happening{now + hours{9}, {}});
  for (const auto& [id, signal] : open) change(end, signal, Change::kClosed);
  all.push_back({now + hours{20}, {}});
  return all;
}

Router::Options options() {
  const auto sink = [](std::string_view name, std::string_view kind) {
    return RoutedSink{std::string(name), find_sink_kind(kind)};
  };
  Router::Options all{.routes = {}, .sinks = {sink("chat", "slack"), sink("pager", "pagerduty"), sink("queue", "sqs")}};
  Route critical = default_route({all.sinks[1]});
  critical.name = "critical";
  critical.match.level = {"critical"};
  critical.goes_on = true;
  Route people = default_route({all.sinks[0]});
  people.name = "people";
  people.goes_on = true;
  people.digest_above = 5;
  people.rate = Rate{4, minutes{30}};
  Route machines = default_route({all.sinks[2]});
  machines.name = "machines";
  machines.changes = {Change::kOpened, Change::kWidened, Change::kUpdated, Change::kClosed};
  all.routes = {critical, people, machines};
  return all;
}

/// Steps as a server does them. A crash now and then loses a step that was not made durable, which is done again.
std::vector<Delivery> run(const std::vector<Happening>& history, std::mt19937* crashes) {
  std::map<std::string, std::string> rows;
  std::uint64_t position = 0;
  std::vector<Delivery> deliveries;
  auto router = std::make_unique<Router>(options());
  const auto start = [&] {
    std::vector<RoutingRow> stored;
    for (const auto& [key, blob] : rows) stored.push_back({key, blob});
    router = std::make_unique<Router>(options());
    EXPECT_TRUE(router->restore(position, stored));
  };
  const auto step = [&](const std::vector<SignalChange>& changes, engine::EventTime now) {
    if (crashes != nullptr && (*crashes)() % 5 == 0) {
      router->step(changes, nullptr, now);
      start();
    }
    RoutingStep made = router->step(changes, nullptr, now);
    for (auto& row : made.rows) {
      if (row.blob) rows[row.key] = *row.blob;
      if (!row.blob) rows.erase(row.key);
    }
    position = made.position;
    deliveries.insert(deliveries.end(), made.deliveries.begin(), made.deliveries.end());
    if (crashes != nullptr && (*crashes)() % 5 == 0) start();
  };
  for (const Happening& happening : history) {
    while (router->next() < happening.at) step({}, router->next());
    step(happening.changes, happening.at);
  }
  EXPECT_EQ(router->next(), engine::EventTime::max()) << "something waits for ever";
  return deliveries;
}

TEST(RouterHistories, AreTheSameWhateverCrashes) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const auto happenings = history(seed);
    std::mt19937 crashes(seed);
    const auto expected = run(happenings, nullptr);
    const auto got = run(happenings, &crashes);
    ASSERT_GT(expected.size(), 300u);
    ASSERT_EQ(got.size(), expected.size()) << "seed " << seed;
    for (std::size_t i = 0; i < got.size(); ++i) ASSERT_EQ(got[i], expected[i]) << "seed " << seed << ", " << i;
  }
}

TEST(RouterHistories, TellEachSinkOnceOfAllThatItIsToKnow) {
  std::size_t grouped = 0, digested = 0, held_back = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    const auto happenings = history(seed);
    std::set<std::pair<std::string, std::string>> keys;                         // sink and key
    std::map<std::pair<std::string, engine::Digest>, std::uint64_t> revisions;  // the last, by sink and signal
    std::map<std::string, std::uint64_t> told;                                  // changes, by sink
    std::set<std::uint64_t> queued;                                             // revisions
    for (const Delivery& delivery : run(happenings, nullptr)) {
      EXPECT_TRUE(keys.emplace(delivery.sink, delivery.key).second) << delivery.key;
      told[delivery.sink] += delivery.members.size() + delivery.more;
      grouped += delivery.reason.starts_with("they came") ? 1 : 0;
      digested += delivery.reason.starts_with("more than") ? 1 : 0;
      held_back += delivery.reason.starts_with("beyond") ? 1 : 0;
      for (const Member& member : delivery.members) {
        auto& last = revisions[{delivery.sink, member.signal}];
        EXPECT_GT(member.revision, last) << delivery.sink;
        last = member.revision;
        EXPECT_TRUE(delivery.sink != "queue" || queued.insert(member.revision).second);
      }
    }
    // The slow way: each change that there was.
    std::uint64_t changes = 0, openings = 0;
    for (const Happening& happening : happenings) {
      for (const SignalChange& change : happening.changes) {
        ++changes;
        if (change.change == Change::kOpened && change.signal->continues.empty()) ++openings;
      }
    }
    EXPECT_EQ(queued.size(), changes) << "a queue gets each change by itself";
    EXPECT_GE(told["chat"], openings) << "and what widened or went on beside";
  }
  EXPECT_GT(grouped, 20u);
  EXPECT_GT(digested, 10u);
  EXPECT_GT(held_back, 20u);
}

// A pager holds something open for a thread from the first message on that is about it alone, until the last of its
// signals closes, whoever was told of that one.
TEST(RouterHistories, HoldOpenWhatGoesOnAndNothingElse) {
  std::size_t opened = 0, not_told = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    const auto happenings = history(seed);
    std::mt19937 crashes(seed);
    const auto deliveries = run(happenings, &crashes);
    auto next = deliveries.begin();
    std::map<std::string, std::set<engine::Digest>> live;  // by thread
    std::set<std::string> held;
    for (std::size_t i = 0; i < happenings.size(); ++i) {
      const Happening& happening = happenings[i];
      for (const SignalChange& change : happening.changes) {
        auto& signals = live[thread_of(*change.signal)];
        const auto id = engine::from_hex(change.signal->id);
        if (change.change == Change::kClosed) signals.erase(id);
        if (change.change == Change::kOpened) signals.insert(id);
        not_told +=
            change.signal->rule().id == "rule0" && change.signal->rule().level == engine::Level::kMedium ? 1 : 0;
      }
      if (i + 1 < happenings.size() && happenings[i + 1].at == happening.at) continue;
      for (; next != deliveries.end() && next->written_at <= happening.at; ++next) {
        if (next->sink != "pager" || next->members.size() > 1 || next->more > 0) continue;
        if (next->members.front().change == Change::kClosed) {
          EXPECT_EQ(held.erase(next->thread), 1u);
          EXPECT_TRUE(live[next->thread].empty()) << next->key;
        } else {
          opened += held.insert(next->thread).second ? 1 : 0;
        }
      }
      for (const std::string& thread : held) EXPECT_FALSE(live[thread].empty()) << thread;
    }
    EXPECT_TRUE(held.empty());
  }
  EXPECT_GT(opened, 50u);
  EXPECT_GT(not_told, 50u);
}

}  // namespace
}  // namespace tripline::alerts
