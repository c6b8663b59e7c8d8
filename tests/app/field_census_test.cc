#include "app/field_census.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "app/field_use.h"
#include "tests/support/events.h"

namespace tripline::app {
namespace {

const engine::FieldTable kPlain(false);

void add(FieldCensus& census, std::string_view json, const engine::FieldTable& table = kPlain) {
  tests::OwnedEvent event(table, json);
  ASSERT_TRUE(event.read()) << json;
  census.add(*event);
}

std::map<std::string, FieldFacts> facts_of(const FieldCensus& census) {
  std::map<std::string, FieldFacts> facts;
  for (const auto& field : census.fields()) facts.emplace(field.path, field.facts);
  return facts;
}

using Texts = std::vector<std::string>;

TEST(FieldCensus, FindsPathsAsRulesNameThem) {
  FieldCensus census;
  add(census, R"({"a":{"b":[{"c":1},{"c":"x"}]},"d":null,"e.f":true,"g":[]})");
  auto facts = facts_of(census);
  Texts paths;
  for (const auto& [path, unused] : facts) paths.push_back(path);
  EXPECT_EQ(paths, (Texts{"a", "a.b", "a.b.c", "d", "e.f", "g"}));
  EXPECT_EQ(type_names(facts["a"].types), (Texts{"object"}));
  EXPECT_EQ(type_names(facts["a.b"].types), (Texts{"object", "array"}));
  EXPECT_EQ(type_names(facts["a.b.c"].types), (Texts{"string", "number"}));
  EXPECT_EQ(type_names(facts["d"].types), (Texts{"null"}));
  EXPECT_EQ(type_names(facts["e.f"].types), (Texts{"boolean"}));
  EXPECT_EQ(type_names(facts["g"].types), (Texts{"array"}));
}

TEST(FieldCensus, EntersJsonInsideStrings) {
  FieldCensus census;
  add(census, R"({"p":"{\"Statement\":[{\"Effect\":\"Allow\"}]}","q":"%7B%22Version%22%3A%222012%22%7D"})");
  const auto facts = facts_of(census);
  EXPECT_EQ(facts.at("p.Statement.Effect").examples, (Texts{"Allow"}));
  EXPECT_EQ(facts.at("q.Version").examples, (Texts{"2012"}));
}

TEST(FieldCensus, CountsAnEventOncePerField) {
  FieldCensus census;
  add(census, R"({"a":[1,2,3]})");
  add(census, R"({"a":[1]})");
  add(census, R"({})");
  const auto facts = facts_of(census);
  EXPECT_EQ(census.events(), 3U);
  EXPECT_EQ(facts.at("a").events, 2U);
  EXPECT_EQ(facts.at("a").distinct(), 3U);
}

TEST(FieldCensus, ShowsTheFirstDistinctValuesShortenedAndNoSecrets) {
  FieldCensus census;
  for (const std::string v : {"x", "x", "y", "z", "later"}) {
    add(census, R"({"v":")" + v + R"(","sessionToken":")" + v + R"(","text":")" + std::string(79, 'a') + "üü\"}");
  }
  add(census, R"({"document":"{\"secretAccessKey\":\"k\"}"})");
  const auto facts = facts_of(census);
  EXPECT_EQ(facts.at("v").examples, (Texts{"x", "y", "z"}));
  EXPECT_EQ(facts.at("sessionToken").examples, (Texts{"(secret)"}));
  EXPECT_EQ(facts.at("sessionToken").distinct(), 4U) << "how many there are is no secret";
  EXPECT_EQ(facts.at("text").examples, (Texts{std::string(79, 'a') + "…"})) << "no character is cut in two";
  EXPECT_EQ(facts.at("document").examples, (Texts{"(secret)"}));
  EXPECT_EQ(facts.at("document.secretAccessKey").examples, (Texts{"(secret)"}));
}

TEST(FieldCensus, CountsDistinctValuesExactlyUpToItsBound) {
  FieldCensus census;
  for (std::size_t i = 0; i + 1 < FieldFacts::kMostDistinct; ++i) add(census, "{\"v\":" + std::to_string(i) + "}");
  EXPECT_EQ(facts_of(census).at("v").distinct(), FieldFacts::kMostDistinct - 1);
  EXPECT_TRUE(facts_of(census).at("v").distinct_is_exact());
  for (int i = -5; i < 0; ++i) add(census, "{\"v\":" + std::to_string(i) + "}");
  EXPECT_EQ(facts_of(census).at("v").distinct(), FieldFacts::kMostDistinct);
  EXPECT_FALSE(facts_of(census).at("v").distinct_is_exact());
}

TEST(FieldCensus, KeepsToItsNumberOfFieldsAndCountsTheRest) {
  FieldCensus census;
  std::string json = "{";
  for (std::size_t i = 0; i < FieldCensus::kMostFields + 7; ++i) json += "\"k" + std::to_string(i) + "\":1,";
  json.back() = '}';
  add(census, json);
  EXPECT_EQ(census.fields().size(), FieldCensus::kMostFields);
  EXPECT_EQ(census.beyond(), 7U);
}

TEST(FieldCensus, HasOurDerivedFieldsForCloudTrailAlone) {
  const engine::FieldTable cloudtrail(true);
  const std::string json = R"({"eventName":"X","userIdentity":{"type":"IAMUser","userName":"alice"}})";
  FieldCensus ours;
  add(ours, json, cloudtrail);
  EXPECT_EQ(facts_of(ours).at("actor.name").examples, (Texts{"alice"}));
  EXPECT_EQ(facts_of(ours).at("outcome").examples, (Texts{"success"}));
  FieldCensus other;
  add(other, json, kPlain);
  EXPECT_FALSE(facts_of(other).contains("outcome"));
}

/// Random events, split anywhere: censuses of the parts, merged in order, are the census of the whole.
TEST(FieldCensus, MergesIntoWhatOneCensusWouldBe) {
  std::mt19937 random(7);
  const auto below = [&](unsigned n) { return random() % n; };
  for (int round = 0; round < 50; ++round) {
    FieldCensus whole;
    FieldCensus merged;
    FieldCensus part;
    for (int i = 0; i < 40; ++i) {
      std::string json = "{";
      for (unsigned key = 0; key < 4; ++key) {
        if (below(3) == 0) continue;
        json += (json.size() > 1 ? "," : "") + ("\"k" + std::to_string(key)) + "\":";
        json += below(2) == 0 ? std::to_string(below(6)) : "{\"in\":[\"" + std::to_string(below(4)) + "\",null]}";
      }
      json += "}";
      add(whole, json);
      add(part, json);
      if (below(5) == 0) {
        merged.merge(part);
        part = FieldCensus();
      }
    }
    merged.merge(part);
    EXPECT_EQ(merged.events(), whole.events());
    const auto left = facts_of(merged);
    const auto right = facts_of(whole);
    ASSERT_EQ(left.size(), right.size());
    for (const auto& [path, facts] : right) {
      SCOPED_TRACE(path);
      EXPECT_EQ(left.at(path).events, facts.events);
      EXPECT_EQ(left.at(path).types, facts.types);
      EXPECT_EQ(left.at(path).hashes, facts.hashes);
      EXPECT_EQ(left.at(path).examples, facts.examples);
    }
  }
}

TEST(FieldUses, NamesTheRulesThatReadAField) {
  engine::RuleSet rules;
  const auto name = rules.fields.intern("eventName");
  const auto user = rules.fields.intern("requestParameters.userName");
  const auto self = rules.fields.intern("userIdentity.userName");
  const auto exists = rules.predicates.intern({name, engine::ExistsTest{}});
  const auto same = rules.predicates.intern(
      {user, engine::FieldRefTest{.other = self, .how = engine::FieldRefTest::How::kEquals, .cased = false}});
  const auto keyword = rules.predicates.intern({engine::kNoField, engine::KeywordTest{}});
  const auto add_rule = [&](const std::string& title, engine::Expression condition) {
    engine::Detection detection;
    detection.rule.title = title;
    detection.condition = std::move(condition);
    rules.detections.push_back(std::move(detection));
  };
  using engine::Expression;
  add_rule("first", Expression::all({Expression::of(exists), Expression::negate(Expression::of(same))}));
  add_rule("second", Expression::any({Expression::of(exists), Expression::of(exists), Expression::of(keyword)}));
  const std::map<std::string, Texts> uses{{"eventName", {"first", "second"}},
                                          {"requestParameters.userName", {"first"}},
                                          {"userIdentity.userName", {"first"}}};
  EXPECT_EQ(field_uses(rules), uses);
}

}  // namespace
}  // namespace tripline::app
