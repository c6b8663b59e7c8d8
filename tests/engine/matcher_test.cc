#include "engine/matcher.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/support/events.h"
#include "tests/support/patterns.h"

namespace tripline::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using tests::any_of;
using tests::keywords;
using tests::OwnedEvent;

class MatcherTest : public testing::Test {
 protected:
  Expression test(std::string_view path, engine::Test test) {
    return Expression::of(rules_->predicates.intern({rules_->fields.intern(path), std::move(test)}));
  }
  Expression name(std::string_view name) { return test("eventName", any_of({name})); }
  void add(Expression condition, std::uint8_t categories = kAnyCategory) {
    Detection detection;
    detection.condition = std::move(condition);
    detection.categories = categories;
    rules_->detections.push_back(std::move(detection));
  }

  std::shared_ptr<RuleSet> rules_ = std::make_shared<RuleSet>();
};

TEST_F(MatcherTest, AnswersInTheOrderOfTheRules) {
  add(test("errorCode", any_of({"AccessDenied"})));
  add(name("other"));
  add(name("CreateUser"));
  add(Expression::negate(name("other")));
  add(test("eventName", any_of({"*user*"})));
  Matcher matcher(rules_);
  OwnedEvent event(rules_->fields, R"({"eventName":"CreateUser","errorCode":"AccessDenied"})");
  EXPECT_THAT(matcher.match(*event), ElementsAre(0, 2, 3, 4));
  EXPECT_THAT(full_scan(*rules_, *event), ElementsAre(0, 2, 3, 4));
}

TEST_F(MatcherTest, LooksOnlyAtRulesThatMayMatch) {
  for (int i = 0; i < 6000; ++i) add(name("Name" + std::to_string(i)));
  Matcher matcher(rules_);
  EXPECT_EQ(matcher.unindexed(), 0U);
  OwnedEvent event(rules_->fields, R"({"eventName":"NAME4711"})");
  EXPECT_THAT(matcher.match(*event), ElementsAre(4711));
  EXPECT_EQ(matcher.counts().candidates, 1U);
  EXPECT_EQ(matcher.counts().predicates, 1U);
}

TEST_F(MatcherTest, EvaluatesASharedPredicateOncePerEvent) {
  for (int i = 0; i < 10; ++i) {
    add(Expression::all({test("a", any_of({"*x*"})), test("b", any_of({"y" + std::to_string(i)}))}));
  }
  add(Expression::all({test("a", any_of({"*x*"})), Expression::negate(test("a", any_of({"*x*"})))}));
  Matcher matcher(rules_);
  OwnedEvent event(rules_->fields, R"({"a":"axa","b":["y1","y2","y3"]})");
  EXPECT_THAT(matcher.match(*event), ElementsAre(1, 2, 3));
  EXPECT_EQ(matcher.counts().candidates, 4U) << "three by the index, and the one that has nothing to index on";
  EXPECT_EQ(matcher.counts().predicates, 4U) << "three on b, one on a";
  EXPECT_THAT(matcher.match(*event), ElementsAre(1, 2, 3));
  EXPECT_EQ(matcher.counts().predicates, 8U) << "nothing is remembered from the event before";
}

TEST_F(MatcherTest, FindsWhatHidesInContainersAndStrings) {
  add(test("requestParameters", any_of({"*needle*"})));
  add(test("requestParameters.policy.Statement.Principal", any_of({"*"})));
  add(test("requestParameters.policy.Statement.Effect", any_of({"Allow"})));
  add(Expression::of(rules_->predicates.intern({kNoField, keywords({"needle"})})));
  Matcher matcher(rules_);
  OwnedEvent nested(
      rules_->fields,
      R"({"requestParameters":{"deep":[{"x":"a NEEDLE"}],"policy":"{\"Statement\":{\"Effect\":\"allow\"}}"}})");
  EXPECT_THAT(matcher.match(*nested), ElementsAre(0, 2, 3));
  OwnedEvent none(rules_->fields, R"({"requestParameters":{"need":"le"}})");
  EXPECT_THAT(matcher.match(*none), IsEmpty());
}

