#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/support/store_history.h"

namespace tripline::engine::store {
namespace {

using tests::StoreHistory;
using Survives = tests::PowerCutDisk::Survives;

const bool kLong = std::getenv("TRIPLINE_LONG") != nullptr;

constexpr Survives kSurvives[] = {Survives::kNothing, Survives::kSome, Survives::kAll};

/// What the `seed`-th history of `rounds` power cuts at random moments has wrong; empty: nothing.
std::string run_history(std::uint64_t seed, Synchronous synchronous, int rounds) {
  std::mt19937_64 random(seed);
  StoreHistory history(seed, synchronous);
  for (int round = 0; round < rounds; ++round) {
    const std::size_t fail_at = random() % 4 == 0 ? 0 : 1 + random() % 250;
    const std::string wrong = history.round(20, fail_at, kSurvives[random() % 3]);
    if (!wrong.empty()) return wrong;
  }
  return history.round(0, 0, Survives::kNothing);
}

TEST(PowerCut, LosesNothingThatWasCommittedAndLeavesNoCommitInPart) {
  const std::uint64_t histories = kLong ? 10'000 : 100;
  for (std::uint64_t seed = 1; seed <= histories; ++seed) {
    ASSERT_EQ(run_history(seed, Synchronous::kFull, 6), "") << "seed " << seed;
  }
}

// The histories would notice: told to sync less, SQLite loses what it said was committed.
TEST(PowerCut, IsNoticedWhenSqliteSyncsLess) {
  for (const Synchronous synchronous : {Synchronous::kOff, Synchronous::kNormal}) {
    int wrong = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) wrong += run_history(seed, synchronous, 6).empty() ? 0 : 1;
    EXPECT_GE(wrong, 5) << "of 20, with synchronous = " << static_cast<int>(synchronous);
  }
}

// One history, with the making of the store, commits, checkpoints and retention, cut at every write, sync, truncation
// and deletion there is in it.
TEST(PowerCut, IsSurvivedAtEveryChangeToTheDisk) {
  constexpr int kCalls = 25;
  StoreHistory whole(1, Synchronous::kFull);
  ASSERT_EQ(whole.round(kCalls, 0, Survives::kAll), "");
  const std::size_t changes = whole.disk().operations();
  ASSERT_GE(whole.commits(), 10u);
  for (std::size_t fail_at = 1; fail_at <= changes; ++fail_at) {
    for (std::size_t kind = 0; kind < std::size(kSurvives); ++kind) {
      if (!kLong && kind != fail_at % std::size(kSurvives)) continue;
      SCOPED_TRACE("cut at " + std::to_string(fail_at) + ", kind " + std::to_string(kind));
      StoreHistory history(1, Synchronous::kFull);
      ASSERT_EQ(history.round(kCalls, fail_at, kSurvives[kind]), "");
      ASSERT_EQ(history.round(5, 0, Survives::kNothing), "");
      ASSERT_EQ(history.round(0, 0, Survives::kNothing), "");
    }
  }
}

// The same history again, where one change alone fails: what was called is told so and has not happened, and the rest
// of the calls work.
TEST(FailingDisk, IsSurvivedWhicheverChangeToItFails) {
  constexpr int kCalls = 25;
  StoreHistory whole(1, Synchronous::kFull);
  ASSERT_EQ(whole.round(kCalls, 0, Survives::kAll), "");
  for (std::size_t fail_at = 1; fail_at <= whole.disk().operations(); ++fail_at) {
    SCOPED_TRACE("change " + std::to_string(fail_at));
    StoreHistory history(1, Synchronous::kFull);
    history.fail_once_at(fail_at);
    ASSERT_EQ(history.round(kCalls, 0, fail_at % 2 == 0 ? Survives::kNothing : Survives::kSome), "");
    ASSERT_EQ(history.round(5, 0, Survives::kNothing), "");
    ASSERT_EQ(history.round(0, 0, Survives::kNothing), "");
  }
}

}  // namespace
}  // namespace tripline::engine::store
