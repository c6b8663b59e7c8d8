#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "engine/matcher.h"
#include "engine/needs.h"
#include "engine/regex_literals.h"
#include "engine/text.h"
#include "tests/support/events.h"
#include "tests/support/patterns.h"
#include "tests/support/random_rules.h"
#include "tests/support/slow_evaluate.h"

namespace tripline {
namespace {

using engine::Category;
using tests::Json;
using tests::OwnedEvent;
using tests::RandomRules;

Category slow_category(const Json& record) {
  for (const auto& [key, value] : record.members) {
    if (key != "eventCategory") continue;
    if (value.text == "Data") return engine::kData;
    if (value.text == "Insight") return engine::kInsight;
    if (value.text == "NetworkActivity") return engine::kNetworkActivity;
    break;
  }
  return engine::kManagement;
}

TEST(MatchingProperty, MatcherFullScanAndTheSlowTwinAgree) {
  std::size_t matches = 0, indexed = 0, candidates = 0, judged = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    RandomRules random(seed);
    const auto rules = random.rules(25);
    const engine::Matcher original(rules);
    engine::Matcher matcher = original;  // as workers have it
    indexed += rules->detections.size() - matcher.unindexed();
    for (int i = 0; i < 25; ++i) {
      const std::string json = random.record();
      SCOPED_TRACE("seed " + std::to_string(seed) + ": " + json);
      OwnedEvent event(rules->fields, json);
      ASSERT_TRUE(event.read().has_value());
      const Json record = tests::parse_json(json);

      for (engine::PredicateId id = 0; id < rules->predicates.size(); ++id) {
        ASSERT_EQ(engine::evaluate(rules->predicates[id], *event),
                  tests::slow_evaluate(rules->predicates[id], rules->fields, record))
            << describe(rules->predicates[id], rules->fields);
      }
      std::vector<std::uint32_t> slow;
      for (std::uint32_t d = 0; d < rules->detections.size(); ++d) {
        const auto& detection = rules->detections[d];
        if ((detection.categories & slow_category(record)) == 0) continue;
        if (tests::slow_holds(detection.condition, *rules, record)) slow.push_back(d);
      }
      ASSERT_EQ(engine::full_scan(*rules, *event), slow);
      ASSERT_EQ(matcher.match(*event), slow);
      matches += slow.size();
      judged += rules->detections.size();
    }
    candidates += matcher.counts().candidates;
  }
  // The test is worth something only if all sides of it happen.
  EXPECT_GT(matches, judged / 20);
  EXPECT_GT(indexed, 500U);
  EXPECT_LT(candidates, judged * 9 / 10);
}

TEST(MatchingProperty, ADetectionThatMatchesHoldsOneOfItsNeededLiterals) {
  std::size_t checked = 0;
  for (unsigned seed = 1000; seed < 1400; ++seed) {
    RandomRules random(seed);
    const auto rules = random.rules(20);
    std::vector<engine::Needs> needs;
    for (const auto& detection : rules->detections) needs.push_back(needs_of(detection, *rules));
    for (int i = 0; i < 25; ++i) {
      const Json record = tests::parse_json(random.record());
      for (std::uint32_t d = 0; d < rules->detections.size(); ++d) {
        if (needs[d].every_record || !tests::slow_holds(rules->detections[d].condition, *rules, record)) continue;
        ++checked;
        ASSERT_TRUE(std::any_of(needs[d].literals.begin(), needs[d].literals.end(),
                                [&](const auto& literal) { return tests::slow_holds(literal, rules->fields, record); }))
            << "seed " << seed << ": " << compact(record);
      }
    }
  }
  EXPECT_GT(checked, 1000U);
}

TEST(MatchingProperty, ATextThatARegexMatchesHoldsOneOfItsLiterals) {
  RandomRules random(7);
  std::size_t checked = 0;
  for (int round = 0; round < 4000; ++round) {
    const engine::RegexTest regex = tests::regex(random.regex());
    ASSERT_TRUE(regex.compiled->ok()) << regex.pattern;
    const auto literals = engine::needed_literals(*regex.compiled, 3);
    if (!literals) continue;
    for (int i = 0; i < 60; ++i) {
      const std::string text = random.text();
      if (!re2::RE2::PartialMatch(text, *regex.compiled)) continue;
      ++checked;
      ASSERT_TRUE(std::any_of(
          literals->begin(), literals->end(),
          [&](const std::string& literal) { return engine::fold(text).find(literal) != std::string::npos; }))
          << regex.pattern << " / " << text;
    }
  }
  EXPECT_GT(checked, 1000U);
}

}  // namespace
}  // namespace tripline
