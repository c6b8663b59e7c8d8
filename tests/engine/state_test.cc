#include "engine/state.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "engine/group_key.h"
#include "engine/memory_store.h"
#include "tests/support/recording_store.h"

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
  State state(store, rules);
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
  State state(store, rules);
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
    State state(store, rules);
    for (std::size_t i = 0; i < matches.size(); i += chunk) {
      const auto begin = matches.begin() + static_cast<std::ptrdiff_t>(i);
      const auto end = matches.begin() + static_cast<std::ptrdiff_t>(std::min(i + chunk, matches.size()));
      EXPECT_TRUE(state.apply(std::vector<Match>(begin, end)));
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

/// Rules `a` and `b`, and correlation `c` over `a`: two events of one principal within ten minutes.
std::shared_ptr<const RuleSet> two_in_ten_minutes() {
  auto rules = std::make_shared<RuleSet>();
  for (const char* id : {"a", "b"}) {
    Detection detection;
    detection.rule.id = id;
    detection.opens_signals = false;
    rules->detections.push_back(std::move(detection));
  }
  Correlation c;
  c.rule.id = "c";
  c.timespan = minutes{10};
  c.bounds = {{Bound::Op::kGte, 2}};
  c.inputs = {{.index = 0, .group = {rules->fields.intern("userIdentity.arn")}}};
  rules->correlations.push_back(std::move(c));
  link(*rules);
  return rules;
}

Match feeding(const std::shared_ptr<const RuleSet>& rules, EventTime time, std::uint64_t event,
              std::string region = "eu-west-1") {
  Match m = match(rules, 0, time, event);
  m.key = {event, event};
  auto evidence = std::make_shared<Evidence>();
  evidence->event_id = std::to_string(event);
  evidence->region = std::move(region);
  m.evidence = std::move(evidence);
  m.feeds = {{.correlation = 0, .input = 0, .groups = {group_key({"alice"})}}};
  return m;
}

std::string transitions_of(const tests::RecordingStore& store) {
  std::string text;
  for (const Transition& t : store.transitions()) {
    text += std::to_string(t.number) + (t.kind == Transition::Kind::kOpened    ? " opened"
                                        : t.kind == Transition::Kind::kUpdated ? " updated"
                                                                               : " closed");
    text += t.widened ? " widened, " : ", ";
  }
  return text;
}

TEST(State, ASignalOfACorrelationOpensIsRevisedAndCloses) {
  const auto rules = two_in_ten_minutes();
  tests::RecordingStore store;
  State state(store, rules);
  ASSERT_TRUE(state.apply({feeding(rules, kNoon + minutes{1}, 1)}));
  EXPECT_EQ(transitions_of(store), "");
  ASSERT_TRUE(state.apply({feeding(rules, kNoon + minutes{5}, 2)}));
  ASSERT_TRUE(state.apply({feeding(rules, kNoon + minutes{6}, 3, "us-east-1")}));
  ASSERT_TRUE(state.apply({}, kNoon + minutes{59}));
  EXPECT_EQ(transitions_of(store), "1 opened, 2 updated widened, ");
  EXPECT_FALSE(signals_of(store)[0].closed);
  ASSERT_TRUE(state.apply({}, kNoon + hours{1}));
  EXPECT_EQ(transitions_of(store), "1 opened, 2 updated widened, 3 closed, ");
  const auto all = signals_of(store);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].rule().id, "c");
  EXPECT_EQ(all[0].group, std::vector<std::string>{"alice"});
  EXPECT_EQ(all[0].first, kNoon + minutes{5});
  EXPECT_EQ(all[0].last, kNoon + minutes{6});
  EXPECT_EQ(all[0].triggers, 2u);
  EXPECT_EQ(all[0].peak, 3);
  EXPECT_EQ(all[0].evidence.size(), 3u) << "the events of the spans";
  EXPECT_TRUE(all[0].closed);
}

