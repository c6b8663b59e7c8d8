#include "engine/gathered.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "engine/signal.h"

namespace tripline::engine {
namespace {

using std::chrono::seconds;

const EventTime kStart = *parse_time("2026-01-15T11:59:00Z");

struct Event {
  EventTime time;
  std::uint64_t id;
  std::uint16_t input;
};

/// Ids of events by the period of the signal that shows them.
using Shown = std::map<EventTime, std::multiset<std::uint64_t>>;

Correlation made(CorrelationType type, std::vector<Bound> bounds, std::size_t inputs) {
  Correlation correlation;
  correlation.type = type;
  correlation.timespan = seconds{20};
  correlation.period = seconds{60};
  correlation.bounds = std::move(bounds);
  correlation.inputs.resize(inputs);
  std::vector<Correlation> all{correlation};
  link(all);
  return all.front();
}

/// All that lie in the span of some trigger, for each period by itself.
Shown expected(const Correlation& correlation, const std::vector<Event>& events,
               const std::map<EventTime, EventTime>& triggers) {
  Shown shown;
  const bool ahead = correlation.judgement == Judgement::kAhead;
  std::map<EventTime, std::set<std::uint64_t>> sets;
  for (const auto& [time, at] : triggers) {
    for (const Event& event : events) {
      const bool in_span = ahead ? event.time >= time && event.time <= time + correlation.timespan
                                 : event.time > time - correlation.timespan && event.time <= time;
      if (in_span) sets[period_start(at, correlation.period)].insert(event.id);
    }
  }
  for (const auto& [period, ids] : sets) shown[period] = {ids.begin(), ids.end()};
  return shown;
}

/// Adds the events in their order; what the verdicts' signals show, as SignalChanges takes it.
Shown run(const Correlation& correlation, const std::vector<Event>& events, std::mt19937& random,
          std::map<EventTime, EventTime>& triggers) {
  WindowEntries entries;
  Shown shown;
  std::map<EventTime, EventTime> until;  // by period
  EventTime watermark = EventTime::min();
  const auto take = [&](const std::vector<Verdict>& verdicts) {
    for (const Verdict& verdict : verdicts) {
      const EventTime period = period_start(verdict.at, correlation.period);
      triggers[verdict.time] = verdict.at;
      const auto known = until.try_emplace(period, EventTime::min()).first;
      const EventTime before_it = known->second;
      for (const EventRef& event : verdict.gathered) {
        if (correlation.judgement != Judgement::kAtOnce && event.time <= before_it) continue;
        known->second = std::max(known->second, event.time);
        shown[period].insert(event.id);
      }
    }
  };
  for (std::size_t i = 0; i < events.size(); ++i) {
    Occurrence occurrence{.time = events[i].time, .event = events[i].id, .inputs = {events[i].input}, .values = {}};
    std::vector<Verdict> verdicts;
    add(correlation, entries, occurrence, watermark, 1000, verdicts);
    take(verdicts);
    if (random() % 4 != 0) continue;
    for (EventTime to = EventTime::max(); const auto& event : events) {
      if (&event <= &events[i]) continue;
      to = std::min(to, event.time);
      if (&event == &events.back()) watermark = std::max(watermark, to);
    }
    verdicts.clear();
    advance(correlation, entries, watermark, 1'000, verdicts);
    take(verdicts);
  }
  std::vector<Verdict> verdicts;
  advance(correlation, entries, EventTime::max(), 1'000, verdicts);
  take(verdicts);
  return shown;
}

TEST(Gathered, IsEachEventOfTheSpansOnceInWhateverOrderTheyCome) {
  const struct {
    std::string_view name;
    Correlation correlation;
    Judgement judgement;
  } cases[] = {
      {"at least three", made(CorrelationType::kEventCount, {{Bound::Op::kGte, 3}}, 1), Judgement::kAtOnce},
      {"both of two rules", made(CorrelationType::kTemporal, {{Bound::Op::kGte, 2}}, 2), Judgement::kAtOnce},
      {"exactly three", made(CorrelationType::kEventCount, {{Bound::Op::kEq, 3}}, 1), Judgement::kBehind},
      {"fewer than two", made(CorrelationType::kEventCount, {{Bound::Op::kLt, 2}}, 1), Judgement::kAhead},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    ASSERT_EQ(c.correlation.judgement, c.judgement);
    std::mt19937 random(5);
    std::size_t gathered = 0;
    for (int round = 0; round < 2'000; ++round) {
      std::vector<Event> events;
      const std::size_t count = 1 + random() % 24;
      for (std::uint64_t id = 1; id <= count; ++id) {
        events.push_back(
            {kStart + seconds{random() % 150}, id, static_cast<std::uint16_t>(random() % c.correlation.inputs.size())});
      }
      std::map<EventTime, EventTime> triggers;
      const Shown shown = run(c.correlation, events, random, triggers);
      ASSERT_EQ(shown, expected(c.correlation, events, triggers)) << "round " << round;
      for (const auto& [period, ids] : shown) gathered += ids.size();
    }
    EXPECT_GT(gathered, 1'000U);
  }
}

TEST(Gathered, TakesAnEventWithSeveralEntriesOnce) {
  const Correlation correlation = made(CorrelationType::kTemporal, {{Bound::Op::kGte, 2}}, 2);
  WindowEntries entries;
  std::vector<Verdict> verdicts;
  add(correlation, entries, {.time = kStart, .event = 1, .inputs = {0, 1}, .values = {}}, EventTime::min(), 1000,
      verdicts);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].gathered.size(), 1U);
  verdicts.clear();
  // As two correlations of one event bring it.
  add(correlation, entries, {.time = kStart + seconds{1}, .event = 2, .inputs = {0}, .values = {}}, EventTime::min(),
      1000, verdicts);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].gathered.size(), 1U);
  verdicts.clear();
  add(correlation, entries, {.time = kStart + seconds{1}, .event = 2, .inputs = {1}, .values = {}}, EventTime::min(),
      1000, verdicts);
  for (const Verdict& verdict : verdicts) EXPECT_TRUE(verdict.gathered.empty());
}

}  // namespace
}  // namespace tripline::engine
