#include "rules/old_aggregation.h"

#include <string>
#include <string_view>
#include <variant>

#include <gtest/gtest.h>

#include "rules/document_reader.h"

namespace tripline::rules {
namespace {

std::string rule_text(std::string_view condition, std::string_view timeframe = "  timeframe: 10m\n") {
  return "title: \"Many: 'reads'\"\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n"
         "  first:\n    eventName: [GetObject, 'It''s *']\n    requestParameters.n: 5\n"
         "  second:\n    - eventName|contains|all: [a, b]\n      errorCode: null\n    - readOnly: true\n"
         "  words: [alice, \"tab\\there\"]\n" +
         std::string(timeframe) + "  condition: " + std::string(condition) + "\nlevel: high\n";
}

DetectionRule read_rule(const std::string& text) {
  auto file = read_documents(text, "rule.yml");
  EXPECT_EQ(file.diagnostics.errors(), 0u) << text;
  EXPECT_EQ(file.documents.size(), 1u);
  return std::get<DetectionRule>(file.documents.at(0));
}

/// What is said of the condition, and the documents in it, read back.
struct Modern {
  std::string text;
  FileDocuments documents;
};
Modern modern(std::string_view condition, std::string_view timeframe = "  timeframe: 10m\n") {
  const auto rule = read_rule(rule_text(condition, timeframe));
  Modern out;
  out.text = modern_form(rule, condition);
  if (const auto yaml = out.text.find("---\n"); yaml != std::string::npos) {
    out.documents = read_documents(out.text.substr(yaml + 4), "hint.yml");
    EXPECT_TRUE(out.documents.diagnostics.all().empty()) << out.documents.diagnostics.all().at(0).message << "\n"
                                                         << out.text;
  }
  return out;
}

TEST(OldAggregation, CountsBecomeCorrelations) {
  const struct {
    std::string_view condition, type, field, group, op;
    double value;
  } cases[] = {
      {"first | count() > 5", "event_count", "", "", "gt", 5},
      {"first | COUNT() by sourceIPAddress >= 10", "event_count", "", "sourceIPAddress", "gte", 10},
      {"first|count(eventName) by actor.name<3", "value_count", "eventName", "actor.name", "lt", 3},
      {"first | count() BY a, b = 1", "event_count", "", "a b", "eq", 1},
      {"first | count() <= 0", "event_count", "", "", "lte", 0},
      {"first | count() != 7", "event_count", "", "", "neq", 7},
      {"first | sum(requestParameters.n) by x > 1.5", "value_sum", "requestParameters.n", "x", "gt", 1.5},
      {"first | avg(requestParameters.n) > 2", "value_avg", "requestParameters.n", "", "gt", 2},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.condition);
    const auto hint = modern(c.condition);
    ASSERT_EQ(hint.documents.documents.size(), 1u) << hint.text;
    const auto& correlation = std::get<CorrelationRule>(hint.documents.documents[0]);
    EXPECT_EQ(correlation.type, c.type);
    EXPECT_EQ(correlation.timespan_seconds, 600);
    EXPECT_EQ(correlation.rule.level, engine::Level::kHigh);
    ASSERT_EQ(correlation.rules.size(), 1u);
    EXPECT_EQ(correlation.rules[0].name, "many_reads");
    EXPECT_NE(hint.text.find("`name: many_reads`"), std::string::npos);
    EXPECT_NE(hint.text.find("`first`"), std::string::npos);
    std::string group;
    for (const auto& field : correlation.group_by) group += (group.empty() ? "" : " ") + field;
    EXPECT_EQ(group, c.group);
    EXPECT_EQ(correlation.field, c.field.empty() ? std::vector<std::string>{} : std::vector{std::string(c.field)});
    ASSERT_EQ(correlation.bounds.size(), 1u);
    EXPECT_EQ(correlation.bounds[0].op, c.op);
    EXPECT_EQ(correlation.bounds[0].value, c.value);
  }
}

TEST(OldAggregation, NearBecomesRulesOfTheirOwnAndACorrelationOverThem) {
  const auto hint = modern("first | near second and not (words or second)");
  ASSERT_EQ(hint.documents.documents.size(), 4u) << hint.text;
  const auto& correlation = std::get<CorrelationRule>(hint.documents.documents[0]);
  EXPECT_EQ(correlation.type, "temporal");
  EXPECT_EQ(correlation.rules.size(), 3u);
  EXPECT_EQ(correlation.rule_condition, "many_reads_first and many_reads_second and not many_reads_3");

  const auto original = read_rule(rule_text("first"));
  const auto& second = std::get<DetectionRule>(hint.documents.documents[2]);
  EXPECT_EQ(second.rule.name, "many_reads_second");
  EXPECT_EQ(second.rule.log_source, original.rule.log_source);
  EXPECT_EQ(second.body.conditions.at(0).text, "second");
  const auto& third = std::get<DetectionRule>(hint.documents.documents[3]);
  EXPECT_EQ(third.body.conditions.at(0).text, "words or second");
}

TEST(OldAggregation, NearIsUnderstoodWithoutItsBar) {
  EXPECT_EQ(modern("first NEAR second").text, modern("first | near second").text);
}

TEST(OldAggregation, SearchesKeepTheirMeaningWhenTheyAreWrittenOutAgain) {
  const auto original = read_rule(rule_text("first or second or words"));
  const auto hint = modern("first | near second and words");
  ASSERT_EQ(hint.documents.documents.size(), 4u) << hint.text;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& copy = std::get<DetectionRule>(hint.documents.documents[i + 1]);
    ASSERT_EQ(copy.body.searches.size(), 1u) << hint.text;
    const auto& was = original.body.searches[i];
    const auto& is = copy.body.searches[0];
    SCOPED_TRACE(was.name + "\n" + hint.text);
    EXPECT_EQ(is.name, was.name);
    ASSERT_EQ(is.any.size(), was.any.size());
    for (std::size_t m = 0; m < was.any.size(); ++m) {
      ASSERT_EQ(is.any[m].size(), was.any[m].size());
      for (std::size_t f = 0; f < was.any[m].size(); ++f) {
        const auto &old_item = was.any[m][f], &new_item = is.any[m][f];
        EXPECT_EQ(new_item.field, old_item.field);
        EXPECT_EQ(new_item.modifiers, old_item.modifiers);
        EXPECT_EQ(new_item.is_list, old_item.is_list);
        ASSERT_EQ(new_item.values.size(), old_item.values.size());
        for (std::size_t v = 0; v < old_item.values.size(); ++v) {
          EXPECT_EQ(new_item.values[v].kind, old_item.values[v].kind);
          EXPECT_EQ(new_item.values[v].text, old_item.values[v].text);
        }
      }
    }
  }
}

TEST(OldAggregation, SaysSoWhereThereIsNoTimeframeOrNoSuchCorrelation) {
  EXPECT_NE(modern("first | count() > 5", "").text.find("names no timeframe"), std::string::npos);
  const auto least = modern("first | min(requestParameters.n) < 3").text;
  EXPECT_NE(least.find("`requestParameters.n|lt: 3`"), std::string::npos) << least;
}

TEST(OldAggregation, LeavesOtherConditionsAlone) {
  const auto rule = read_rule(rule_text("first"));
  for (const auto* condition : {"first", "first | count()", "first | count() > x", "first | median(x) > 5", "first |",
                                "| count() >", "first | near", "first | near (", "first | count( > 5", ""}) {
    SCOPED_TRACE(condition);
    EXPECT_EQ(modern_form(rule, condition), "");
  }
}

}  // namespace
}  // namespace tripline::rules
