#include "app/rule_selection.h"

#include <gtest/gtest.h>

#include "app/rule_options.h"

namespace tripline::app {
namespace {

std::shared_ptr<const engine::RuleSet> some_rules() {
  auto rules = std::make_shared<engine::RuleSet>();
  const auto add = [&](std::string id, std::string name, std::string title, engine::Level level) {
    engine::Detection detection;
    detection.rule.id = std::move(id);
    detection.rule.name = std::move(name);
    detection.rule.title = std::move(title);
    detection.rule.level = level;
    detection.shown = {rules->fields.intern("eventName")};
    rules->detections.push_back(std::move(detection));
  };
  add("id-1", "user_created", "IAM User Created", engine::Level::kMedium);
  add("id-2", "", "Root User Read Something", engine::Level::kLow);
  add("id-3", "", "Trail Stopped", engine::Level::kHigh);
  return rules;
}

TEST(SelectRules, TakesIdsNamesAndTitlesWithWildcards) {
  const struct {
    std::vector<std::string> names;
    std::optional<engine::Level> level;
    std::string ids;
  } cases[] = {
      {{}, std::nullopt, "123"},
      {{"id-1"}, std::nullopt, "1"},
      {{"USER_CREATED"}, std::nullopt, "1"},
      {{"trail stopped"}, std::nullopt, "3"},
      {{"*user*"}, std::nullopt, "12"},
      {{"*user*", "id-3"}, std::nullopt, "123"},
      {{}, engine::Level::kMedium, "13"},
      {{"*user*"}, engine::Level::kMedium, "1"},
      {{"id-2"}, engine::Level::kCritical, ""},
  };
  for (const auto& c : cases) {
    const auto selected = select_rules(some_rules(), {c.level, c.names, {}});
    ASSERT_TRUE(selected);
    std::string ids;
    for (const auto& detection : (*selected)->detections) ids += detection.rule.id.back();
    EXPECT_EQ(ids, c.ids);
  }
}

TEST(SelectRules, SaysWhatMayHaveBeenMeant) {
  const auto wrong = select_rules(some_rules(), {std::nullopt, {"user_craeted"}, {}});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, engine::ErrorCode::kUsage);
  EXPECT_EQ(wrong.error().message, "no rule is named user_craeted; did you mean user_created?");
  const struct {
    std::string name, meant;
  } cases[] = {
      {"Trial*", "; did you mean '*Trail*'?"},
      {"root usr*", "; did you mean '*Root User*'?"},
      {"*usr craeted", "; did you mean '*User Created*'?"},
      {"Stopped", "; did you mean '*Stopped*'?"},
      {"id-9", "; did you mean id-1?"},
      {"Nothing like it*", "; `tripline rules` lists them all"},
      {"A word more than any of the titles has", "; `tripline rules` lists them all"},
      {"***", "; `tripline rules` lists them all"},
      {"", "; `tripline rules` lists them all"},
  };
  for (const auto& c : cases) EXPECT_EQ(meant_by(*some_rules(), c.name), c.meant) << c.name;
}

TEST(SelectRules, ShowsOtherFieldsWithoutTouchingTheRulesGiven) {
  const auto rules = some_rules();
  const auto selected = select_rules(rules, {std::nullopt, {}, {"awsRegion", "actor.name"}});
  ASSERT_TRUE(selected);
  const engine::RuleSet& with = **selected;
  for (const auto& detection : with.detections) {
    ASSERT_EQ(detection.shown.size(), 2U);
    EXPECT_EQ(with.fields[detection.shown[0]].path, "awsRegion");
    EXPECT_NE(with.fields[detection.shown[1]].derived, nullptr);
  }
  EXPECT_EQ(rules->detections[0].shown.size(), 1U);
  EXPECT_EQ(rules->fields.size(), 1U);
}

TEST(ParseLogSource, ReadsItsThreeAttributesAndNothingElse) {
  const auto windows = parse_log_source("product=windows, category=process_creation");
  ASSERT_TRUE(windows);
  EXPECT_EQ(*windows, (engine::LogSource{.category = "process_creation", .product = "windows", .service = ""}));
  for (const std::string text : {"", "windows", "product=", "=x", "produkt=windows", ","}) {
    SCOPED_TRACE(text);
    const auto wrong = parse_log_source(text);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, engine::ErrorCode::kUsage);
  }
}

}  // namespace
}  // namespace tripline::app
