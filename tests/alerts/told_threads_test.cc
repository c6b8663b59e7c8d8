#include "alerts/told_threads.h"

#include <map>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "engine/packing.h"
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
      for (auto live = random() % 3; live > 0; --live) one.live.push_back({0, random() % 5});
      if (!one.live.empty()) one.until = engine::EventTime::max();
      one.due = now + minutes{random() % 9};
      one.holds = random() % 2 == 0;
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
      for (const auto& [key, blob] : rows)
        ASSERT_TRUE(told->restore(key.substr(ToldThreads::kRows.size()), blob, {"a", "b"}));
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
  told.put("chat", "a", {.at = noon(), .until = engine::EventTime::max(), .live = {{0, 1}}});
  told.put("chat", "b", {.at = noon(), .until = noon() + minutes{1}});
  told.put("chat", "c", {.at = noon(), .until = noon() + minutes{2}});
  EXPECT_EQ(told.find("chat", "b"), nullptr);
  EXPECT_NE(told.find("chat", "a"), nullptr);
  EXPECT_NE(told.find("chat", "c"), nullptr);
  EXPECT_EQ(told.given_up(), 1u);
}

TEST(ToldThreads, RefuseWhatIsDamaged) {
  ToldThreads told(2);
  told.put("chat", "a", {.at = noon(), .until = noon(), .live = {{0, 1}}});
  std::vector<RoutingRow> rows;
  told.take_rows(rows);
  const std::string key = rows.front().key.substr(ToldThreads::kRows.size()), blob = *rows.front().blob;
  EXPECT_TRUE(ToldThreads(2).restore(key, blob, {"chat"}));
  EXPECT_FALSE(ToldThreads(2).restore(key.substr(1), blob, {"chat"}));
  for (std::size_t size = 0; size < blob.size(); ++size) {
    EXPECT_FALSE(ToldThreads(2).restore(key, blob.substr(0, size), {"chat"}));
  }
}

TEST(ToldThreads, TakeUpWhatAnEarlierVersionKept) {
  engine::Packer packer;
  packer.number(std::uint8_t{1});
  packer.number(noon().time_since_epoch().count());
  packer.number(engine::EventTime::max().time_since_epoch().count());
  packer.count(1);
  packer.number(engine::Digest{0, 7});
  ToldThreads earlier(2), told(2);
  earlier.put("pager", "a", {.at = noon(), .until = noon() + minutes{1}});
  std::vector<RoutingRow> rows;
  earlier.take_rows(rows);
  ASSERT_TRUE(told.restore(rows.front().key.substr(ToldThreads::kRows.size()), packer.take(), {"pager"}));
  ASSERT_NE(told.find("pager", "a"), nullptr);
  EXPECT_TRUE(told.find("pager", "a")->holds);
  EXPECT_EQ(told.find("pager", "a")->live, (std::vector<engine::Digest>{{0, 7}}));
}

TEST(ToldThreads, ForgetWhatASinkWasToldThatIsNotThereAnyMore) {
  ToldThreads before(2), told(2);
  before.put("chat", "a", {.at = noon(), .until = noon()});
  std::vector<RoutingRow> rows;
  before.take_rows(rows);
  const std::string key = rows.front().key;
  ASSERT_TRUE(told.restore(key.substr(ToldThreads::kRows.size()), *rows.front().blob, {"other"}));
  EXPECT_EQ(told.size(), 0u);
  rows.clear();
  told.take_rows(rows);
  EXPECT_EQ(rows, (std::vector<RoutingRow>{{key, std::nullopt}}));
}

}  // namespace
}  // namespace tripline::alerts
