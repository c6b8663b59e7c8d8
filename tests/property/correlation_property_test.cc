#include <algorithm>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <rapidcheck.h>
#include <string>

#include <gtest/gtest.h>

#include "engine/group_key.h"
#include "engine/new_value.h"
#include "tests/support/correlation_oracle.h"
#include "tests/support/histories.h"

namespace tripline::tests {

void showValue(const PlainEvent& e, std::ostream& out) {
  const auto list = [&](const char* name, const auto& values) {
    out << ' ' << name << '=';
    for (const auto& value : values) out << value << ',';
  };
  out << "{at " << e.at << " delay " << e.delay << " copies " << e.copies;
  list("d", e.detections);
  list("g", e.g);
  list("h", e.h);
  list("v", e.v);
  out << '}';
}

namespace {

rc::Gen<PlainEvent> any_event() {
  using rc::gen::inRange;
  using Texts = std::vector<std::string>;
  using Numbers = std::vector<int>;
  return rc::gen::build<PlainEvent>(
      rc::gen::set(&PlainEvent::at, inRange(0, History::kTicks)),
      rc::gen::set(&PlainEvent::delay, inRange(0, History::kLateness + 1)),
      rc::gen::set(&PlainEvent::detections, rc::gen::elementOf(std::vector<Numbers>{
                                                {0}, {1}, {2}, {3}, {0, 1}, {1, 2}, {0, 1, 2, 3}, {0}, {1}, {}})),
      rc::gen::set(&PlainEvent::g,
                   rc::gen::elementOf(std::vector<Texts>{{"a"}, {"a"}, {"a"}, {"b"}, {"c"}, {"a", "b"}, {}})),
      rc::gen::set(&PlainEvent::h,
                   rc::gen::elementOf(std::vector<Texts>{{"a"}, {"a"}, {"a"}, {"b"}, {"b", "c"}, {""}})),
      rc::gen::set(&PlainEvent::v, rc::gen::elementOf(std::vector<Numbers>{{1}, {2}, {3}, {2}, {1, 4}, {-2}, {0}, {}})),
      rc::gen::set(&PlainEvent::copies, rc::gen::element(0, 0, 0, 1, 2)));
}

/// Events crowd, so that spans fill: half of them lie within a few ticks of a few moments.
rc::Gen<std::vector<PlainEvent>> any_events() {
  return rc::gen::map(rc::gen::pair(rc::gen::container<std::vector<PlainEvent>>(any_event()),
                                    rc::gen::container<std::vector<int>>(3, rc::gen::inRange(0, 200))),
                      [](std::pair<std::vector<PlainEvent>, std::vector<int>> drawn) {
                        for (PlainEvent& event : drawn.first) {
                          if (event.at % 2 == 0) {
                            event.at = drawn.second[static_cast<std::size_t>(event.at / 2 % 3)] + event.at % 17;
                          }
                        }
                        return drawn.first;
                      });
}

int histories(int normally, int at_length) { return std::getenv("TRIPLINE_LONG") != nullptr ? at_length : normally; }

using HistoryRun = std::function<PlainSignals(const History&, const Delivery&, unsigned processes, std::uint32_t seed)>;

/// Whether `run` gives what the oracle expects of random histories, however they are delivered.
rc::detail::TestResult agrees(Wanted wanted, int histories, const HistoryRun& run) {
  const auto property = [&] {
    History history;
    const auto seed = *rc::gen::noShrink(rc::gen::inRange<std::uint32_t>(0, 1u << 31));
    history.rules = random_rules(seed, wanted, history.tick_seconds);
    history.events = *any_events();
    const unsigned processes = *rc::gen::inRange(1u, 9u);
    const unsigned workers = *rc::gen::inRange(1u, 9u);
    const PlainSignals expected = expected_signals(history);
    RC_CLASSIFY(expected.empty(), "no signals");
    RC_CLASSIFY(std::any_of(expected.begin(), expected.end(), [](const PlainSignal& s) { return s.triggers > 1; }),
                "several triggers");
    RC_CLASSIFY(std::any_of(history.rules->correlations.begin(), history.rules->correlations.end(),
                            [](const engine::Correlation& c) { return !c.outer.empty(); }),
                "chain");
    for (std::uint32_t way = 0; way < 2; ++way) {
      const Delivery sent = deliver(history, seed + way);
      const Delivery delivery = way == 0 ? sent : worked_on(history, sent, workers, seed);
      const PlainSignals got = run(history, delivery, way == 0 ? 1 : processes, seed);
      if (got == expected) continue;
      PlainSignals missing;
      PlainSignals extra;
      std::set_difference(expected.begin(), expected.end(), got.begin(), got.end(),
                          std::inserter(missing, missing.end()));
      std::set_difference(got.begin(), got.end(), expected.begin(), expected.end(), std::inserter(extra, extra.end()));
      RC_LOG() << "rules of seed " << seed << ", delivery " << way << "\n";
      for (const auto& s : missing) RC_LOG() << "missing " << s << "\n";
      for (const auto& s : extra) RC_LOG() << "extra   " << s << "\n";
      RC_FAIL("the signals differ from the oracle's");
    }
  };
  rc::detail::TestParams params;
  const char* other = std::getenv("TRIPLINE_SEED");
  params.seed = other != nullptr ? std::strtoull(other, nullptr, 10) : 42;
  params.maxSuccess = histories;
  params.maxSize = 60;
  return rc::detail::checkTestable(property, rc::detail::TestMetadata{}, params);
}

void expect_success(const rc::detail::TestResult& result) {
  rc::detail::SuccessResult success;
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  EXPECT_TRUE(result.match(success)) << text.str();
  std::cout << text.str() << "\n";
}

/// In one of eight histories one of the processes crashes and starts again; that costs more than all the rest.
PlainSignals run_with_one_restarting(const History& history, const Delivery& delivery, unsigned processes,
                                     std::uint32_t seed) {
  if (seed % 8 != 0) return run(history, delivery, processes);
  return run_with_restarts(history, delivery, processes, seed, Restarts::kOfOneProcess);
}
PlainSignals run_with_all_restarting(const History& history, const Delivery& delivery, unsigned processes,
                                     std::uint32_t seed) {
  return run_with_restarts(history, delivery, processes, seed, Restarts::kOfAll);
}
PlainSignals run_without_restarts(const History& history, const Delivery& delivery, unsigned processes, std::uint32_t) {
  return run(history, delivery, processes);
}

TEST(CorrelationProperty, SignalsDoNotDependOnOrderChunksDuplicatesWorkersProcessesOrRestarts) {
  expect_success(agrees(Wanted::kAnyType, histories(2'000, 100'000), &run_with_one_restarting));
}

TEST(CorrelationProperty, FirstSeenSignalsDoNotDependOnThemEither) {
  expect_success(agrees(Wanted::kNewValue, histories(1'000, 50'000), &run_with_one_restarting));
}

TEST(CorrelationProperty, SignalsDoNotDependOnRestartsOfAllProcesses) {
  expect_success(agrees(Wanted::kAnyType, histories(15, 10'000), &run_with_all_restarting));
  expect_success(agrees(Wanted::kNewValue, histories(10, 5'000), &run_with_all_restarting));
}

/// What everyone builds first: a queue a group, from whose front goes what is older than the event that just came.
PlainSignals evict_in_order_of_arrival(const History& history, const Delivery& delivery, unsigned, std::uint32_t) {
  const engine::Correlation& c = history.rules->correlations.front();
  const auto matches = matches_of(history);
  std::set<std::size_t> seen;
  std::map<std::string, std::deque<engine::EventTime>> queues;
  std::map<std::pair<std::string, engine::EventTime>, PlainSignal> signals;
  const auto ms = [](engine::EventTime time) { return time.time_since_epoch().count(); };
  for (const auto& part : delivery.parts) {
    for (const std::size_t event : part.events) {
      if (!seen.insert(event).second || matches[event].empty()) continue;
      std::set<std::string> groups;
      for (const auto& match : matches[event]) {
        for (const auto& feed : match.feeds) groups.insert(feed.groups.begin(), feed.groups.end());
      }
      const engine::EventTime time = *matches[event].front().time;
      for (const auto& group : groups) {
        auto& queue = queues[group];
        queue.push_back(time);
        while (queue.front() + c.timespan <= time) queue.pop_front();
        const auto value = static_cast<double>(queue.size());
        if (!engine::satisfies(value, c.bounds)) continue;
        const engine::EventTime start = engine::period_start(time, c.period);
        auto [entry, fresh] = signals.try_emplace({group, start});
        PlainSignal& s = entry->second;
        if (fresh) s = {c.rule.id, engine::values_of_key(group), ms(start), ms(time), ms(time), 0, value};
        s.first = std::min(s.first, ms(time));
        s.last = std::max(s.last, ms(time));
        s.peak = std::max(s.peak, value);
        ++s.triggers;
      }
    }
  }
  PlainSignals all;
  for (const auto& [key, signal] : signals) all.insert(signal);
  return all;
}

TEST(CorrelationProperty, CatchesAWindowThatEvictsInOrderOfArrival) {
  rc::detail::FailureResult failure;
  EXPECT_TRUE(agrees(Wanted::kEventCountAlone, 2'000, &evict_in_order_of_arrival).match(failure));
}

TEST(CorrelationProperty, HoldsForTheRuleThatTheBrokenWindowIsTriedOn) {
  expect_success(agrees(Wanted::kEventCountAlone, histories(500, 10'000), &run_without_restarts));
}

}  // namespace
}  // namespace tripline::tests
