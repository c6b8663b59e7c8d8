#include "engine/state.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "engine/memory_store.h"

namespace tripline::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::shared_ptr<const RuleSet> two_rules() {
  auto rules = std::make_shared<RuleSet>();
  for (const char* id : {"loud", "quiet"}) {
    Detection detection;
    detection.rule.id = id;
    detection.opens_signals = std::string_view(id) == "loud";
    rules->detections.push_back(std::move(detection));
  }
  return rules;
}

Match match(const std::shared_ptr<const RuleSet>& rules, std::uint32_t detection, EventTime time, std::uint64_t event,
            std::string principal = "alice") {
  Match m;
  m.rules = rules;
  m.detection = detection;
  m.time = time;
  m.key = {event, 0};
  static std::uint32_t records = 0;
  m.index = ++records;
  m.group = {"111122223333", std::move(principal)};
  return m;
}

std::vector<Signal> signals_of(const MemoryStore& store) {
  std::vector<Signal> all;
  EXPECT_TRUE(store.each_signal([&](const Signal& s) { all.push_back(s); }));
  return all;
}

const EventTime kNoon = *parse_time("2026-01-15T12:00:00Z");

TEST(State, MatchesOfOneRuleGroupAndPeriodAreOneSignal) {
  const auto rules = two_rules();
  MemoryStore store;
  State state(store);
  ASSERT_TRUE(
      state.apply({match(rules, 0, kNoon + minutes{59}, 1), match(rules, 0, kNoon, 2),
                   match(rules, 0, kNoon + hours{1}, 3), match(rules, 0, kNoon, 4, "bob"), match(rules, 1, kNoon, 5)}));
  const auto all = signals_of(store);
  ASSERT_EQ(all.size(), 3u);
  const auto alice = std::find_if(all.begin(), all.end(), [](const Signal& s) { return s.triggers == 2; });
  ASSERT_NE(alice, all.end());
  EXPECT_EQ(alice->first, kNoon);
  EXPECT_EQ(alice->last, kNoon + minutes{59});
  EXPECT_EQ(alice->period_start, kNoon);
  EXPECT_EQ(alice->id.size(), 32u);
}

TEST(State, AnEventDeliveredTwiceCountsOnceWithinACommitAndAcross) {
  const auto rules = two_rules();
  MemoryStore store;
  State state(store);
  ASSERT_TRUE(state.apply({match(rules, 0, kNoon, 1), match(rules, 0, kNoon, 2), match(rules, 0, kNoon, 1)}));
  ASSERT_TRUE(state.apply({match(rules, 0, kNoon, 2), match(rules, 0, kNoon, 3)}));
  const auto all = signals_of(store);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].triggers, 3u);
  EXPECT_EQ(state.duplicates(), 2u);
}

TEST(State, AnyOrderAndChunkingGivesTheSameSignals) {
  const auto rules = two_rules();
  std::mt19937 random(7);
  std::vector<Match> matches;
  for (std::uint64_t event = 0; event < 200; ++event) {
    matches.push_back(match(rules, 0, kNoon + minutes{random() % 600}, event % 150, random() % 2 ? "alice" : "bob"));
  }
  // The same event is the same everywhere.
  for (Match& m : matches) {
    m.time = kNoon + minutes{m.key.high * 7 % 600};
    m.group[1] = m.key.high % 2 ? "alice" : "bob";
  }
  const auto run = [&](std::size_t chunk) {
    MemoryStore store;
    State state(store);
    for (std::size_t i = 0; i < matches.size(); i += chunk) {
      const auto begin = matches.begin() + static_cast<std::ptrdiff_t>(i);
      const auto end = matches.begin() + static_cast<std::ptrdiff_t>(std::min(i + chunk, matches.size()));
      EXPECT_TRUE(state.apply({begin, end}));
    }
    std::string all;
    for (const Signal& s : signals_of(store)) {
      all += s.id + format_time(s.first) + format_time(s.last) + std::to_string(s.triggers) + "\n";
    }
    return all;
  };
  const std::string once = run(matches.size());
  for (int round = 0; round < 20; ++round) {
    std::shuffle(matches.begin(), matches.end(), random);
    EXPECT_EQ(run(1 + random() % 50), once);
  }
}

TEST(SignalId, IsPinned) {
  // What ids are made of may not change: they are how two processes, or two runs, mean the same signal.
  EXPECT_EQ(signal_id("rule", {"111122223333", "alice"}, kNoon), "5f0e1af92bb63ff53868d78d01d563af");
}

}  // namespace
}  // namespace tripline::engine