TEST(State, ShowsTheEventsOfATriggerThatWaitedHoweverFarTheWatermarkMoves) {
  auto rules = std::make_shared<RuleSet>(*two_in_ten_minutes());
  rules->correlations[0].bounds = {{Bound::Op::kEq, 2}};  // judged once all events have come
  link(*rules);
  for (const EventTime watermark : {kNoon + hours{1}, kNoon + hours{1'000}, EventTime::max()}) {
    SCOPED_TRACE(format_time(watermark));
    MemoryStore store;
    State state(store, rules);
    ASSERT_TRUE(state.apply({feeding(rules, kNoon, 1), feeding(rules, kNoon + minutes{1}, 2)}));
    ASSERT_TRUE(state.apply({}, watermark));
    const auto all = signals_of(store);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].evidence.size(), 2u);
    EXPECT_EQ(all[0].regions, std::vector<std::string>{"eu-west-1"});
  }
}

std::shared_ptr<const RecordText> record(std::uint64_t event) {
  return std::make_shared<const RecordText>(
      RecordText{.json = R"({"n": )" + std::to_string(event) + R"(, "password": "x"})"});
}

std::string shown(std::uint64_t event) { return R"({"n":)" + std::to_string(event) + R"~(,"password":"(secret)"})~"; }

TEST(State, KeepsTheRecordsOfTheFirstAndTheLastMatchWhateverOrderTheyComeIn) {
  const auto rules = two_rules();
  std::mt19937 random(11);
  std::vector<Match> matches;
  for (const auto& [minute, event] : std::vector<std::pair<int, std::uint64_t>>{
           {30, 1}, {5, 2}, {5, 3}, {40, 4}, {40, 5}, {20, 6}, {40, 5}, {10, 7}}) {
    matches.push_back(match(rules, 0, kNoon + minutes{minute}, event));
    matches.back().key.low = event;  // decides between events of one time
    matches.back().record = record(event);
  }
  for (int round = 0; round < 50; ++round) {
    std::shuffle(matches.begin(), matches.end(), random);
    MemoryStore store(round % 2 == 0 ? MemoryStore::kHeld : 1);
    State state(store, rules);
    const std::size_t chunk = 1 + random() % matches.size();
    for (std::size_t i = 0; i < matches.size(); i += chunk) {
      const auto begin = matches.begin() + static_cast<std::ptrdiff_t>(i);
      const auto end = begin + static_cast<std::ptrdiff_t>(std::min(chunk, matches.size() - i));
      ASSERT_TRUE(state.apply(std::vector<Match>(begin, end)));
    }
    const auto all = signals_of(store);
    ASSERT_EQ(all.size(), 1U);
    ASSERT_NE(all[0].first_record.text, nullptr);
    ASSERT_NE(all[0].last_record.text, nullptr);
    EXPECT_EQ(all[0].first_record.text->json, shown(2));
    EXPECT_EQ(all[0].last_record.text->json, shown(5));
  }
}

TEST(State, KeepsOneRecordOfASignalThatHasOneEvent) {
  const auto rules = two_rules();
  MemoryStore store(1);
  State state(store, rules);
  Match one = match(rules, 0, kNoon, 1);
  one.record = record(1);
  ASSERT_TRUE(state.apply({one}));
  ASSERT_TRUE(state.apply({match(rules, 0, kNoon, 2, "bob")}));
  ASSERT_TRUE(state.apply({match(rules, 0, kNoon, 3, "carol")}));
  for (const Signal& signal : signals_of(store)) {
    if (signal.group[1] != "alice") continue;
    EXPECT_EQ(signal.first_record.text, signal.last_record.text);
    EXPECT_EQ(signal.first_record.text->json, shown(1));
  }
}

