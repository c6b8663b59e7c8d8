#include "engine/window.h"

#include <algorithm>
#include <bit>
#include <random>
#include <string_view>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "engine/span.h"

namespace tripline::engine {
namespace {

using std::chrono::seconds;
using Op = Bound::Op;
using Type = CorrelationType;

EventTime at(int second) { return EventTime{seconds{1'700'000'000 + second}}; }
int second_of(EventTime time) { return static_cast<int>((time - at(0)).count() / 1000); }

struct Happens {
  int second;
  std::vector<std::uint16_t> inputs = {0};
  std::vector<double> values = {};
};

Correlation correlation(Type type, std::vector<Bound> bounds, std::uint16_t inputs = 1) {
  Correlation c;
  c.type = type;
  c.timespan = seconds{10};
  c.bounds = std::move(bounds);
  c.inputs.resize(inputs);
  std::vector<Correlation> all = {c};
  link(all);
  return all.front();
}

Correlation with_steps(StepCondition steps, std::uint16_t inputs) {
  Correlation c;
  c.type = Type::kTemporal;
  c.timespan = seconds{10};
  c.steps = {negation_pushed_down(steps)};
  c.inputs.resize(inputs);
  std::vector<Correlation> all = {c};
  link(all);
  return all.front();
}

Occurrence occurrence(const Happens& happens, std::uint64_t event) {
  Occurrence o{.time = at(happens.second), .event = event, .inputs = happens.inputs, .values = {}};
  for (const double value : happens.values) o.values.push_back(std::bit_cast<std::uint64_t>(value));
  return o;
}

/// The seconds at which a correlation triggers, once nothing can come any more, for events that come in this order.
std::vector<int> triggers(const Correlation& c, const std::vector<Happens>& events) {
  WindowEntries entries;
  std::vector<Verdict> verdicts;
  std::uint64_t event = 0;
  for (const auto& happens : events) {
    add(c, entries, occurrence(happens, ++event), EventTime::min(), 1'000, verdicts);
  }
  advance(c, entries, EventTime::max(), verdicts);
  EXPECT_EQ(entries.size(), 0u);
  std::vector<int> fresh;
  for (const Verdict& verdict : verdicts) {
    if (verdict.fresh) fresh.push_back(second_of(verdict.at));
  }
  std::sort(fresh.begin(), fresh.end());
  return fresh;
}

TEST(Window, TriggersAtEachEventWhoseSpanSatisfiesTheCondition) {
  const StepCondition a{.input = 0};
  const StepCondition b{.input = 1};
  const StepCondition c{.input = 2};
  const StepCondition not_b{.kind = StepCondition::Kind::kNot, .children = {b}};
  const auto both = [](StepCondition::Kind kind, StepCondition x, StepCondition y) {
    return StepCondition{.kind = kind, .children = {std::move(x), std::move(y)}};
  };
  const auto all_of = StepCondition::Kind::kAnd;
  const struct {
    std::string_view name;
    Correlation correlation;
    std::vector<Happens> events;  // in order of arrival; spans are 10 s
    std::vector<int> triggers;
  } cases[] = {
      {"the span's far edge is outside", correlation(Type::kEventCount, {{Op::kGte, 2}}), {{0}, {10}}, {}},
      {"just inside", correlation(Type::kEventCount, {{Op::kGte, 2}}), {{1}, {10}}, {10}},
      {"a burst whose first event comes last", correlation(Type::kEventCount, {{Op::kGte, 3}}), {{5}, {9}, {0}}, {9}},
      {"every event from the threshold on", correlation(Type::kEventCount, {{Op::kGt, 1}}), {{0}, {1}, {2}}, {1, 2}},
      {"all events of one moment", correlation(Type::kEventCount, {{Op::kGte, 2}}), {{3}, {3}}, {3, 3}},
      {"one event that matches two rules is one",
       correlation(Type::kEventCount, {{Op::kGte, 2}}, 2),
       {{3, {0, 1}}},
       {}},
      {"a range, once nothing comes between",
       correlation(Type::kEventCount, {{Op::kGte, 2}, {Op::kLt, 3}}),
       {{0}, {1}, {2}},
       {1}},
      {"silence ahead", correlation(Type::kEventCount, {{Op::kLt, 1}}), {{0}, {10}, {30}}, {20, 40}},
      {"silence is asked of the far edge too", correlation(Type::kEventCount, {{Op::kEq, 0}}), {{0}, {11}}, {10, 21}},
      {"distinct values",
       correlation(Type::kValueCount, {{Op::kGte, 2}}),
       {{0, {0}, {7}}, {1, {0}, {7}}, {2, {0}, {8}}},
       {2}},
      {"several values of one event", correlation(Type::kValueCount, {{Op::kGte, 2}}), {{0, {0}, {7, 8}}}, {0}},
      {"a sum", correlation(Type::kValueSum, {{Op::kGt, 10}}), {{5, {0}, {6}}, {0, {0}, {5}}}, {5}},
      {"an average is judged over its final span",
       correlation(Type::kValueAvg, {{Op::kGte, 4}}),
       {{5, {0}, {6}}, {0, {0}, {1}}},
       {}},
      {"the median of two lies between",
       correlation(Type::kValuePercentile, {{Op::kEq, 2}}),
       {{0, {0}, {1}}, {1, {0}, {3}}},
       {1}},
      {"all rules in any order", correlation(Type::kTemporal, {{Op::kGte, 2}}, 2), {{5, {1}}, {0, {0}}}, {5}},
      {"one event may serve several rules", correlation(Type::kTemporal, {{Op::kGte, 2}}, 2), {{5, {0, 1}}}, {5}},
      {"in order", correlation(Type::kTemporalOrdered, {}, 2), {{5, {1}}, {0, {0}}}, {5}},
      {"out of order", correlation(Type::kTemporalOrdered, {}, 2), {{0, {1}}, {5, {0}}}, {}},
      {"equal seconds are in any order", correlation(Type::kTemporalOrdered, {}, 2), {{0, {1}}, {0, {0}}}, {0, 0}},
      {"each step needs its own event", correlation(Type::kTemporalOrdered, {}, 2), {{0, {0, 1}}}, {}},
      {"a step gives way to the one that has no choice",
       correlation(Type::kTemporalOrdered, {}, 2),
       {{0, {0, 1}}, {0, {0}}},
       {0, 0}},
      {"a not without its event", with_steps(both(all_of, a, not_b), 2), {{0, {0}}}, {0}},
      {"a not looks ahead too", with_steps(both(all_of, a, not_b), 2), {{0, {0}}, {9, {1}}}, {}},
      {"its span is open at both ends", with_steps(both(all_of, a, not_b), 2), {{10, {0}}, {0, {1}}, {20, {1}}}, {10}},
      {"or", with_steps(both(StepCondition::Kind::kOr, a, both(all_of, b, c)), 3), {{0, {1}}, {4, {2}}}, {4}},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(triggers(row.correlation, row.events), row.triggers);
  }
}

TEST(Window, TellsAtOnceWhatMoreEventsCannotFalsify) {
  const Correlation c = correlation(Type::kEventCount, {{Op::kGte, 2}});
  WindowEntries entries;
  std::vector<Verdict> verdicts;
  add(c, entries, occurrence({5}, 1), at(0), 1'000, verdicts);
  EXPECT_TRUE(verdicts.empty());
  add(c, entries, occurrence({3}, 2), at(0), 1'000, verdicts);
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(second_of(verdicts[0].at), 5);
  ASSERT_EQ(verdicts[0].others.size(), 1U);
  EXPECT_EQ(verdicts[0].others[0].id, 2U);
}

TEST(Window, JudgesAllElseOnlyWhenNoEventOfTheSpanCanCome) {
  const Correlation c = correlation(Type::kEventCount, {{Op::kEq, 1}});
  WindowEntries entries;
  std::vector<Verdict> verdicts;
  add(c, entries, occurrence({5}, 1), at(0), 1'000, verdicts);
  advance(c, entries, at(5), verdicts);  // another event at 5 may still come
  EXPECT_TRUE(verdicts.empty());
  EXPECT_EQ(next_due(c, entries), at(5));
  advance(c, entries, at(6), verdicts);
  EXPECT_EQ(verdicts.size(), 1u);
}

TEST(Window, GivesUpItsOldestEntriesAtItsLimitAndSaysSo) {
  const Correlation c = correlation(Type::kEventCount, {{Op::kGte, 100}});
  WindowEntries entries;
  std::vector<Verdict> verdicts;
  std::size_t evicted = 0;
  for (int i = 0; i < 5; ++i) {
    evicted += add(c, entries, occurrence({i}, static_cast<std::uint64_t>(i)), at(0), 3, verdicts);
  }
  EXPECT_EQ(evicted, 2u);
  EXPECT_EQ(entries.size(), 3u);
  EXPECT_TRUE(entries.partial());
  EXPECT_EQ(entries.time(0, layout_of(c.type)), at(2));
}

TEST(WindowEntries, StandInOrderWhateverOrderTheyComeIn) {
  for (const auto layout : {WindowEntries::Layout::kPlain, WindowEntries::Layout::kWithValue}) {
    std::mt19937 random(3);
    WindowEntries entries;
    std::vector<WindowEntry> plain;
    for (int i = 0; i < 500; ++i) {
      WindowEntry entry{.time = at(static_cast<int>(random() % 50) - 25),
                        .input = static_cast<std::uint16_t>(random() % 3),
                        .event = random() % 5};
      if (layout == WindowEntries::Layout::kWithValue) entry.value = random() % 4;
      const bool is_new = std::none_of(plain.begin(), plain.end(),
                                       [&](const WindowEntry& other) { return other.position() == entry.position(); });
      EXPECT_EQ(entries.insert(entry, layout), is_new);
      if (is_new) plain.push_back(entry);
      if (random() % 40 == 0) {
        std::sort(plain.begin(), plain.end(),
                  [](const WindowEntry& a, const WindowEntry& b) { return a.position() < b.position(); });
        const std::size_t count = random() % (plain.size() + 1);
        plain.erase(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(count));
        entries.erase_front(count, layout);
      }
    }
    std::sort(plain.begin(), plain.end(),
              [](const WindowEntry& a, const WindowEntry& b) { return a.position() < b.position(); });
    ASSERT_EQ(entries.size(), plain.size());
    for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_EQ(entries.at(i, layout).position(), plain[i].position());
  }
}

TEST(WindowEntries, KeepTimesBefore1970AndFarAhead) {
  for (const char* text : {"0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59Z"}) {
    WindowEntries entries;
    entries.insert({.time = *parse_time(text), .input = 16'383}, WindowEntries::Layout::kPlain);
    EXPECT_EQ(format_time(entries.time(0, WindowEntries::Layout::kPlain)), text);
    EXPECT_EQ(entries.at(0, WindowEntries::Layout::kPlain).input, 16'383);
  }
}

TEST(WindowEntries, TakeSixteenBytesAnEntryAndAQuarterMoreAtMost) {
  using Layout = WindowEntries::Layout;
  EXPECT_EQ(WindowEntries::bytes_of(4, Layout::kPlain), 64u);
  EXPECT_EQ(WindowEntries::bytes_of(4, Layout::kWithValue), 96u);
  for (std::size_t n = 5; n < 5'000; ++n) {
    ASSERT_LE(WindowEntries::bytes_of(n, Layout::kPlain), 64 + (n - 4) * 24) << n;
    ASSERT_LE(WindowEntries::bytes_of(n, Layout::kPlain), n * 20) << n;
  }
}

}  // namespace
}  // namespace tripline::engine
