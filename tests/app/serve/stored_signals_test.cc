#include "app/serve/stored_signals.h"

#include <algorithm>
#include <random>
#include <tuple>

#include <gtest/gtest.h>

#include "alerts/signal_json.h"
#include "tests/app/serve/some_signals.h"

namespace tripline::app {
namespace {

using Ids = std::vector<std::string>;

/// All pages of a query. `pages`: how many there were.
Ids all_pages(StoredSignals& stored, SignalQuery query, std::size_t& pages) {
  Ids ids;
  for (pages = 1;; ++pages) {
    const auto page = stored.find(query, nullptr);
    EXPECT_TRUE(page) << page.error().message;
    EXPECT_LE(page->signals.size(), query.limit);
    for (const auto& found : page->signals) ids.push_back(found.signal.id);
    if (!page->next) return ids;
    query.before = page->next;
  }
}

TEST(StoredSignals, PageThroughWhatALookAtEachOneFinds) {
  std::mt19937_64 random(1);
  const auto one_of = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  SomeSignals some;
  struct Made {
    engine::Signal signal;
    std::vector<Note> notes;
  };
  std::vector<Made> made;
  for (int i = 0; i < 120; ++i) {
    auto signal = some.make(i, static_cast<engine::Level>(one_of(5)), one_of(8), one_of(2) == 0);
    signal.accounts = {std::to_string(one_of(3))};
    some.add(signal);
    made.push_back({signal, {}});
    if (one_of(3) > 0) continue;
    made.back().notes.push_back({one_of(2) == 0 ? Note::Kind::kClosed : Note::Kind::kAcknowledged, some.kNow, "a", ""});
    EXPECT_TRUE(some.add_note(signal.id, made.back().notes[0]));
  }
  std::sort(made.begin(), made.end(), [](const Made& a, const Made& b) {
    return std::tie(b.signal.first, b.signal.id) < std::tie(a.signal.first, a.signal.id);
  });
  for (int round = 0; round < 100; ++round) {
    SignalQuery query;
    if (one_of(2) == 0) query.level = static_cast<engine::Level>(one_of(5));
    if (one_of(3) == 0) query.account = std::to_string(one_of(4));
    if (one_of(3) == 0) query.rule = "rule-high";
    if (one_of(2) == 0) query.state = static_cast<SignalQuery::State>(one_of(3));
    if (one_of(3) == 0) query.since = some.kNow - std::chrono::minutes{one_of(9)};
    if (one_of(3) == 0) query.until = some.kNow - std::chrono::minutes{one_of(9)};
    if (one_of(4) == 0) query.text = "title of medium";
    query.limit = static_cast<std::size_t>(1 + one_of(40));
    Ids expected;
    for (const Made& one : made) {
      const auto json = [&] { return alerts::signal_json(one.signal); };
      if (asks_for(query, one.signal, one.notes, json)) expected.push_back(one.signal.id);
    }
    StoredSignals stored(some.path(), static_cast<std::size_t>(1 + one_of(200)));
    std::size_t pages = 0;
    EXPECT_EQ(all_pages(stored, query, pages), expected) << round;
  }
}

TEST(StoredSignals, EndWithAPageThatHasNoNext) {
  SomeSignals some;
  for (int i = 0; i < 10; ++i) some.add(some.make(i, engine::Level::kHigh, i));
  SignalQuery query;
  query.limit = 5;
  StoredSignals stored(some.path());
  std::size_t pages = 0;
  EXPECT_EQ(all_pages(stored, query, pages).size(), 10u);
  EXPECT_EQ(pages, 2u) << "the last page is known for it";
}

TEST(StoredSignals, ReadABoundedNumberACall) {
  SomeSignals some;
  for (int i = 0; i < 10; ++i) some.add(some.make(i, i == 9 ? engine::Level::kHigh : engine::Level::kLow, i));
  SignalQuery query;
  query.level = engine::Level::kHigh;
  StoredSignals stored(some.path(), 4);
  const auto first = stored.find(query, nullptr).value();
  EXPECT_TRUE(first.signals.empty());
  ASSERT_TRUE(first.next);
  std::size_t pages = 0;
  EXPECT_EQ(all_pages(stored, query, pages).size(), 1u);
  EXPECT_EQ(pages, 3u);
}

TEST(StoredSignals, AreReadAsOfTheLastCommit) {
  SomeSignals some;
  StoredSignals stored(some.path());
  EXPECT_TRUE(stored.find(SignalQuery{}, nullptr)->signals.empty());
  auto signal = some.make(1, engine::Level::kHigh, 5);
  const std::string id = some.add(signal);
  EXPECT_EQ(stored.find(SignalQuery{}, nullptr)->signals.size(), 1u);
  signal.triggers = 2;
  some.add(signal);
  some.add_note(id, {Note::Kind::kAcknowledged, some.kNow, "alice", "mine"});
  const auto found = stored.find(engine::from_hex(id), nullptr).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->signal.triggers, 2u);
  ASSERT_EQ(found->notes.size(), 1u);
  EXPECT_EQ(found->notes[0].comment, "mine");
  EXPECT_FALSE(stored.find(engine::Digest{1, 2}, nullptr).value());
  EXPECT_EQ(stored.counts()->open_signals, 1u);
  EXPECT_GT(stored.sizes()->file_bytes, 0u);
}

TEST(StoredSignals, SayWhatIsWrongWithAStoreAndTryAgain) {
  const tests::TemporaryFolder folder;
  StoredSignals stored((folder.path() / "none.db").string());
  const auto page = stored.find(SignalQuery{}, nullptr);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, engine::ErrorCode::kStore);
}

}  // namespace
}  // namespace tripline::app
