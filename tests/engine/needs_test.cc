#include "engine/needs.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "engine/rule_set.h"
#include "tests/support/patterns.h"

namespace tripline::engine {
namespace {

using tests::any_of;
using tests::keywords;
using tests::regex;
using Kind = NeededLiteral::Kind;

/// Expressions over a RuleSet of their own.
class NeedsTest : public testing::Test {
 protected:
  Expression test(std::string_view path, engine::Test test) {
    return Expression::of(rules_.predicates.intern({rules_.fields.intern(path), std::move(test)}));
  }
  Expression anywhere(KeywordTest test) {
    return Expression::of(rules_.predicates.intern({kNoField, std::move(test)}));
  }
  Expression name(const std::vector<std::string_view>& names) { return test("eventName", any_of(names)); }
  Expression nothing_needed() { return test("x", ExistsTest{}); }

  /// `field=literal`, `field~literal` (contains), `field#number`; `*` for every record.
  std::vector<std::string> needs(Expression condition) {
    Detection detection;
    detection.condition = std::move(condition);
    const Needs needs = needs_of(detection, rules_);
    if (needs.every_record) return {"*"};
    std::vector<std::string> out;
    for (const auto& literal : needs.literals) {
      const std::string path = literal.field == kNoField ? "" : rules_.fields[literal.field].path;
      const char sign = literal.kind == Kind::kEquals ? '=' : literal.kind == Kind::kContains ? '~' : '#';
      out.push_back(path + sign + literal.text);
    }
    return out;
  }

