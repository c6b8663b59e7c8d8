// What a correlator holds of who learns: engine/correlator.h, with engine/new_value.h for one learner alone.
#include <algorithm>

#include <gtest/gtest.h>

#include "engine/correlation_shape.h"
#include "engine/correlator.h"
#include "engine/group_key.h"
#include "engine/store/spaces.h"

namespace tripline::engine {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const EventTime kNoon = *parse_time("2026-01-15T12:00:00Z");

/// Regions of a principal that are new after a day of learning, of each principal, or of all together.
std::shared_ptr<const RuleSet> new_regions(bool each_group_learns) {
  auto rules = std::make_shared<RuleSet>(false);
  Detection detection;
  detection.rule.id = "a";
  detection.opens_signals = false;
  rules->detections.push_back(std::move(detection));
  Correlation c;
  c.rule.id = "new";
  c.type = CorrelationType::kNewValue;
  c.timespan = hours{48};
  c.period = seconds{3600};
  c.learning = hours{24};
  c.each_group_learns = each_group_learns;
  c.group_by = {"principal"};
  c.counted = {"region"};
  c.inputs.push_back({.index = 0});
  c.inputs.front().group = {rules->fields.intern("principal")};
  c.inputs.front().counted = {rules->fields.intern("region")};
  rules->correlations.push_back(std::move(c));
  link(*rules);
  return rules;
}

class Learners {
 public:
  Learners(bool each_group_learns, Correlator::Limits limits = {})
      : rules_(new_regions(each_group_learns)), correlator_(rules_, limits), codec_(shapes_of(*rules_)) {
    correlator_.track();
  }

  /// How many triggers that makes.
  std::size_t see(const std::string& principal, const std::string& region, EventTime time) {
    auto facts = std::make_shared<EventFacts>();
    facts->time = time;
    facts->id = ++events_;
    Feed feed;
    feed.groups = {group_key({principal})};
    feed.texts = {group_key({region})};
    facts->feeds.push_back(std::move(feed));
    std::vector<Trigger> triggers;
    correlator_.add(std::move(facts), triggers);
    return triggers.size();
  }
  std::size_t advance(EventTime watermark) {
    std::vector<Trigger> triggers;
    correlator_.advance(watermark, triggers);
    return triggers.size();
  }
  /// Rows of learners that a checkpoint writes or takes away.
  std::size_t changed() {
    const auto rows = correlator_.take_changes(codec_);
    return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const store::StateRow& row) {
      return row.space == static_cast<std::int64_t>(store::Space::kLearning);
    }));
  }
  Correlator::Held held() const { return correlator_.held(0); }
  std::uint64_t evicted() const { return correlator_.counters(0).evicted_groups; }

 private:
  std::shared_ptr<const RuleSet> rules_;
  Correlator correlator_;
  FactsCodec codec_;
  std::uint64_t events_ = 0;
};

TEST(Learners, TellUntilWhenTheRuleOrTheGroupThatBeganLastLearns) {
  for (const bool each : {false, true}) {
    SCOPED_TRACE(each);
    Learners learners(each);
    EXPECT_FALSE(learners.held().learns_until);
    learners.see("alice", "eu-west-1", kNoon);
    learners.see("bob", "eu-west-1", kNoon + hours{5});
    EXPECT_EQ(learners.held().learns_until, kNoon + hours{each ? 29 : 24});
  }
}

TEST(Learners, AreWrittenOnlyWhenTheyChange) {
  Learners learners(true);
  learners.see("alice", "eu-west-1", kNoon);
  learners.see("bob", "eu-west-1", kNoon);
  EXPECT_EQ(learners.changed(), 2U);
  learners.see("bob", "eu-west-1", kNoon + hours{1});
  learners.advance(kNoon + hours{10});
  EXPECT_EQ(learners.changed(), 1U) << "not alice, although hours have passed";
}

TEST(Learners, GoOnceTheirGroupHasNotBeenSeenForTheTimespan) {
  Learners learners(true);
  learners.see("alice", "eu-west-1", kNoon);
  learners.advance(kNoon + hours{1});
  EXPECT_EQ(learners.changed(), 1U);
  learners.see("alice", "eu-west-1", kNoon + hours{40});
  learners.advance(kNoon + hours{60});
  EXPECT_EQ(learners.changed(), 1U) << "it was seen again";
  EXPECT_EQ(learners.see("alice", "us-east-1", kNoon + hours{61}) + learners.advance(kNoon + hours{62}), 1U)
      << "she has learnt";
  learners.advance(kNoon + hours{111});
  learners.changed();
  EXPECT_EQ(learners.see("alice", "sa-east-1", kNoon + hours{112}) + learners.advance(kNoon + hours{113}), 0U)
      << "she learns anew";
}

TEST(Learners, HaveABoundLikeGroups) {
  Learners learners(true, {.groups = 2});
  learners.see("alice", "eu-west-1", kNoon);
  learners.see("bob", "eu-west-1", kNoon + hours{1});
  EXPECT_EQ(learners.evicted(), 0U);
  learners.see("carol", "eu-west-1", kNoon + hours{2});
  EXPECT_EQ(learners.evicted(), 2U) << "the value of alice, and what she has learnt";
  learners.advance(kNoon + hours{25});
  EXPECT_EQ(learners.see("bob", "us-east-1", kNoon + hours{26}) + learners.advance(kNoon + hours{27}), 1U)
      << "bob has learnt";
}

}  // namespace
}  // namespace tripline::engine