TEST(State, ShowsOfACorrelationTheRecordsOfItsEvidence) {
  const auto rules = two_in_ten_minutes();
  for (const bool in_order : {true, false}) {
    MemoryStore store;
    State state(store, rules);
    for (const std::uint64_t event :
         in_order ? std::vector<std::uint64_t>{1, 2, 3} : std::vector<std::uint64_t>{3, 1, 2}) {
      Match m = feeding(rules, kNoon + minutes{event}, event);
      m.record = record(event);
      ASSERT_TRUE(state.apply({m}));
    }
    const auto all = signals_of(store);
    ASSERT_EQ(all.size(), 1U);
    ASSERT_NE(all[0].first_record.text, nullptr);
    EXPECT_EQ(all[0].first_record.text->json, shown(1));
    EXPECT_EQ(all[0].last_record.text->json, shown(3));
  }
}

TEST(RecentRecords, GiveUpTheOldestBeyondTheirBound) {
  RecentRecords records(100);
  for (std::uint64_t event = 1; event <= 5; ++event) {
    records.add(event, std::make_shared<const RecordText>(RecordText{.json = std::string(40, 'x')}));
  }
  records.add(6, nullptr);
  EXPECT_EQ(records.find(3), nullptr);
  EXPECT_NE(records.find(4), nullptr);
  EXPECT_NE(records.find(5), nullptr);
  EXPECT_EQ(records.find(6), nullptr);
  records.add(7, std::make_shared<const RecordText>(RecordText{.json = std::string(200, 'x')}));
  EXPECT_EQ(records.find(7), nullptr) << "one that alone is beyond it";
}

TEST(State, CountsByRuleWhatBecameOfItsMatches) {
  const auto rules = two_in_ten_minutes();
  MemoryStore store;
  State state(store, rules);
  ASSERT_TRUE(state.apply({feeding(rules, kNoon, 1), feeding(rules, kNoon + minutes{1}, 2)}));
  ASSERT_TRUE(state.apply({feeding(rules, kNoon + minutes{1}, 2), match(rules, 1, kNoon, 3)}, kNoon + hours{2}));
  Match late = feeding(rules, kNoon, 4);
  Match future = feeding(rules, kNoon + hours{9}, 5);
  future.delivered = kNoon + hours{8};
  Match timeless = match(rules, 1, kNoon, 6);
  timeless.time.reset();
  Match without = feeding(rules, kNoon + hours{3}, 7);
  without.feeds[0].groups.clear();
  Batch batch{late, future, timeless, without};
  batch.taken_away = {{.detection = 0, .filter = 0}, {.detection = 0, .filter = 1, .again = true}};
  ASSERT_TRUE(state.apply(std::move(batch)));
  Batch more;
  more.taken_away = {{.detection = 0, .filter = 1}};
  ASSERT_TRUE(state.apply(std::move(more)));

  RuleCounts a;
  a.matches = 5;
  a.duplicates = 1;
  a.late = 1;
  a.taken_away = 2;
  RuleCounts b;
  b.matches = 2;
  b.without_time = 1;
  RuleCounts c;
  c.matches = 1;
  c.signals = 1;
  c.late = 1;
  c.future = 1;
  c.without_field = 1;
  EXPECT_EQ(state.counts_of_detection(0), a);
  EXPECT_EQ(state.counts_of_detection(1), b);
  EXPECT_EQ(state.counts_of_correlation(0), c);
  EXPECT_EQ(state.taken_away(0, 0), 1U);
  EXPECT_EQ(state.taken_away(0, 1), 2U);
  EXPECT_EQ(state.taken_away(1, 0), 0U);
}

TEST(State, SignalsOfNeighbouringPeriodsContinueEachOtherWhicheverComesFirst) {
  const auto rules = two_in_ten_minutes();
  for (const bool in_order : {true, false}) {
    MemoryStore store;
    State state(store, rules);
    for (const int hour : {in_order ? 0 : 1, in_order ? 1 : 0}) {
      const auto event = static_cast<std::uint64_t>(hour * 2 + 1);
      ASSERT_TRUE(state.apply({feeding(rules, kNoon + hours{hour} + minutes{20}, event),
                               feeding(rules, kNoon + hours{hour} + minutes{21}, event + 1)}));
    }
    const auto all = signals_of(store);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].continues, "");
    EXPECT_EQ(all[1].continues, all[0].id);
  }
}

