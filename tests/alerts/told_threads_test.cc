#include "alerts/told_threads.h"

#include <map>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/routing.h"

namespace tripline::alerts {
namespace {

using std::chrono::minutes;
using tests::noon;

/// The slow way: a map that is searched. With rows kept and read back now and then.
TEST(ToldThreads, AreWhatAMapWouldHold) {
  std::mt19937 random(5);
  auto told = std::make_unique<ToldThreads>(1000);
  std::map<std::pair<std::string, std::string>, ToldThreads::Told> expected;
  std::map<std::string, std::string> rows;
  auto now = noon();
  for (int step = 0; step < 5000; ++step) {
    now += minutes{random() % 3};
    const std::string sink(1, static_cast<char>('a' + random() % 2)), thread = std::to_string(random() % 20);
    if (random() % 4 == 0) {
      told->forget(sink, thread);
      expected.erase({sink, thread});
    } else {
      ToldThreads::Told one{.at = now, .until = now + minutes{random() % 40}};
      for (auto open = random() % 3; open > 0; --open) one.open.push_back({0, random() % 5});
      if (!one.open.empty()) one.until = engine::EventTime::max();
      told->put(sink, thread, one);
      expected[{sink, thread}] = one;
    }
    told->forget_until(now);
    std::erase_if(expected, [&](const auto& entry) { return entry.second.until <= now; });
    std::vector<RoutingRow> changed;
    told->take_rows(changed);
    for (const auto& row : changed) {
      if (row.blob) rows[row.key] = *row.blob;
      if (!row.blob) rows.erase(row.key);
    }
    if (random() % 30 == 0) {
      told = std::make_unique<ToldThreads>(1000);
      for (const auto& [key, blob] : rows) ASSERT_TRUE(told->restore(key.substr(ToldThreads::kRows.size()), blob));
    }
    ASSERT_EQ(told->size(), expected.size());
    for (const auto& [key, one] : expected) {
      const auto* found = told->find(key.first, key.second);
      ASSERT_NE(found, nullptr);
      ASSERT_EQ(*found, one);
    }
  }
}

TEST(ToldThreads, GiveUpTheOneThatWouldBeForgottenFirst) {
  ToldThreads told(2);
  told.put("chat", "a", {noon(), engine::EventTime::max(), {{0, 1}}});
  told.put("chat", "b", {noon(), noon() + minutes{1}});
  told.put("chat", "c", {noon(), noon() + minutes{2}});
  EXPECT_EQ(told.find("chat", "b"), nullptr);
  EXPECT_NE(told.find("chat", "a"), nullptr);
  EXPECT_NE(told.find("chat", "c"), nullptr);
  EXPECT_EQ(told.given_up(), 1u);
}

TEST(ToldThreads, RefuseWhatIsDamaged) {
  ToldThreads told(2);
  told.put("chat", "a", {noon(), noon(), {{0, 1}}});
  std::vector<RoutingRow> rows;
  told.take_rows(rows);
  const std::string key = rows.front().key.substr(ToldThreads::kRows.size()), blob = *rows.front().blob;
  EXPECT_TRUE(ToldThreads(2).restore(key, blob));
  EXPECT_FALSE(ToldThreads(2).restore(key.substr(1), blob));
  for (std::size_t size = 0; size < blob.size(); ++size) {
    EXPECT_FALSE(ToldThreads(2).restore(key, blob.substr(0, size)));
  }
}

}  // namespace
}  // namespace tripline::alerts
