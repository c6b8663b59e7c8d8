#include "engine/window.h"

#include <algorithm>
#include <bit>
#include <malloc.h>
#include <optional>
#include <random>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "engine/group_table.h"
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
  advance(c, entries, EventTime::max(), 1'000, verdicts);
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
  advance(c, entries, at(5), 1'000, verdicts);  // another event at 5 may still come
  EXPECT_TRUE(verdicts.empty());
  EXPECT_EQ(next_due(c, entries), at(5));
  advance(c, entries, at(6), 1'000, verdicts);
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

TEST(Window, KeepsWhatIsDenseInOneStretchFromTakingTheEntriesOfOthers) {
  for (const auto type : {Type::kEventCount, Type::kValueCount}) {
    const Correlation c = correlation(type, {{Op::kGte, 3}});  // within ten seconds
    for (const bool newest_first : {false, true}) {
      WindowEntries entries;
      std::vector<Verdict> verdicts;
      std::size_t evicted = 0;
      for (int i = 0; i < 100; ++i) {
        const int event = newest_first ? 99 - i : i;
        const Happens happens{.second = event * 5, .values = {static_cast<double>(event)}};
        evicted += add(c, entries, occurrence(happens, static_cast<std::uint64_t>(event)), at(0), 4, verdicts);
      }
      EXPECT_EQ(evicted, 0U) << "there are two in each stretch";
      EXPECT_EQ(entries.size(), 100U);
    }
  }
}

TEST(Window, MarksWhateverLiesWhereItsBoundTookSomethingAway) {
  const struct {
    const char* judged;
    Correlation correlation;
    std::vector<int> want;  // seconds of the marked triggers; 0 to 19 are dense, of which four stay in each ten, 100
                            // and 200 are alone
    std::vector<int> unmarked;
  } cases[] = {
      {"at once", correlation(Type::kEventCount, {{Op::kGte, 1}}), {16, 19}, {100, 200}},
      {"behind", correlation(Type::kEventCount, {{Op::kGte, 1}, {Op::kLte, 100}}), {16, 19}, {100, 200}},
      {"ahead", correlation(Type::kEventCount, {{Op::kLt, 100}}), {26, 29}, {110, 210}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.judged);
    WindowEntries entries;
    std::vector<Verdict> verdicts;
    std::uint64_t event = 0;
    for (int second = 0; second < 20; ++second)
      add(c.correlation, entries, occurrence({second}, ++event), at(0), 4, verdicts);
    for (const int second : {100, 200}) add(c.correlation, entries, occurrence({second}, ++event), at(0), 4, verdicts);
    advance(c.correlation, entries, EventTime::max(), 4, verdicts);
    const auto marked = [&](int second) {
      std::optional<bool> partial;
      for (const Verdict& verdict : verdicts) {
        if (second_of(verdict.at) == second) partial = verdict.partial;
      }
      return partial;
    };
    for (const int second : c.want) EXPECT_EQ(marked(second), true) << second;
    for (const int second : c.unmarked) EXPECT_EQ(marked(second), false) << second;
  }
}

TEST(WindowEntries, StandInOrderWhateverOrderTheyComeIn) {
  for (const auto layout : {WindowEntries::Layout::kPlain, WindowEntries::Layout::kWithValue}) {
    std::mt19937 random(3);
    WindowEntries entries;
    std::vector<WindowEntry> plain;
    for (int i = 0; i < 500; ++i) {
      WindowEntry entry{.time = at(static_cast<int>(random() % 50) - 25), .event = random() % 5};
      if (layout == WindowEntries::Layout::kPlain) entry.input = static_cast<std::uint16_t>(random() % 3);
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

TEST(WindowEntries, KnowHowManyValuesTheirEndHasWhateverOrderTheyComeIn) {
  constexpr auto layout = WindowEntries::Layout::kWithValue;
  std::mt19937 random(4);
  WindowEntries entries;
  EventTime from = EventTime::min();  // nobody asks of earlier entries; moves on with the events
  for (int i = 0; i < 2'000; ++i) {
    from = std::max(from, at(i / 20 - 30));
    entries.insert(
        {.time = at(i / 20 + static_cast<int>(random() % 60) - 50), .event = random() % 20, .value = random() % 15},
        layout, from);
    if (random() % 10 == 0) entries.set_done(random() % entries.size(), layout);
    if (random() % 40 == 0) entries.erase_front(random() % entries.size(), layout);
    if (random() % 10 == 0) {
      const std::size_t first = random() % entries.size();
      entries.erase(first, random() % std::min<std::size_t>(entries.size() - first, 4), layout, from);
    }
    if (random() % 50 == 0) {
      Packer out;
      entries.pack(layout, out);
      const std::string bytes = out.take();
      Unpacker in(bytes);
      entries = WindowEntries();
      entries.unpack(layout, in);
      ASSERT_TRUE(in.at_end());
    }
    std::set<std::uint64_t> values;
    for (std::size_t first = entries.size(); first > entries.after(from, layout); --first) {
      values.insert(entries.value(first - 1));
      ASSERT_EQ(entries.distinct_values_from(first - 1), values.size());
    }
  }
}

TEST(WindowEntries, StandBesideTheirGroupsKeyInOneBlock) {
  constexpr auto layout = WindowEntries::Layout::kPlain;
  WindowEntries entries;
  entries.block() = GroupBlock("the key", 77);
  for (std::uint64_t event = 1; event <= 100; ++event) entries.insert({.time = at(0), .event = event}, layout);
  entries.erase_front(98, layout);
  EXPECT_EQ(entries.block().key(), "the key");
  EXPECT_EQ(entries.block().hash(), 77u);
  EXPECT_EQ(entries.at(1, layout).event, 100u);
  entries.erase_front(2, layout);
  EXPECT_EQ(entries.block().key(), "the key");
}

/// What a correlation compares of some of a group's entries, counted in the plainest way.
double plain_value(const Correlation& c, const WindowEntries& entries, std::size_t first, std::size_t end) {
  std::set<std::uint64_t> different;
  for (std::size_t i = first; i < end; ++i) {
    const WindowEntry entry = entries.at(i, layout_of(c.type));
    different.insert(c.type == Type::kTemporal ? entry.input : entry.value);
  }
  return static_cast<double>(different.size());
}

TEST(Span, CountsWhatThePlainWayCountsWhereverItIsMoved) {
  std::mt19937 random(8);
  for (const Correlation& c :
       {correlation(Type::kValueCount, {{Op::kGte, 2}}), correlation(Type::kTemporal, {{Op::kGte, 2}}, 4)}) {
    for (int round = 0; round < 300; ++round) {
      WindowEntries entries;
      const auto layout = layout_of(c.type);
      for (auto count = random() % 60; count > 0; --count) {
        WindowEntry entry{.time = at(static_cast<int>(random() % 100)), .event = random()};
        if (c.type == Type::kTemporal) entry.input = static_cast<std::uint16_t>(random() % 4);
        if (c.type == Type::kValueCount) entry.value = std::bit_cast<std::uint64_t>(static_cast<double>(random() % 12));
        entries.insert(entry, layout);
      }
      Span span(c, entries, entries.size());
      std::size_t first = 0;
      std::size_t end = 0;
      while (end < entries.size()) {
        end += random() % (entries.size() - end + 1);
        first += random() % (end - first + 1);
        span.move(first, end);
        if (random() % 3 != 0) {
          EXPECT_EQ(span.value(), plain_value(c, entries, first, end));
        }
        for (std::uint16_t input = 0; input < c.inputs.size() && c.type == Type::kTemporal; ++input) {
          bool has = false;
          for (std::size_t i = first; i < end; ++i) has |= entries.input(i, layout) == input;
          EXPECT_EQ(span.has(input), has);
        }
      }
    }
  }
}

// Nothing is allocated for growth. malloc_usable_size() counts what malloc adds to make blocks multiples of 16; under a
// sanitizer's malloc it is what was asked for.
TEST(WindowEntries, TakeSixteenBytesInTheirTableAndAsManyAnEntryOrTwentyFourWithAValue) {
  static_assert(GroupTable<WindowEntries>::slot_bytes() == 16);
  GroupTable<WindowEntries> table(seconds{1});
  for (const auto layout : {WindowEntries::Layout::kPlain, WindowEntries::Layout::kWithValue}) {
    const std::size_t entry_bytes = layout == WindowEntries::Layout::kPlain ? 16 : 24;
    WindowEntries& entries = table[table.find_or_add("group " + std::to_string(entry_bytes))];
    for (std::uint64_t n = 1; n < 2'000; ++n) {
      entries.insert({.time = at(0), .event = n}, layout);
      ASSERT_LE(malloc_usable_size(const_cast<char*>(entries.block().key().data() - 8)),
                8 + entries.block().key().size() + n * entry_bytes + 24);
    }
  }
}

}  // namespace
}  // namespace tripline::engine