TEST(State, KeepsLateEventsAndThoseOfTheFutureOutOfCorrelations) {
  const auto rules = two_in_ten_minutes();
  MemoryStore store;
  State state(store, rules);
  Match future = feeding(rules, kNoon + minutes{6}, 3);
  future.delivered = kNoon;
  Match near_future = feeding(rules, kNoon + minutes{5}, 4);
  near_future.delivered = kNoon;
  ASSERT_TRUE(state.apply({feeding(rules, kNoon, 1)}, kNoon - minutes{1}));
  ASSERT_TRUE(state.apply({feeding(rules, kNoon - minutes{2}, 2), future}));
  EXPECT_EQ(signals_of(store).size(), 0u);
  EXPECT_EQ(state.late(), 1u);
  EXPECT_EQ(state.future(), 1u);
  ASSERT_TRUE(state.apply({near_future}));
  EXPECT_EQ(signals_of(store).size(), 1u);
}

TEST(State, SaysOfASignalThatABoundTookEventsAway) {
  const auto rules = two_in_ten_minutes();
  MemoryStore store;
  StateOptions options;
  options.limits.entries = 4;  // the condition asks for 2, so that twice as many are kept anyway
  State state(store, rules, options);
  for (std::uint64_t event = 1; event <= 6; ++event) {
    ASSERT_TRUE(state.apply({feeding(rules, kNoon + std::chrono::seconds{event}, event)}));
  }
  const auto all = signals_of(store);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].peak, 4);
  EXPECT_TRUE(all[0].partial);
  EXPECT_EQ(state.correlator()->counters(0).evicted_entries, 2u);

  ASSERT_TRUE(state.apply({feeding(rules, kNoon + hours{1}, 7), feeding(rules, kNoon + hours{1} + minutes{1}, 8)}));
  const auto later = signals_of(store);
  ASSERT_EQ(later.size(), 2u);
  EXPECT_EQ(later[1].triggers, 1u);
  EXPECT_FALSE(later[1].partial) << "its span does not reach back to what was taken away";
}

