#include "engine/new_value.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const EventTime kNoon = *parse_time("2026-01-15T12:00:00Z");

Correlation first_seen(hours learning = hours{0}) {
  Correlation c;
  c.type = CorrelationType::kNewValue;
  c.timespan = hours{24};
  c.learning = learning;
  c.inputs.resize(1);
  std::vector<Correlation> all = {c};
  link(all);
  return all.front();
}

struct Told {
  minutes at;
  bool fresh;
  bool final;
  bool operator==(const Told&) const = default;
};

std::vector<Told> take(std::vector<Verdict>& verdicts) {
  std::vector<Told> told;
  for (const auto& v : verdicts) told.push_back({std::chrono::duration_cast<minutes>(v.at - kNoon), v.fresh, v.final});
  verdicts.clear();
  return told;
}

TEST(NewValue, OpensAtOnceWhenNoLateEventCanUndoIt) {
  const Correlation c = first_seen();
  Sightings sightings;
  std::vector<Verdict> verdicts;
  add(c, sightings, kNoon + minutes{40}, 1, nullptr, kNoon + minutes{10}, verdicts);
  EXPECT_EQ(take(verdicts), (std::vector<Told>{{minutes{40}, true, false}}));
  add(c, sightings, kNoon + minutes{20}, 2, nullptr, kNoon + minutes{10}, verdicts);
  EXPECT_EQ(take(verdicts), (std::vector<Told>{{minutes{20}, false, false}}));
  advance(c, sightings, nullptr, kNoon + minutes{21}, verdicts);
  EXPECT_EQ(take(verdicts), (std::vector<Told>{{minutes{20}, false, true}}));
  add(c, sightings, kNoon + minutes{50}, 3, nullptr, kNoon + minutes{21}, verdicts);
  advance(c, sightings, nullptr, kNoon + hours{20}, verdicts);
  EXPECT_EQ(take(verdicts), std::vector<Told>{});
}

TEST(NewValue, WaitsWhenALateEventCouldMoveItIntoAnotherPeriod) {
  const Correlation c = first_seen();
  Sightings sightings;
  std::vector<Verdict> verdicts;
  add(c, sightings, kNoon + minutes{10}, 1, nullptr, kNoon - minutes{20}, verdicts);
  EXPECT_EQ(take(verdicts), std::vector<Told>{});
  EXPECT_EQ(next_due(c, sightings, kNoon - minutes{20}), kNoon + minutes{10});
  advance(c, sightings, nullptr, kNoon + minutes{11}, verdicts);
  EXPECT_EQ(take(verdicts), (std::vector<Told>{{minutes{10}, true, true}}));
}

TEST(NewValue, IsNewAgainAfterItsTimespan) {
  const struct {
    std::string_view name;
    hours second_sighting;
    std::size_t epochs;
  } cases[] = {{"a gap of the timespan goes on", hours{24}, 1}, {"a longer one ends it", hours{25}, 2}};
  for (const auto& row : cases) {
    SCOPED_TRACE(row.name);
    const Correlation c = first_seen();
    Sightings sightings;
    std::vector<Verdict> verdicts;
    add(c, sightings, kNoon, 1, nullptr, EventTime::min(), verdicts);
    add(c, sightings, kNoon + row.second_sighting, 2, nullptr, EventTime::min(), verdicts);
    advance(c, sightings, nullptr, EventTime::max(), verdicts);
    EXPECT_EQ(verdicts.size(), row.epochs);
    EXPECT_EQ(next_due(c, sightings, EventTime::max()), std::nullopt);
  }
}

TEST(NewValue, ASightingBetweenTwoEpochsMakesThemOne) {
  const Correlation c = first_seen();
  Sightings sightings;
  std::vector<Verdict> verdicts;
  for (const int hour : {0, 30, 15}) {
    add(c, sightings, kNoon + hours{hour}, static_cast<std::uint64_t>(hour), nullptr, EventTime::min(), verdicts);
  }
  advance(c, sightings, nullptr, EventTime::max(), verdicts);
  EXPECT_EQ(take(verdicts), (std::vector<Told>{{minutes{0}, true, true}}));
}

TEST(NewValue, SaysNothingOfWhatItLearns) {
  const Correlation c = first_seen(hours{2});
  Learning learning;
  Sightings early;
  Sightings later;
  std::vector<Verdict> verdicts;
  for (const int minute : {30, 119, 0, 120}) learning.add(kNoon + minutes{minute}, gap_of(c));
  add(c, early, kNoon + minutes{119}, 1, &learning, EventTime::min(), verdicts);
  add(c, later, kNoon + minutes{120}, 2, &learning, EventTime::min(), verdicts);
  advance(c, early, &learning, EventTime::max(), verdicts);
  EXPECT_EQ(take(verdicts), std::vector<Told>{});
  advance(c, later, &learning, EventTime::max(), verdicts);
  EXPECT_EQ(take(verdicts), (std::vector<Told>{{minutes{120}, true, true}}));
}

TEST(Learning, JoinsRunsWhateverOrderTheyComeIn) {
  Learning learning;
  for (const int hour : {50, 0, 100, 25}) learning.add(kNoon + hours{hour}, 30);
  ASSERT_EQ(learning.runs.size(), 2u);
  EXPECT_EQ(learning.start_of(hour_of(kNoon + hours{50})), kNoon);
  EXPECT_EQ(learning.start_of(hour_of(kNoon + hours{100})), kNoon + hours{100});
  learning.forget(kNoon + hours{90}, 30);
  EXPECT_EQ(learning.runs.size(), 1u);
}

}  // namespace
}  // namespace tripline::engine