  using List = std::vector<std::string>;
  RuleSet rules_;
};

TEST_F(NeedsTest, OfOnePredicate) {
  EXPECT_EQ(needs(name({"CreateUser", "DeleteUser"})), (List{"eventName=createuser", "eventName=deleteuser"}));
  EXPECT_EQ(needs(test("a", any_of({"Ab"}, true))), (List{"a=ab"}));
  EXPECT_EQ(needs(test("a", any_of({""}))), (List{"a="}));
  EXPECT_EQ(needs(test("a", any_of({"Get*", "*Key", "*Login*", "x*Needle?y"}))),
            (List{"a~get", "a~key", "a~login", "a~needle"}));
  EXPECT_EQ(needs(test("a", any_of({"x", "ab*"}))), (List{"*"})) << "two letters are everywhere";
  EXPECT_EQ(needs(test("a", any_of({"*"}))), (List{"*"}));
  EXPECT_EQ(needs(test("a", any_of({}))), (List{})) << "never holds";
  EXPECT_EQ(needs(test("a", NumberTest{{0, 443}, {"0", "443"}})), (List{"a#0", "a#443", "a=0", "a=443"}));
  EXPECT_EQ(needs(test("a", regex("Create(User|Role)"))), (List{"a~createrole", "a~createuser"}));
  EXPECT_EQ(needs(test("a", regex("a.*b"))), (List{"*"}));
  EXPECT_EQ(needs(anywhere(keywords({"needle", "in*haystack"}))), (List{"~needle", "~haystack"}));
  EXPECT_EQ(needs(anywhere(keywords({"needle", "in"}))), (List{"*"}));
  for (const engine::Test& test_of_nothing :
       {engine::Test(NullTest{}), engine::Test(ExistsTest{}), engine::Test(CompareTest{Comparison::kGt, 1}),
        engine::Test(TimePartTest{TimePart::kHour, Comparison::kGt, 1}), engine::Test(tests::networks({"10.0.0.0/8"})),
        engine::Test(FieldRefTest{0, FieldRefTest::How::kEquals, false})}) {
    EXPECT_EQ(needs(test("a", test_of_nothing)), (List{"*"}));
  }
}

TEST_F(NeedsTest, OfAndIsTheRarestPart) {
  const Expression source = test("eventSource", any_of({"iam.amazonaws.com"}));
  EXPECT_EQ(needs(Expression::all({source, name({"CreateUser"})})), (List{"eventName=createuser"}));
  EXPECT_EQ(needs(Expression::all({test("awsRegion", any_of({"eu-west-1"})), source})),
            (List{"eventSource=iam.amazonaws.com"}));
  EXPECT_EQ(needs(Expression::all({test("eventName", any_of({"Get*"})), source})),
            (List{"eventSource=iam.amazonaws.com"}))
      << "equality before what is contained";
  EXPECT_EQ(needs(Expression::all({test("a", any_of({"x1", "x2", "x3"})), test("b", any_of({"y"})), nothing_needed()})),
            (List{"b=y"}))
      << "few before many";
  EXPECT_EQ(needs(Expression::all({test("a", any_of({"*abc*"})), test("a", any_of({"*abcdefgh*"}))})),
            (List{"a~abcdefgh"}))
      << "long before short";
  EXPECT_EQ(needs(Expression::all({anywhere(keywords({"averylongkeywordindeed"})), test("a", any_of({"*abc*"}))})),
            (List{"a~abc"}))
      << "keywords last";
  EXPECT_EQ(needs(Expression::all({nothing_needed(), nothing_needed()})), (List{"*"}));
}

TEST_F(NeedsTest, OfOrIsWhatAnyPartNeeds) {
  EXPECT_EQ(needs(Expression::any({name({"A"}), test("errorCode", any_of({"B"}))})),
            (List{"eventName=a", "errorCode=b"}));
  EXPECT_EQ(needs(Expression::any({name({"A"}), nothing_needed()})), (List{"*"}));
}

TEST_F(NeedsTest, OfNotIsNothingButNotOfNotIsTheThing) {
  EXPECT_EQ(needs(Expression::negate(name({"A"}))), (List{"*"}));
  EXPECT_EQ(needs(Expression::negate(Expression::negate(name({"A"})))), (List{"eventName=a"}));
  EXPECT_EQ(needs(Expression::all({name({"A"}), Expression::negate(name({"B"}))})), (List{"eventName=a"}));
  const Expression not_a = Expression::negate(name({"A"})), not_b = Expression::negate(name({"B"}));
  EXPECT_EQ(needs(Expression::negate(Expression::any({not_a, nothing_needed()}))), (List{"eventName=a"}));
  EXPECT_EQ(needs(Expression::negate(Expression::all({not_a, not_b}))), (List{"eventName=a", "eventName=b"}));
  EXPECT_EQ(needs(Expression::negate(Expression::all({not_a, nothing_needed()}))), (List{"*"}));
}

TEST_F(NeedsTest, OfConstants) {
  const Expression yes = Expression::constant(true), no = Expression::constant(false);
  EXPECT_EQ(needs(yes), (List{"*"}));
  EXPECT_EQ(needs(no), (List{}));
  EXPECT_EQ(needs(Expression::negate(yes)), (List{}));
  EXPECT_EQ(needs(Expression::all({yes, name({"A"})})), (List{"eventName=a"}));
  EXPECT_EQ(needs(Expression::all({no, nothing_needed()})), (List{}));
  EXPECT_EQ(needs(Expression::any({no, name({"A"})})), (List{"eventName=a"}));
  EXPECT_EQ(needs(Expression::any({yes, name({"A"})})), (List{"*"}));
}

TEST_F(NeedsTest, NameEveryFieldOnce) {
  Detection detection;
  const FieldId shown = rules_.fields.intern("shown");
  detection.shown = {shown};
  const FieldId other = rules_.fields.intern("other");
  detection.condition = Expression::all({test("b", FieldRefTest{other, FieldRefTest::How::kEquals, false}),
                                         Expression::negate(test("a", any_of({"x"}))), test("a", any_of({"y"})),
                                         anywhere(keywords({"k"}))});
  EXPECT_THAT(needs_of(detection, rules_).fields,
              testing::UnorderedElementsAre(shown, other, rules_.fields.intern("a"), rules_.fields.intern("b")));
}

TEST_F(NeedsTest, LineageIsNeededByRulesThatReadOrShowWhatIsMadeOfIt) {
  const auto with = [&](std::string_view reads, std::string_view shows) {
    rules_.detections.clear();
    Detection& detection = rules_.detections.emplace_back();
    detection.condition = Expression::negate(test(reads, ExistsTest{}));
    if (!shows.empty()) detection.shown = {rules_.fields.intern(shows)};
    return needs_lineage(rules_);
  };
  EXPECT_TRUE(with("origin.name", ""));
  EXPECT_TRUE(with("eventName", "chain.path"));
  EXPECT_FALSE(with("eventName", "actor.name")) << "though other rules, which are gone, named one";
}

}  // namespace
}  // namespace tripline::engine
