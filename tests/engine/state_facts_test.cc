// Facts of events that a durable store keeps: written once, found again whatever became of memory and process.

#include <gtest/gtest.h>

#include "engine/correlation_shape.h"
#include "engine/group_key.h"
#include "engine/state.h"
#include "engine/store/sqlite_store.h"
#include "tests/support/places.h"

namespace tripline::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const EventTime kNoon = *parse_time("2026-01-15T12:00:00Z");

/// Two events of a group within ten minutes.
std::shared_ptr<const RuleSet> two_in_ten_minutes() {
  auto rules = std::make_shared<RuleSet>();
  rules->detections.emplace_back().rule.id = "a";
  rules->detections[0].opens_signals = false;
  Correlation c;
  c.rule.id = "c";
  c.timespan = minutes{10};
  c.bounds = {{Bound::Op::kGte, 2}};
  c.inputs = {{.index = 0, .group = {rules->fields.intern("userIdentity.arn")}}};
  rules->correlations.push_back(std::move(c));
  link(*rules);
  return rules;
}

std::shared_ptr<EventFacts> facts_of(EventTime time, std::uint64_t event, const std::string& group) {
  auto facts = std::make_shared<EventFacts>();
  facts->time = time;
  facts->id = event;
  auto evidence = std::make_shared<Evidence>();
  evidence->event_id = std::to_string(event);
  evidence->region = "eu-west-1";
  facts->evidence = std::move(evidence);
  facts->feeds = {{.correlation = 0, .input = 0, .groups = {group_key({group})}}};
  return facts;
}

/// With facts of so many events in memory.
class StoredFacts : public testing::TestWithParam<std::size_t> {
 protected:
  void start() {
    state_.reset();
    store_.reset();
    store::SqliteStore::Settings settings;
    settings.now = [] { return kNoon; };
    settings.step.rows = 3;
    auto opened = store::SqliteStore::open((folder_.path() / "state.db").string(), rules_, std::move(settings));
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    state_.emplace(*store_, rules_, StateOptions{.facts_in_memory = GetParam()});
    const auto loaded = state_->load();
    ASSERT_TRUE(loaded) << loaded.error().message;
  }

  void happens(EventTime time, std::uint64_t event, const std::string& group, EventTime watermark = EventTime::min()) {
    const auto facts = facts_of(time, event, group);
    Match match;
    match.rules = rules_;
    match.time = time;
    match.key = {event, event};
    match.index = static_cast<std::uint32_t>(event);
    match.evidence = facts->evidence;
    match.record = std::make_shared<const RecordText>(RecordText{.json = record_of(event)});
    match.feeds = facts->feeds;
    ASSERT_TRUE(state_->apply({match}, watermark));
  }

  static std::string record_of(std::uint64_t event) { return R"({"event":)" + std::to_string(event) + "}"; }

  void checkpoint() {
    for (bool at_once = true, more = true; more; at_once = false) {
      const auto tended = state_->tend(at_once);
      ASSERT_TRUE(tended) << tended.error().message;
      more = *tended;
    }
  }

  /// Ids of the events that the signal of a group shows.
  std::vector<std::string> shown_of(const std::string& group) {
    std::vector<std::string> ids;
    const auto read = store_->each_signal([&](const Signal& signal) {
      if (signal.group != std::vector<std::string>{group}) return;
      for (const auto& evidence : signal.evidence) ids.push_back(evidence->event_id + " " + evidence->region);
    });
    EXPECT_TRUE(read);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  std::uint64_t journal_rows() { return store_->database().read().counts().value().journal; }

  const tests::TemporaryFolder folder_;
  std::shared_ptr<const RuleSet> rules_ = two_in_ten_minutes();
  std::unique_ptr<store::SqliteStore> store_;
  std::optional<State> state_;
};

TEST_P(StoredFacts, AreFoundAfterAnyNumberOfCheckpointsAndRestarts) {
  const struct {
    const char* group;
    std::vector<std::string> between;
  } cases[] = {
      {"none", {}},
      {"a checkpoint", {"checkpoint"}},
      {"half a checkpoint", {"tend"}},
      {"a restart", {"start"}},
      {"both", {"checkpoint", "start"}},
      {"the other way round", {"start", "checkpoint"}},
      {"a checkpoint that never counts", {"tend", "start"}},
      {"many", {"checkpoint", "checkpoint", "start", "checkpoint", "start"}},
  };
  start();
  std::uint64_t event = 0;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.group);
    const EventTime time = kNoon + seconds{event} + std::chrono::milliseconds{event};
    happens(time, ++event, c.group);
    happens(time, ++event, "another");
    for (const std::string& step : c.between) {
      if (step == "start") start();
      if (step == "checkpoint") checkpoint();
      if (step == "tend") {
        ASSERT_TRUE(state_->tend(true));
      }
      ++event;  // so that there is something to write another checkpoint of
      happens(time + minutes{30} * static_cast<int>(event), event, "and another");
    }
    happens(time + minutes{9}, ++event, c.group);
    EXPECT_EQ(shown_of(c.group).size(), 2u);
    if (state_->tend()) checkpoint();
  }
  EXPECT_TRUE(store_->database().read().check().value().empty());
}

