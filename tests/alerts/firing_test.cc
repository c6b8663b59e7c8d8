#include "alerts/firing.h"

#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/messages.h"

namespace tripline::alerts {
namespace {

using std::chrono::minutes;

const engine::EventTime kNoon = *engine::parse_time("2026-01-15T12:00:00Z");

Message message(int id, Change change = Change::kOpened, std::uint64_t revision = 1) {
  auto signal = tests::bare_signal();
  signal->id = std::to_string(id);
  signal->group = {signal->id};
  return tests::message_of(signal, change, revision);
}

std::string keys(const std::vector<Message>& messages) {
  std::string all;
  for (const Message& one : messages) all += one.key + " ";
  return all;
}

TEST(Firing, TellsOpenSignalsAgainUntilTheyClose) {
  Firing firing(minutes{5}, 10);
  EXPECT_EQ(firing.next(), engine::EventTime::max());
  firing.delivered(message(1), kNoon);
  firing.delivered(message(2), kNoon + minutes{1});
  EXPECT_EQ(keys(firing.due(kNoon + minutes{4}, 9)), "");
  EXPECT_EQ(firing.next(), kNoon + minutes{5});
  EXPECT_EQ(keys(firing.due(kNoon + minutes{5}, 9)), "1.1 ");
  firing.delivered(message(1, Change::kUpdated, 2), kNoon + minutes{7});
  EXPECT_EQ(keys(firing.due(kNoon + minutes{11}, 9)), "2.1 ");
  EXPECT_EQ(keys(firing.due(kNoon + minutes{12}, 9)), "1.2 ") << "an update counts as told, and is told in its turn";
  firing.delivered(message(2, Change::kClosed, 2), kNoon + minutes{13});
  EXPECT_EQ(keys(firing.due(kNoon + minutes{60}, 9)), "1.2 ");
  EXPECT_EQ(firing.size(), 1u);
}

TEST(Firing, GivesUpWhatIsDueLastWhenThereIsNoRoom) {
  Firing firing(minutes{5}, 2);
  for (int id = 1; id <= 4; ++id) firing.delivered(message(id), kNoon + minutes{id});
  EXPECT_EQ(firing.size(), 2u);
  EXPECT_EQ(firing.given_up(), 2u);
  EXPECT_EQ(keys(firing.due(kNoon + minutes{60}, 9)), "1.1 2.1 ");
}

TEST(Firing, KeepsNoTests) {
  Firing firing(minutes{5}, 2);
  Message test = message(1);
  test.test = true;
  firing.delivered(test, kNoon);
  EXPECT_EQ(firing.size(), 0u);
}

TEST(Firing, IsOneForAllSignalsOfAThread) {
  const auto of = [](const Message& one, std::string group) {
    Message same = one;
    auto signal = std::make_shared<engine::Signal>(*one.told.front().signal);
    signal->group = {std::move(group)};
    same.told.front().signal = signal;
    return same;
  };
  Firing firing(minutes{5}, 10);
  firing.delivered(of(message(1), "alice"), kNoon);
  firing.delivered(of(message(2), "alice"), kNoon + minutes{1});
  EXPECT_EQ(keys(firing.due(kNoon + minutes{6}, 9)), "2.1 ");
  firing.delivered(of(message(1, Change::kClosed, 2), "alice"), kNoon + minutes{7});
  EXPECT_EQ(firing.size(), 0u);
}

TEST(Firing, TakesUpNothingThatNobodyWouldClose) {
  Firing firing(minutes{5}, 10);
  Message several = message(1);
  several.told.push_back(message(2).told.front());
  firing.delivered(several, kNoon);
  Message late = message(3);
  auto closed = std::make_shared<engine::Signal>(*late.told.front().signal);
  closed->closed = true;
  late.told.front().signal = closed;
  firing.delivered(late, kNoon);
  EXPECT_EQ(firing.size(), 0u);
}

/// The slow way: a list of what is open and when it was last told.
TEST(Firing, IsWhatAListWouldTell) {
  std::mt19937 random(7);
  Firing firing(minutes{5}, 1000);
  std::map<int, std::pair<std::uint64_t, engine::EventTime>> open;  // id -> revision, due
  auto now = kNoon;
  for (int step = 0; step < 3000; ++step) {
    now += std::chrono::seconds{random() % 40};
    const int id = static_cast<int>(random() % 30);
    const auto revision = static_cast<std::uint64_t>(step);
    if (random() % 3 == 0) {
      firing.delivered(message(id, Change::kClosed, revision), now);
      open.erase(id);
    } else {
      firing.delivered(message(id, Change::kUpdated, revision), now);
      open[id] = {revision, now + minutes{5}};
    }
    std::set<std::string> expected, told;
    for (auto& [key, entry] : open) {
      if (entry.second > now) continue;
      expected.insert(std::to_string(key) + "." + std::to_string(entry.first));
      entry.second = now + minutes{5};
    }
    for (const Message& one : firing.due(now, 1000)) told.insert(one.key);
    ASSERT_EQ(told, expected);
  }
}

}  // namespace
}  // namespace tripline::alerts