TEST(State, ShowsEventsThatMemoryNoLongerHolds) {
  const auto rules = two_in_ten_minutes();
  MemoryStore store;
  State state(store, rules);
  ASSERT_TRUE(state.apply({feeding(rules, kNoon, 1)}));
  std::vector<Match> others;
  for (std::uint64_t event = 2; event <= 5'000; ++event) {
    others.push_back(feeding(rules, kNoon, event));
    others.back().feeds[0].groups = {group_key({"other " + std::to_string(event)})};
  }
  ASSERT_TRUE(state.apply(std::move(others)));
  EXPECT_EQ(state.correlator()->facts_in_memory(), 0u);
  ASSERT_TRUE(state.apply({feeding(rules, kNoon + minutes{1}, 5'001)}));
  const auto all = signals_of(store);
  ASSERT_EQ(all.size(), 1u);
  ASSERT_EQ(all[0].evidence.size(), 2u);
  EXPECT_EQ(all[0].evidence[0]->event_id, "5001");
  EXPECT_EQ(all[0].evidence[1]->event_id, "1");
}

TEST(State, GivesUpTheGroupThatIsDueFirstAndCountsIt) {
  const auto rules = two_in_ten_minutes();
  MemoryStore store;
  StateOptions options;
  options.limits.groups = 2;
  State state(store, rules, options);
  for (const int hour : {1, 0, 2}) {
    Match m = feeding(rules, kNoon + hours{hour}, static_cast<std::uint64_t>(hour + 1));
    m.feeds[0].groups = {group_key({"group " + std::to_string(hour)})};
    ASSERT_TRUE(state.apply({std::move(m)}));
  }
  EXPECT_EQ(state.correlator()->held(0).groups, 2u);
  EXPECT_EQ(state.correlator()->counters(0).evicted_groups, 1u);
}

TEST(State, CountsCallsByOutcomeWhetherOrNotTheirEvidenceIsThere) {
  const auto rules = two_rules();
  MemoryStore store;
  State state(store, rules);
  std::vector<Match> matches;
  for (std::uint64_t event = 0; event < 100; ++event) {
    Match m = match(rules, 0, kNoon, event);
    m.event_name = event % 2 ? "CreateUser" : "DeleteUser";
    m.outcome = event % 4 == 0 ? "denied" : event % 4 == 1 ? "failure" : "success";
    if (event % 4 == 0) m.error_code = event < 50 ? "AccessDenied" : "AccessDeniedException";
    matches.push_back(std::move(m));
  }
  ASSERT_TRUE(state.apply(matches));
  ASSERT_TRUE(state.apply(matches)) << "again, so that they are duplicates";
  const auto all = signals_of(store);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].actions,
            (std::vector<ActionCount>{{.event_name = "DeleteUser",
                                       .success = 25,
                                       .denied = 25,
                                       .error_codes = {{"AccessDenied", 13}, {"AccessDeniedException", 12}}},
                                      {.event_name = "CreateUser", .success = 25, .failure = 25}}));
  EXPECT_FALSE(all[0].cut);
}

TEST(State, CountsCallsBeyondTheBoundTogetherAndSaysSo) {
  const auto rules = two_rules();
  MemoryStore store;
  State state(store, rules);
  for (std::uint64_t event = 0; event < 3 * Signal::kMaxScope; ++event) {
    Match m = match(rules, 0, kNoon, event);
    m.event_name = "Call" + std::to_string(event);
    ASSERT_TRUE(state.apply({std::move(m)}));
  }
  const auto all = signals_of(store);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].actions.size(), Signal::kMaxScope);
  EXPECT_EQ(all[0].other_actions, 2 * Signal::kMaxScope);
  EXPECT_TRUE(all[0].cut);
}

TEST(State, SaysOfASignalWhatCameLateAndWhatWidenedIt) {
  const auto rules = two_rules();
  MemoryStore store;
  State state(store, rules);
  const auto seen = [&](EventTime time, std::uint64_t event, std::string agent) {
    Match m = match(rules, 0, time, event);
    m.delivered = time + minutes{5};
    auto evidence = std::make_shared<Evidence>();
    evidence->event_id = std::to_string(event);
    evidence->user_agent = std::move(agent);
    m.evidence = std::move(evidence);
    return m;
  };
  ASSERT_TRUE(state.apply({seen(kNoon + minutes{10}, 1, "cli")}, kNoon + minutes{5}, kNoon + minutes{20}));
  auto all = signals_of(store);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_FALSE(all[0].late);
  EXPECT_FALSE(all[0].widened);
  EXPECT_EQ(all[0].detected, kNoon + minutes{20});
  EXPECT_EQ(all[0].arrived, kNoon + minutes{15});
  ASSERT_TRUE(state.apply({seen(kNoon + minutes{1}, 2, "cli")}, EventTime::min(), kNoon + minutes{30}));
  all = signals_of(store);
  EXPECT_TRUE(all[0].late);
  EXPECT_FALSE(all[0].widened);
  EXPECT_EQ(all[0].detected, kNoon + minutes{20});
  EXPECT_EQ(all[0].arrived, kNoon + minutes{6});
  ASSERT_TRUE(state.apply({seen(kNoon + minutes{11}, 3, "console")}));
  all = signals_of(store);
  EXPECT_TRUE(all[0].widened);
  EXPECT_EQ(all[0].agents, (std::vector<std::string>{"cli", "console"}));
}

TEST(SignalId, IsPinned) {
  // What ids are made of may not change: they are how two processes, or two runs, mean the same signal.
  EXPECT_EQ(signal_id("rule", {"111122223333", "alice"}, kNoon), "5f0e1af92bb63ff53868d78d01d563af");
}

}  // namespace
}  // namespace tripline::engine
