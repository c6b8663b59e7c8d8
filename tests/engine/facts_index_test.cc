#include "engine/facts_index.h"

#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "engine/store/spaces.h"

namespace tripline::engine {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using store::Space;
using store::StateRow;

const EventTime kNoon = *parse_time("2026-01-15T12:00:00Z");

/// Rows as a store would have them after its checkpoints.
using Stored = std::map<std::pair<std::int64_t, std::string>, std::string>;

void put(std::vector<StateRow> rows, Stored& stored) {
  for (StateRow& row : rows) {
    if (row.kind == StateRow::Kind::kDeleteBelow) {
      std::erase_if(stored, [&](const auto& s) { return s.first.first == row.space && s.first.second < row.key; });
    } else if (row.value) {
      stored[{row.space, row.key}] = *row.value;
    } else {
      stored.erase({row.space, row.key});
    }
  }
}

std::optional<std::uint64_t> find(const Stored& stored, EventTime time, std::uint64_t event) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  for (const auto& [key, value] : stored) {
    if (key.first != static_cast<std::int64_t>(Space::kFacts) || key.second < store::facts_key(second, 0)) continue;
    if (key.second >= store::facts_key(second + milliseconds{1000}, 0)) break;
    if (const auto row = FactsIndex::find_in(key.second, value, event)) return row;
  }
  return std::nullopt;
}

TEST(FactsIndex, FindsEveryEventInMemoryOrInTheRowsOfSomeCheckpoint) {
  std::mt19937 random(3);
  FactsIndex index;
  Stored stored;
  struct Known {
    EventTime time;
    std::uint64_t row;
  };
  std::map<std::uint64_t, Known> all;
  std::uint64_t row = 0;
  for (int round = 0; round < 40; ++round) {
    for (auto commits = random() % 5; commits > 0; --commits) {
      ++row;
      for (auto events = random() % 30; events > 0; --events) {
        const EventTime time = kNoon + milliseconds{random() % 20'000};
        all[all.size() + 1] = {time, row};
        index.add(time, all.size(), row, kNoon + hours{5});
      }
    }
    std::vector<StateRow> rows;
    if (random() % 2) {
      index.take_changes(row, kNoon, EventTime::min(), rows);
      put(std::move(rows), stored);
      if (random() % 2) index.release();
    }
    for (const auto& [event, known] : all) {
      auto found = index.find(event);
      if (!found) found = find(stored, known.time, event);
      EXPECT_EQ(found, known.row) << event;
    }
    EXPECT_FALSE(index.find(1'000'000));
    EXPECT_FALSE(find(stored, kNoon, 1'000'000));
  }
}

TEST(FactsIndex, WantsTheJournalFromTheFirstRowOnThatHasFactsStillWanted) {
  FactsIndex index;
  Stored stored;
  const auto checkpoint = [&](std::uint64_t last, EventTime watermark) {
    std::vector<StateRow> rows;
    index.take_changes(last, watermark, EventTime::min(), rows);
    put(std::move(rows), stored);
    return index.wanted_from();
  };
  EXPECT_EQ(index.wanted_from(), UINT64_MAX);
  index.add(kNoon, 1, 10, kNoon + hours{2});
  index.add(kNoon + hours{1}, 2, 11, kNoon + hours{3});
  index.add(kNoon, 3, 12, kNoon + hours{2});
  index.add(kNoon - hours{1}, 4, 13, kNoon + hours{1});
  EXPECT_EQ(checkpoint(13, kNoon), 10u);
  EXPECT_EQ(checkpoint(14, kNoon + hours{1}), 10u);
  EXPECT_EQ(checkpoint(15, kNoon + hours{2}), 11u);

  FactsIndex next;
  for (const auto& [key, value] : stored) {
    if (key.first != static_cast<std::int64_t>(Space::kFactsEnd)) continue;
    EXPECT_TRUE(next.restore(key.second, value));
  }
  EXPECT_EQ(next.wanted_from(), 11u);
  next.add(kNoon + hours{1}, 5, 16, kNoon + hours{3});
  EXPECT_EQ(next.wanted_from(), 11u);
  index = std::move(next);
  EXPECT_EQ(checkpoint(16, kNoon + hours{3}), UINT64_MAX);
  EXPECT_TRUE(std::none_of(stored.begin(), stored.end(), [](const auto& row) {
    return row.first.first == static_cast<std::int64_t>(Space::kFactsEnd);
  }));
}

TEST(FactsIndex, GivesUpEventsThatAreForgotten) {
  FactsIndex index;
  Stored stored;
  index.add(kNoon, 1, 1, kNoon + hours{9});
  index.add(kNoon + hours{1}, 2, 1, kNoon + hours{9});
  std::vector<StateRow> rows;
  index.take_changes(1, kNoon, EventTime::min(), rows);
  index.add(kNoon, 3, 2, kNoon + hours{9});
  index.take_changes(2, kNoon, kNoon + hours{1}, rows);
  put(std::move(rows), stored);
  EXPECT_FALSE(find(stored, kNoon, 1));
  EXPECT_EQ(find(stored, kNoon + hours{1}, 2), 1u);
  EXPECT_FALSE(find(stored, kNoon, 3));
}

TEST(FactsIndex, RefusesADamagedRow) {
  FactsIndex index;
  EXPECT_FALSE(index.restore("", ""));
  EXPECT_FALSE(index.restore(store::time_key(kNoon), "\2"));
  EXPECT_FALSE(FactsIndex::find_in(store::facts_key(kNoon, 1), "\2abc", 1));
  EXPECT_FALSE(FactsIndex::find_in("short", "\2", 1));
}

}  // namespace
}  // namespace tripline::engine
