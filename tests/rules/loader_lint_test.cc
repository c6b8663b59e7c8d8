#include <filesystem>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "rules/loader.h"
#include "tests/support/places.h"

namespace tripline::rules {
namespace {

std::set<std::string> codes_of(const Loaded& loaded) {
  std::set<std::string> codes;
  for (const auto& diagnostic : loaded.diagnostics.all()) codes.insert(std::string(diagnostic.code->code));
  return codes;
}

Loaded load(const std::string& path, bool lint) {
  LoadOptions options;
  options.lint = lint;
  auto loaded = load_rules({path}, options);
  EXPECT_TRUE(loaded);
  return loaded ? std::move(*loaded) : Loaded{};
}

TEST(LoaderLint, LintsEachKindOfRuleOnlyWhenAsked) {
  const tests::TemporaryFolder folder;
  folder.write("r.yml",
               "title: R\nname: r\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\n"
               "detection:\n  a:\n    eventName: X\n    errorCode: AccessDenied\n  condition: a\n");
  folder.write("broken.yml",
               "title: B\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\n"
               "detection:\n  a:\n    eventName|contain: X\n    usrAgent: x\n  condition: a\n");
  folder.write("f.yml",
               "title: F\nlogsource: {product: aws, service: cloudtrail}\n"
               "filter:\n  rules: [r]\n  a:\n    eventname: X\n  condition: not a\n");
  folder.write("c.yml",
               "title: C\nlevel: low\ncorrelation: {type: event_count, rules: [r], group-by: [userIdentity.arn], "
               "timespan: 5m, condition: {gte: 2}}\n");
  folder.write("w.yml",
               "title: W\nlevel: low\nlogsource: {product: windows, category: process_creation}\n"
               "detection:\n  a:\n    Image: X\n  condition: not a\n");
  const std::set<std::string> linted = {"only-access-denied", "unknown-field", "field-case", "group-by-session"};
  auto codes = codes_of(load(folder.path().string(), true));
  for (const auto& code : linted) EXPECT_TRUE(codes.contains(code)) << code;
  EXPECT_FALSE(codes.contains("not-indexable"));  // the rule of another log is not loaded
  codes = codes_of(load(folder.path().string(), false));
  for (const auto& code : linted) EXPECT_FALSE(codes.contains(code)) << code;
}

TEST(LoaderLint, HintsAtTheModernFormOfOldAggregations) {
  const tests::TemporaryFolder folder;
  folder.write("r.yml",
               "title: Many reads\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\n"
               "detection:\n  a:\n    eventName: X\n  timeframe: 5m\n  condition: a | count() by awsRegion > 3\n");
  const auto loaded = load(folder.path().string(), false);
  ASSERT_EQ(loaded.diagnostics.errors(), 1u);
  const auto& error = loaded.diagnostics.all().at(0);
  EXPECT_EQ(error.code->code, "old-aggregation");
  EXPECT_NE(error.hint.find("type: event_count"), std::string::npos) << error.hint;
  EXPECT_NE(error.hint.find("timespan: 5m"), std::string::npos) << error.hint;
}

TEST(LoaderLint, HintsAtCorrelationsThatLoadBesideTheMendedRule) {
  const auto folder = tests::shared("data/sigma/aws/old-aggregation");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << tests::missing("data/sigma/aws/old-aggregation");
  LoadOptions options;
  options.include_deprecated = true;
  const auto loaded = load_rules({folder.string()}, options);
  ASSERT_TRUE(loaded);
  std::size_t seen = 0;
  for (const auto& error : loaded->diagnostics.all()) {
    if (error.code->code != "old-aggregation") continue;
    ++seen;
    SCOPED_TRACE(error.at.path + "\n" + error.hint);
    const auto yaml = error.hint.find("---\n");
    ASSERT_NE(yaml, std::string::npos);
    const tests::TemporaryFolder mended;
    mended.write("hint.yml", error.hint.substr(yaml + 4));
    const auto name_at = error.hint.find("`name: ");
    if (name_at != std::string::npos) {  // the rule itself stays, as the hint says
      auto rule = tests::read_file(error.at.path);
      const auto name = error.hint.substr(name_at + 1, error.hint.find('`', name_at + 1) - name_at - 1);
      const auto bar = rule.find(" | count");
      rule.erase(bar, rule.find('\n', bar) - bar);
      const auto frame = rule.find("    timeframe:");
      rule.erase(frame, rule.find('\n', frame) - frame + 1);
      mended.write("rule.yml", name + "\n" + rule);
    }
    const auto again = load_rules({mended.path().string()}, options);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->diagnostics.errors(), 0u)
        << (again->diagnostics.all().empty() ? "" : again->diagnostics.all()[0].message);
    EXPECT_EQ(again->correlations.size(), 1u);
    EXPECT_FALSE(again->rules->detections.empty());
  }
  EXPECT_EQ(seen, 7u);  // the eighth file has a timeframe and no aggregation
}

}  // namespace
}  // namespace tripline::rules