TEST_P(StoredFacts, AreShownWithTheRecordsOfEventsBeforeARestart) {
  start();
  happens(kNoon, 1, "a");
  checkpoint();
  start();
  happens(kNoon + minutes{1}, 2, "a");
  std::vector<std::string> records;
  ASSERT_TRUE(store_->each_signal([&](const Signal& signal) {
    for (const KeptRecord& record : {signal.first_record, signal.last_record}) {
      records.push_back(record.text ? record.text->json : "none");
    }
  }));
  EXPECT_EQ(records, (std::vector<std::string>{record_of(1), record_of(2)}));
}

TEST_P(StoredFacts, GoWithTheJournalOnceNoWindowCanShowThem) {
  start();
  happens(kNoon, 1, "a");
  for (std::uint64_t event = 2; event < 6; ++event) happens(kNoon + minutes{event}, event, std::to_string(event));
  checkpoint();
  EXPECT_EQ(journal_rows(), 5u);
  happens(kNoon + hours{1}, 6, "b", kNoon + hours{1});
  checkpoint();
  EXPECT_EQ(journal_rows(), 6u);
  happens(kNoon + hours{3}, 7, "b", kNoon + hours{3});
  happens(kNoon + hours{3}, 8, "c", kNoon + hours{3});
  checkpoint();
  EXPECT_EQ(journal_rows(), 2u) << "three timespans and an hour have passed since all others";
  start();
  happens(kNoon + hours{3} + minutes{1}, 9, "b");
  EXPECT_EQ(shown_of("b"), (std::vector<std::string>{"7 eu-west-1", "9 eu-west-1"}));
}

// Stores of before have the facts one by one: in the journal since the last checkpoint, and as rows of state.
TEST_P(StoredFacts, OfAStoreOfBeforeAreFoundToo) {
  const FactsCodec codec(shapes_of(*rules_));
  const auto plain = [&](const std::vector<std::shared_ptr<EventFacts>>& facts, std::optional<EventTime> watermark) {
    Packer out;
    out.number(std::uint8_t{1});
    if (watermark) out.number(*watermark);
    for (const auto& one : facts) codec.pack(*one, out);
    return out.take();
  };
  start();
  const auto stored = facts_of(kNoon + std::chrono::milliseconds{7}, 1, "stored");
  const auto unlike = facts_of(kNoon, 2, "unlike");
  {
    Commit commit;
    commit.keys = {{1, 1}, {2, 2}};
    commit.journal = plain({stored, unlike}, kNoon);
    ASSERT_TRUE(store_->commit(std::move(commit)));
    std::vector<store::StateRow> rows;
    Correlator correlator(rules_, {});
    correlator.track();
    std::vector<Trigger> triggers;
    for (const auto& facts : {stored, unlike}) correlator.add(facts, triggers);
    correlator.advance(kNoon, triggers);
    rows = correlator.take_changes(codec);
    for (const auto& facts : {unlike, stored}) {
      rows.push_back({static_cast<std::int64_t>(store::Space::kFacts), store::facts_key(facts->time, facts->id),
                      plain({facts}, std::nullopt), store::StateRow::Kind::kLasting});
    }
    store_->begin_checkpoint(std::move(rows), UINT64_MAX);
    for (bool more = true; more;) more = store_->continue_checkpoint().value();
    commit = {};
    commit.keys = {{3, 3}};
    commit.journal = plain({facts_of(kNoon + minutes{1}, 3, "journaled")}, kNoon);
    ASSERT_TRUE(store_->commit(std::move(commit)));
  }
  for (const bool after_checkpoint : {false, true}) {
    start();
    if (after_checkpoint) checkpoint();
    const std::uint64_t event = after_checkpoint ? 10 : 20;
    happens(kNoon + minutes{2}, event + 1, "stored");
    happens(kNoon + minutes{2}, event + 2, "journaled");
  }
  EXPECT_EQ(shown_of("stored"), (std::vector<std::string>{"1 eu-west-1", "11 eu-west-1", "21 eu-west-1"}));
  EXPECT_EQ(shown_of("journaled"), (std::vector<std::string>{"12 eu-west-1", "22 eu-west-1", "3 eu-west-1"}));
}

TEST_P(StoredFacts, ThatCannotBeReadAreAnErrorAndNoSilence) {
  start();
  Commit commit;
  commit.keys = {{1, 1}};
  commit.journal = "\2";  // without a watermark
  ASSERT_TRUE(store_->commit(std::move(commit)));
  state_.emplace(*store_, rules_, StateOptions{});
  const auto loaded = state_->load();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::kStore);
}

INSTANTIATE_TEST_SUITE_P(InMemory, StoredFacts, testing::Values(0, 3, 4096));

}  // namespace
}  // namespace tripline::engine
