#include "alerts/noisy_rules.h"

#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/routing.h"

namespace tripline::alerts {
namespace {

using std::chrono::minutes;
using tests::noon;

/// The slow way: a list of all openings. With rows kept and read back now and then.
TEST(NoisyRules, AreWhatAListOfOpeningsWouldSay) {
  std::mt19937 random(11);
  constexpr std::uint64_t kMost = 20;
  auto noisy = std::make_unique<NoisyRules>(kMost);
  std::map<std::string, std::vector<engine::EventTime>> openings;
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
  for (int step = 0; step < 3000; ++step) {
    now += std::chrono::milliseconds{random() % (step % 600 < 300 ? 60'000 : 1'200'000)};
    const std::string rule = std::to_string(random() % 4);
    noisy->opened(rule, now);
    openings[rule].push_back(now);
    std::erase_if(openings[rule], [&](auto time) { return time < now - 3 * NoisyRules::kSpan; });
    for (const std::uint64_t limit : {0u, 3u, 20u}) {
      for (const auto& [id, times] : openings) {
        const auto in_span = static_cast<std::uint64_t>(std::count_if(
            times.begin(), times.end(), [&](auto time) { return time > now - NoisyRules::kSpan && time <= now; }));
        ASSERT_EQ(noisy->noisy(id, limit, now), in_span > limit) << step << " " << id << " " << limit;
        (in_span > limit ? noisy_ones : calm_ones) += 1;
      }
    }
    if (random() % 50 == 0) noisy->forget_quiet(now);
    keep();
    if (random() % 100 == 0) {
      noisy = std::make_unique<NoisyRules>(kMost);
      for (const auto& [key, blob] : rows) ASSERT_TRUE(noisy->restore(blob));
    }
  }
  EXPECT_GT(noisy_ones, 3000u);
  EXPECT_GT(calm_ones, 3000u);
}

TEST(NoisyRules, AreForgottenWhenTheyHaveBeenQuiet) {
  NoisyRules noisy(5);
  noisy.opened("a", noon());
  noisy.opened("b", noon() + minutes{30});
  noisy.forget_quiet(noon() + minutes{60});
  EXPECT_EQ(noisy.count(0, noon() + minutes{60}), 1u);
  std::vector<RoutingRow> rows;
  noisy.take_rows(rows);
  EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.blob.has_value(); }), 1);
}

TEST(NoisyRules, CountAClockThatGoesBackAsTheLatest) {
  NoisyRules noisy(1);
  noisy.opened("a", noon());
  noisy.opened("a", noon() - minutes{90});
  EXPECT_TRUE(noisy.noisy("a", 1, noon() + minutes{59}));
  EXPECT_FALSE(noisy.noisy("a", 1, noon() + minutes{60}));
}

TEST(NoisyRules, RefuseWhatIsDamaged) {
  NoisyRules noisy(5);
  noisy.opened("a", noon());
  std::vector<RoutingRow> rows;
  noisy.take_rows(rows);
  const std::string blob = *rows.front().blob;
  for (std::size_t size = 0; size < blob.size(); ++size) EXPECT_FALSE(NoisyRules(5).restore(blob.substr(0, size)));
  EXPECT_FALSE(NoisyRules(5).restore('\2' + blob.substr(1))) << "another version";
  EXPECT_TRUE(NoisyRules(5).restore(blob));
}

}  // namespace
}  // namespace tripline::alerts
