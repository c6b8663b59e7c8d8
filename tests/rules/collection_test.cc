#include "rules/collection.h"

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "rules/document_reader.h"
#include "tests/support/diagnostics.h"

namespace tripline::rules {
namespace {

constexpr std::string_view kNote =
    "1:9 deprecated-collection: `action:` documents are dropped from the Sigma specification | write each rule out in "
    "full\n";

/// Title, level, product and the searches' names of each rule.
std::vector<std::string> read(std::string_view text) {
  const FileDocuments file = read_documents(text, "rule.yml");
  EXPECT_EQ(tests::lines(file.diagnostics), kNote) << text;
  EXPECT_EQ(file.not_rules, 0U);
  std::vector<std::string> rules;
  for (const auto& document : file.documents) {
    const auto& rule = std::get<DetectionRule>(document);
    std::string line = std::to_string(rule.rule.line) + " " + rule.rule.title + " " +
                       std::string(engine::name_of(rule.rule.level)) + " " + rule.rule.log_source.product;
    for (const auto& search : rule.body.searches) line += " " + search.name;
    rules.push_back(line);
  }
  return rules;
}

// pySigma 2.0.1 makes the same of these texts.
TEST(Collections, AreMergedAsPySigmaMergesThem) {
  const std::string a = "title: A\nlogsource: {product: aws}\ndetection: {a: {x: y}}\n";  // 3 lines
  const std::string b = "title: B\ndetection: {b: {x: y}}\n";
  const struct {
    std::string_view name;
    std::string text;
    std::vector<std::string> rules;
  } cases[] = {
      {"global fills in",
       "action: global\nlevel: high\ndetection: {condition: 1 of them}\n---\n" + a +
           "---\nlogsource: {product: linux}\n" + b,
       {"5 A high aws a", "9 B high linux b"}},
      {"global goes over a rule's own",
       "action: global\nlevel: high\ntitle: G\ndetection: {condition: 1 of them}\n---\nlevel: low\n" + a,
       {"6 G high aws a"}},
      {"maps are merged, lists are not",
       "action: global\nlevel: low\ndetection: {g: [x], condition: 1 of them}\nlogsource: {service: s}\n---\n" + a,
       {"6 A low aws a g"}},
      {"reset ends it",
       "action: global\nlevel: high\ndetection: {condition: 1 of them}\n---\n" + a +
           "---\naction: reset\n---\nlevel: low\n" +
           "title: C\nlogsource: {product: gcp}\ndetection: {c: {x: y}, condition: c}\n",
       {"5 A high aws a", "11 C low gcp c"}},
      {"repeat goes over the rule before",
       "action: reset\n---\nlevel: high\ntitle: A\nlogsource: {product: aws}\ndetection: {a: {x: y}, condition: 1 of "
       "them}\n"
       "---\naction: repeat\n" +
           b + "---\naction: repeat\ntitle: C\nlevel: low\n",
       {"3 A high aws a", "8 B high aws a b", "12 C low aws a b"}},
      {"repeat right after global",
       "action: global\ntitle: G\nlevel: low\nlogsource: {product: aws}\ndetection: {condition: 1 of them}\n---\n"
       "action: repeat\n" +
           b,
       {"7 B low aws b"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(read(c.text), c.rules);
  }
}

TEST(Collections, LeaveCorrelationsAndFiltersAlone) {
  const FileDocuments file = read_documents(
      "action: global\ntitle: G\nlogsource: {product: aws}\n---\n"
      "title: C\ncorrelation: {type: temporal, rules: [a, b], timespan: 5m}\n---\n"
      "title: F\nlogsource: {product: linux}\nfilter: {s: {x: y}, condition: not s}\n",
      "rule.yml");
  ASSERT_EQ(file.documents.size(), 2U) << tests::lines(file.diagnostics);
  EXPECT_EQ(std::get<CorrelationRule>(file.documents[0]).rule.title, "C");
  EXPECT_EQ(std::get<FilterRule>(file.documents[1]).rule.log_source.product, "linux");
}

TEST(Collections, ReportWhatIsWrongWithTheGlobalPartInEachRule) {
  const FileDocuments file = read_documents(
      "action: global\nlevel: high\nlevel: low\n---\n"
      "title: A\nlogsource: {product: aws}\ndetection: {a: {x: y}, condition: a}\n",
      "rule.yml");
  ASSERT_EQ(file.failed.size(), 1U);
  EXPECT_EQ(file.failed[0].rule.title, "A");
  EXPECT_NE(tests::lines(file.diagnostics, "duplicate-key"), "");
}

TEST(Collections, StayWithinTheLimitsWhenWrittenOut) {
  std::string text = "action: global\nlevel: low\nx: [";
  for (int i = 0; i < 1'000; ++i) text += "y, ";
  text += "y]\n";
  for (int i = 0; i < 300; ++i) text += "---\ntitle: T\n";
  const FileDocuments file = read_documents(text, "rule.yml");
  EXPECT_TRUE(file.documents.empty() && file.failed.empty());
  EXPECT_EQ(file.diagnostics.errors(), 1U) << tests::lines(file.diagnostics);
  EXPECT_NE(tests::lines(file.diagnostics, "yaml-bomb"), "");
}

}  // namespace
}  // namespace tripline::rules
