#include "engine/store/sqlite_store.h"

#include <gtest/gtest.h>

#include "engine/digest.h"
#include "tests/support/places.h"

namespace tripline::engine::store {
namespace {

using std::chrono::hours;

const EventTime kNoon = *parse_time("2026-01-15T12:00:00Z");

std::shared_ptr<const RuleSet> rules_named(const std::vector<std::string>& ids) {
  auto rules = std::make_shared<RuleSet>();
  for (const auto& id : ids) {
    rules->detections.emplace_back().rule.id = id;
    rules->detections.back().rule.title = "Title of " + id;
  }
  return rules;
}

class ASqliteStore : public testing::Test {
 protected:
  void open(const std::shared_ptr<const RuleSet>& rules = rules_named({"a", "b"})) {
    store_.reset();
    rules_ = rules;
    SqliteStore::Settings settings;
    settings.now = [this] { return now_; };
    settings.most_remembered = 10;
    auto opened = SqliteStore::open((folder_.path() / "state.db").string(), rules, std::move(settings));
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  void commit(std::vector<EventKey> keys, std::vector<Signal> signals = {}, std::vector<std::string> closed = {}) {
    Commit commit;
    commit.keys = std::move(keys);
    commit.signals = std::move(signals);
    commit.closed = std::move(closed);
    ASSERT_TRUE(store_->commit(std::move(commit)));
  }

  void checkpoint() {
    store_->begin_checkpoint({}, UINT64_MAX);
    while (true) {
      const auto more = store_->continue_checkpoint();
      ASSERT_TRUE(more) << more.error().message;
      if (!*more) return;
    }
  }

  Signal signal(std::uint32_t detection, EventTime first) {
    Signal signal;
    signal.rules = rules_;
    signal.index = detection;
    signal.first = signal.last = first;
    signal.id = to_hex(digest_128({signal.rule().id, format_time(first)}));
    return signal;
  }

  std::string titles() {
    std::string all;
    EXPECT_TRUE(
        store_->each_signal([&](const Signal& s) { all += s.rule().title + (s.closed ? " closed, " : " open, "); }));
    return all;
  }

  tests::TemporaryFolder folder_;
  EventTime now_ = kNoon;
  std::shared_ptr<const RuleSet> rules_;
  std::unique_ptr<SqliteStore> store_;
};

TEST_F(ASqliteStore, RemembersEventsForADayThroughCheckpointsAndRestarts) {
  open();
  commit({{1, 1}});
  checkpoint();
  now_ += hours{1};
  commit({{2, 2}});
  for (const bool restarts : {false, true}) {
    if (restarts) open();
    EXPECT_TRUE(store_->seen({1, 1}));
    EXPECT_TRUE(store_->seen({2, 2}));
    EXPECT_FALSE(store_->seen({3, 3}));
  }
  now_ = kNoon + hours{25};
  checkpoint();
  EXPECT_FALSE(store_->seen({1, 1})) << "an hour and a day ago";
  EXPECT_TRUE(store_->seen({2, 2}));
  commit({{4, 4}});
  checkpoint();
  open();
  EXPECT_FALSE(store_->seen({1, 1})) << "its row is gone too";
  EXPECT_TRUE(store_->seen({2, 2}));
  EXPECT_EQ(store_->forgotten_early(), 0u);
}

TEST_F(ASqliteStore, ForgetsTheOldestHourWhenThereAreTooManyEventsAndCountsIt) {
  open();
  for (std::uint64_t hour = 0; hour < 3; ++hour) {
    for (std::uint64_t i = 0; i < 5; ++i) commit({{hour, i}});
    now_ += hours{1};
  }
  checkpoint();
  EXPECT_FALSE(store_->seen({0, 0}));
  EXPECT_TRUE(store_->seen({1, 0}));
  EXPECT_TRUE(store_->seen({2, 4}));
  EXPECT_EQ(store_->forgotten_early(), 1u);
}

TEST_F(ASqliteStore, KnowsWhatSignalsOfRulesThatAreGoneWereOf) {
  open();
  commit({}, {signal(0, kNoon), signal(1, kNoon + hours{1})});
  EXPECT_EQ(titles(), "Title of a open, Title of b open, ");
  open(rules_named({"b"}));
  EXPECT_EQ(titles(), "Title of a open, Title of b open, ");
  std::vector<bool> known;
  ASSERT_TRUE(store_->each_open_signal([&](const Signal& s) { known.push_back(s.rules == rules_); }));
  EXPECT_EQ(known, (std::vector<bool>{false, true}));
}

TEST_F(ASqliteStore, ForgetsClosedSignalsAfterNinetyDaysWithACheckpoint) {
  open();
  const Signal first = signal(0, kNoon), second = signal(1, kNoon);
  commit({}, {first, second});
  commit({{1, 1}}, {}, {first.id});
  EXPECT_TRUE((*store_->find(first.id))->closed);
  EXPECT_FALSE((*store_->find(second.id))->closed);
  now_ += hours{24 * 90 - 1};
  commit({{2, 2}});
  checkpoint();
  EXPECT_EQ(titles().size(), std::string("Title of a closed, Title of b open, ").size());
  now_ += hours{2};
  commit({{3, 3}});
  checkpoint();
  EXPECT_EQ(titles(), "Title of b open, ") << "open ones stay";
  EXPECT_EQ(*store_->find(first.id), nullptr);
}

TEST_F(ASqliteStore, WantsACheckpointAfterHalfAMinuteOfCommits) {
  open();
  EXPECT_FALSE(store_->wants_checkpoint());
  commit({{1, 1}});
  EXPECT_FALSE(store_->wants_checkpoint());
  now_ += std::chrono::seconds{30};
  EXPECT_TRUE(store_->wants_checkpoint());
  checkpoint();
  EXPECT_FALSE(store_->wants_checkpoint());
  now_ += hours{1};
  EXPECT_FALSE(store_->wants_checkpoint()) << "nothing was committed";
}

}  // namespace
}  // namespace tripline::engine::store