TEST_F(MatcherTest, RespectsCategories) {
  add(name("GetObject"), kData);
  add(name("GetObject"), kManagement | kInsight);
  add(Expression::constant(true), kNetworkActivity);
  Matcher matcher(rules_);
  const struct {
    std::string_view category;
    std::vector<std::uint32_t> found;
  } cases[] = {{"Data", {0}}, {"Management", {1}}, {"Insight", {1}}, {"NetworkActivity", {2}}};
  for (const auto& c : cases) {
    OwnedEvent event(rules_->fields, R"({"eventName":"GetObject","eventCategory":")" + std::string(c.category) + "\"}");
    EXPECT_EQ(matcher.match(*event), c.found) << c.category;
    EXPECT_EQ(full_scan(*rules_, *event), c.found) << c.category;
  }
}

TEST_F(MatcherTest, PutsApartWhatMayMatchOnceTheOriginIsKnown) {
  const auto by_alice = [&] { return test("origin.name", any_of({"alice"})); };
  const auto never_known = [&] { return test("chain.path", RegexTest(tests::regex("x"))); };
  add(name("A"));
  add(Expression::all({name("A"), by_alice()}));
  add(Expression::all({name("B"), by_alice()}));
  add(Expression::all({name("A"), Expression::negate(by_alice())}));
  add(Expression::any({name("B"), by_alice()}));
  add(Expression::negate(Expression::any({name("A"), by_alice()})));
  add(Expression::negate(Expression::all({name("A"), never_known()})));
  add(by_alice());
  add(name("A"));
  rules_->detections.back().group = {rules_->fields.intern("origin.principal")};
  Matcher matcher(rules_, Origins::kLater);
  OwnedEvent event(rules_->fields, R"({"eventName":"A"})");
  EXPECT_THAT(matcher.match(*event), ElementsAre(0));
  EXPECT_THAT(matcher.undecided(), ElementsAre(1, 3, 4, 6, 7, 8));
  Matcher knows(rules_);
  EXPECT_THAT(knows.match(*event), ElementsAre(0, 3, 6, 8)) << "by what the record tells";
  EXPECT_THAT(knows.undecided(), IsEmpty());
}

TEST_F(MatcherTest, TellsWhatFiltersTookAway) {
  add(name("A"));
  add(name("A"));
  add(name("B"));
  const Expression not_alice = Expression::negate(test("user", any_of({"alice"})));
  const Expression only_here = test("region", any_of({"here"}));
  rules_->detections[1].add_filter({0, not_alice});
  rules_->detections[1].add_filter({1, only_here});
  rules_->detections[2].add_filter({1, only_here});
  Matcher matcher(rules_);
  const struct {
    std::string_view event;
    std::vector<std::uint32_t> found;
    std::string taken_away;
  } cases[] = {
      {R"({"eventName":"A","user":"bob","region":"here"})", {0, 1}, ""},
      {R"({"eventName":"A","user":"alice","region":"here"})", {0}, "1/0 "},
      {R"({"eventName":"A","user":"bob"})", {0}, "1/1 "},
      {R"({"eventName":"A","user":"alice"})", {0}, "1/0 1/1again "},
      {R"({"eventName":"B","user":"alice"})", {}, "2/0 "},
      {R"({"eventName":"C","user":"alice"})", {}, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.event);
    OwnedEvent event(rules_->fields, std::string(c.event));
    EXPECT_EQ(matcher.match(*event), c.found);
    EXPECT_EQ(full_scan(*rules_, *event), c.found);
    std::string taken_away;
    for (const TakenAway& taken : matcher.taken_away()) {
      taken_away +=
          std::to_string(taken.detection) + "/" + std::to_string(taken.filter) + (taken.again ? "again " : " ");
    }
    EXPECT_EQ(taken_away, c.taken_away);
  }
}

TEST_F(MatcherTest, ACopyHasScratchOfItsOwn) {
  add(name("A"));
  add(name("B"));
  Matcher first(rules_);
  OwnedEvent a(rules_->fields, R"({"eventName":"A"})"), b(rules_->fields, R"({"eventName":"B"})");
  const auto& found = first.match(*a);
  Matcher second = first;
  EXPECT_THAT(second.match(*b), ElementsAre(1));
  EXPECT_THAT(found, ElementsAre(0));
  EXPECT_THAT(first.match(*b), ElementsAre(1));
  EXPECT_THAT(second.match(*a), ElementsAre(0));
}

TEST_F(MatcherTest, WithoutRulesFindsNothing) {
  Matcher matcher(rules_);
  OwnedEvent event(rules_->fields, "{}");
  EXPECT_THAT(matcher.match(*event), IsEmpty());
}

}  // namespace
}  // namespace tripline::engine
