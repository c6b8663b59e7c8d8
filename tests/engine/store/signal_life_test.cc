// How long a store keeps signals, and what becomes of those whose rule goes.

#include <gtest/gtest.h>

#include "engine/group_fields.h"
#include "engine/state.h"
#include "engine/store/sqlite_store.h"
#include "tests/support/places.h"

namespace tripline::engine::store {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const EventTime kNoon = *parse_time("2026-01-15T12:00:00Z");

std::shared_ptr<const RuleSet> rules_named(const std::vector<std::string>& ids) {
  auto rules = std::make_shared<RuleSet>();
  for (const auto& id : ids) {
    Detection& detection = rules->detections.emplace_back();
    detection.rule.id = id;
    detection.rule.title = "Title of " + id;
    detection.rule.dry_run = id.starts_with("dry");
  }
  return rules;
}

class SignalLife : public testing::Test {
 protected:
  void open(const std::shared_ptr<const RuleSet>& rules, std::uint64_t keep_bytes = UINT64_MAX) {
    state_.reset();
    store_.reset();
    rules_ = rules;
    SqliteStore::Settings settings;
    settings.now = [this] { return now_; };
    settings.keep_bytes = std::min<std::uint64_t>(keep_bytes, INT64_MAX);
    settings.database.synchronous = Synchronous::kOff;  // no power is cut
    auto opened = SqliteStore::open(path(), rules, std::move(settings));
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    state_.emplace(*store_, rules);
    ASSERT_TRUE(state_->load());
  }

  void match(std::uint32_t detection, std::uint64_t event) {
    Match one;
    one.rules = rules_;
    one.detection = detection;
    one.time = now_;
    one.key = {event, event};
    one.index = static_cast<std::uint32_t>(event);
    one.group = {"111122223333", "alice"};
    one.record = std::make_shared<const RecordText>(RecordText{.json = R"({"eventID":"x","password":"hush"})"});
    ASSERT_TRUE(state_->apply({one}));
  }

  void upkeep() {
    ASSERT_TRUE(state_->tend(true));
    for (bool more = true; more;) {
      const auto tended = state_->tend();
      ASSERT_TRUE(tended);
      more = *tended;
    }
  }

  std::string signals() const {
    std::string all;
    EXPECT_TRUE(each_stored_signal(*Reader::open(path()), [&](const Signal& signal) {
      all += signal.rule().id + (signal.rule().dry_run ? " dry run" : "");
      all += !signal.closed ? " open, " : signal.rule_removed ? " rule_removed, " : " closed, ";
    }));
    return all;
  }

  std::string transitions() const {
    std::string all;
    EXPECT_TRUE(Reader::open(path())->each_transition(0, SIZE_MAX, [&](const TransitionRow& row) -> Result<void> {
      all += std::to_string(row.kind) + " ";
      return {};
    }));
    return all;
  }

  std::string path() const { return (folder_.path() / "state.db").string(); }

  tests::TemporaryFolder folder_;
  EventTime now_ = kNoon;
  std::shared_ptr<const RuleSet> rules_;
  std::unique_ptr<SqliteStore> store_;
  std::optional<State> state_;
};

TEST_F(SignalLife, ClosedSignalsAndThoseOfDryRunsAreKeptNinetyDaysAndOpenOnesForAsLongAsTheyAreOpen) {
  open(rules_named({"a", "dry"}));
  match(0, 1);
  now_ += minutes{1};
  match(1, 2);
  ASSERT_TRUE(state_->apply({}, kNoon + hours{1}));
  now_ += hours{24 * 90} - minutes{1};
  match(0, 3);
  upkeep();
  EXPECT_EQ(signals(), "a closed, dry dry run closed, a open, ");
  now_ += minutes{2};
  upkeep();
  EXPECT_EQ(signals(), "a open, ");
  now_ += hours{24 * 365};
  upkeep();
  EXPECT_EQ(signals(), "a open, ");
}

TEST_F(SignalLife, ClosedSignalsGoTheOldestChangeFirstWhereTheyHaveMoreBytesThanAreAllowed) {
  open(rules_named({"a", "b", "c"}), 1'000);  // some 400 each
  for (std::uint32_t rule = 0; rule < 3; ++rule) {
    match(rule, rule + 1);
    now_ += hours{1};
    ASSERT_TRUE(state_->apply({}, now_));
  }
  EXPECT_EQ(signals(), "a closed, b closed, c closed, ");
  upkeep();
  const std::string left = signals();
  EXPECT_NE(left, "") << "some fit";
  EXPECT_EQ(left.find("a closed"), std::string::npos) << left;
}

TEST_F(SignalLife, SignalsOfARuleThatIsGoneCloseAsRuleRemovedAndTellOfItStill) {
  open(rules_named({"a", "b"}));
  match(0, 1);
  match(1, 2);
  EXPECT_EQ(transitions(), "1 1 ");
  open(rules_named({"b"}));
  EXPECT_EQ(transitions(), "1 1 4 ");
  EXPECT_EQ(signals(), "a rule_removed, b open, ");
  std::size_t seen = 0;
  ASSERT_TRUE(each_stored_signal(*Reader::open(path()), [&](const Signal& signal) {
    ++seen;
    const auto fields = group_fields(signal);
    EXPECT_EQ(std::vector<std::string>(fields.begin(), fields.end()),
              (std::vector<std::string>{"recipientAccountId", "actor.principal"}));
    ASSERT_NE(signal.first_record.text, nullptr);
    EXPECT_EQ(signal.first_record.text->json, R"~({"eventID":"x","password":"(secret)"})~");
    EXPECT_EQ(signal.last_record.text, signal.first_record.text);
  }));
  EXPECT_EQ(seen, 2U);
}

}  // namespace
}  // namespace tripline::engine::store
