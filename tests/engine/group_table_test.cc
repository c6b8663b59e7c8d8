#include "engine/group_table.h"

#include <map>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

EventTime at(int second) { return EventTime{seconds{1'700'000'000 + second}}; }

TEST(GroupTable, FindsWhatWasAddedAndForgetsWhatWasRemoved) {
  std::mt19937 random(5);
  GroupTable<int> table(seconds{1});
  std::map<std::string, int> plain;
  for (int step = 0; step < 20'000; ++step) {
    const std::string key = "group " + std::to_string(random() % 700);
    if (random() % 3 != 0) {
      table[table.find_or_add(key)] = step;
      plain[key] = step;
    } else if (const auto found = table.find(key)) {
      table.remove(*found);
      plain.erase(key);
    }
    ASSERT_EQ(table.size(), plain.size());
  }
  for (const auto& [key, value] : plain) {
    const auto found = table.find(key);
    ASSERT_TRUE(found) << key;
    EXPECT_EQ(table[*found], value);
    EXPECT_EQ(table.key(*found), key);
  }
  EXPECT_FALSE(table.find("never added"));
}

TEST(GroupTable, VisitsAGroupOnceItIsDueAndNoneThatIsNot) {
  std::mt19937 random(6);
  GroupTable<int> table(seconds{1});
  std::map<std::string, int> due;  // second, by key
  int now = 0;
  for (int step = 0; step < 3'000; ++step) {
    const std::string key = std::to_string(random() % 300);
    const int second = now + static_cast<int>(random() % 100);
    const auto group = table.find_or_add(key);
    table.wake(group, at(second));
    const auto [entry, added] = due.try_emplace(key, second);
    if (!added) entry->second = std::min(entry->second, second);
    if (random() % 4 != 0) continue;
    now += static_cast<int>(random() % 10);
    std::set<std::string> visited;
    table.advance(at(now), [&](auto index) -> std::optional<EventTime> {
      EXPECT_TRUE(visited.emplace(table.key(index)).second);
      if (index % 2 == 0) return std::nullopt;
      return at(now + 50);
    });
    for (auto it = due.begin(); it != due.end();) {
      EXPECT_EQ(visited.contains(it->first), it->second <= now) << it->first;
      if (it->second > now) {
        ++it;
      } else if (table.find(it->first)) {
        it++->second = now + 50;
      } else {
        it = due.erase(it);
      }
    }
  }
}

TEST(GroupTable, GivesUpTheGroupThatIsDueFirst) {
  GroupTable<int> table(seconds{1});
  for (const int second : {30, 10, 20}) table.wake(table.find_or_add(std::to_string(second)), at(second));
  for (const char* expected : {"10", "20", "30"}) {
    const auto first = table.first_due();
    EXPECT_EQ(table.key(first), expected);
    table.remove(first);
  }
}

}  // namespace
}  // namespace tripline::engine
