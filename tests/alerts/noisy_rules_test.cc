#include "alerts/noisy_rules.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/routing.h"

namespace tripline::alerts {
namespace {

using std::chrono::minutes;
using tests::noon;

/// The slow way: a list of all that there was to tell. With rows kept and read back now and then.
TEST(NoisyRules, AreWhatAListOfTellingsWouldSay) {
  std::mt19937 random(11);
  constexpr std::uint64_t kMost = 20;
  auto noisy = std::make_unique<NoisyRules>(kMost);
  struct Telling {
    engine::EventTime at;
    std::uint64_t signal;
  };
  std::map<std::pair<std::string, std::string>, std::vector<Telling>> tellings;
  std::map<std::string, std::string> rows;
  const auto keep = [&] {
    std::vector<RoutingRow> changed;
    noisy->take_rows(changed);
    for (const auto& row : changed) {
      if (row.blob) rows[row.key] = *row.blob;
      if (!row.blob) rows.erase(row.key);
    }
  };
  auto now = noon();
  std::size_t noisy_ones = 0, calm_ones = 0;
  for (int step = 0; step < 4000; ++step) {
    now += std::chrono::milliseconds{random() % (step % 600 < 300 ? 60'000 : 1'200'000)};
    const std::string sink = random() % 3 == 0 ? "pager" : "chat", rule = std::to_string(random() % 2);
    const std::uint64_t signal = random() % 60;
    noisy->tell(sink, rule, {0, signal}, now);
    tellings[{sink, rule}].push_back({now, signal});
    for (const std::uint64_t limit : {0u, 3u, 20u}) {
      for (auto& [name, all] : tellings) {
        std::erase_if(all, [&](const Telling& one) { return one.at < now - 3 * NoisyRules::kSpan; });
        std::set<std::uint64_t> signals;
        for (const Telling& one : all) {
          if (one.at > now - NoisyRules::kSpan) signals.insert(one.signal);
        }
        ASSERT_EQ(noisy->noisy(name.first, name.second, limit, now), signals.size() > limit)
            << step << " " << name.first << " " << name.second << " " << limit;
        (signals.size() > limit ? noisy_ones : calm_ones) += 1;
      }
    }
    if (random() % 50 == 0) noisy->forget_quiet(now);
    keep();
    if (random() % 100 == 0) {
      noisy = std::make_unique<NoisyRules>(kMost);
      for (const auto& [key, blob] : rows) ASSERT_TRUE(noisy->restore(key, blob));
    }
  }
  EXPECT_GT(noisy_ones, 3000u);
  EXPECT_GT(calm_ones, 3000u);
}

TEST(NoisyRules, AreForgottenWhenTheyHaveBeenQuiet) {
  NoisyRules noisy(5);
  noisy.tell("chat", "a", {0, 1}, noon());
  noisy.tell("chat", "b", {0, 2}, noon() + minutes{30});
  noisy.tell("pager", "b", {0, 2}, noon() + minutes{30});
  noisy.forget_quiet(noon() + minutes{60});
  EXPECT_EQ(noisy.count(0, noon() + minutes{60}), 1u);
  std::vector<RoutingRow> rows;
  noisy.take_rows(rows);
  EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.blob.has_value(); }), 2);
}

TEST(NoisyRules, CountAClockThatGoesBackAsTheLatest) {
  NoisyRules noisy(1);
  noisy.tell("chat", "a", {0, 1}, noon());
  noisy.tell("chat", "a", {0, 2}, noon() - minutes{90});
  EXPECT_TRUE(noisy.noisy("chat", "a", 1, noon() + minutes{59}));
  EXPECT_FALSE(noisy.noisy("chat", "a", 1, noon() + minutes{60}));
}

TEST(NoisyRules, RefuseWhatIsDamaged) {
  NoisyRules noisy(5);
  noisy.tell("chat", "a", {0, 1}, noon());
  std::vector<RoutingRow> rows;
  noisy.take_rows(rows);
  const std::string key = rows.front().key, blob = *rows.front().blob;
  for (std::size_t size = 0; size < blob.size(); ++size) EXPECT_FALSE(NoisyRules(5).restore(key, blob.substr(0, size)));
  EXPECT_FALSE(NoisyRules(5).restore(key, '\3' + blob.substr(1))) << "another version";
  EXPECT_TRUE(NoisyRules(5).restore(key, blob));
}

TEST(NoisyRules, LetGoOfWhatAnEarlierVersionCounted) {
  NoisyRules noisy(5);
  ASSERT_TRUE(noisy.restore("rule/1", "\1 and what it knew"));
  std::vector<RoutingRow> rows;
  noisy.take_rows(rows);
  EXPECT_EQ(rows, (std::vector<RoutingRow>{{"rule/1", std::nullopt}}));
}

}  // namespace
}  // namespace tripline::alerts
