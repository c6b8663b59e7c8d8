#include "rules/correlation_reader.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "rules/document_reader.h"
#include "tests/support/diagnostics.h"

namespace tripline::rules {
namespace {

/// A correlation with these lines, which begin at line 3, column 3.
std::string with(std::string_view lines) { return "title: C\ncorrelation:\n" + std::string(lines); }

CorrelationRule read_one(const std::string& text) {
  FileDocuments file = read_documents(text, "rule.yml");
  EXPECT_EQ(tests::lines(file.diagnostics), "") << text;
  if (file.documents.size() != 1) {
    ADD_FAILURE() << "not one correlation:\n" << text;
    return {};
  }
  return std::get<CorrelationRule>(file.documents[0]);
}

std::vector<std::string> names(const std::vector<Reference>& references) {
  std::vector<std::string> found;
  for (const auto& reference : references) found.push_back(reference.name);
  return found;
}

TEST(ReadCorrelation, ReadsEveryPart) {
  const auto rule = read_one(R"(title: Many values
id: 11111111-2222-4333-8444-555555555555
level: high
correlation:
  type: value_count
  rules: [a, b]
  group-by: [user, account]
  timespan: 1h
  condition: {field: [region, service], gt: 10, lte: 20}
  aliases:
    user: {a: userIdentity.arn, b: sourceIPAddress}
  generate: true
tripline: {period: 1d, missing: group}
)");
  EXPECT_EQ(rule.type, "value_count");
  EXPECT_EQ(names(rule.rules), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(rule.rules[1].at.line, 6);
  EXPECT_EQ(rule.group_by, (std::vector<std::string>{"user", "account"}));
  EXPECT_EQ(rule.timespan_seconds, 3'600);
  EXPECT_EQ(rule.field, (std::vector<std::string>{"region", "service"}));
  ASSERT_EQ(rule.bounds.size(), 2U);
  EXPECT_EQ(rule.bounds[0].op, "gt");
  EXPECT_EQ(rule.bounds[0].value, 10);
  EXPECT_EQ(rule.bounds[1].op, "lte");
  EXPECT_EQ(rule.bounds[1].value, 20);
  EXPECT_EQ(rule.aliases.at("user").at("b"), "sourceIPAddress");
  EXPECT_TRUE(rule.generate);
  EXPECT_TRUE(rule.head.level_given);
  EXPECT_EQ(rule.rule.level, engine::Level::kHigh);
  EXPECT_EQ(rule.tripline.settings.at("missing"), "group");
}

TEST(ReadCorrelation, TakesEveryTypeWithTheConditionsItCanHave) {
  for (const std::string text : {
           "  type: event_count\n  rules: a\n  timespan: 5m\n  condition: {gte: 1}\n",
           "  type: event_count\n  rules: a\n  timespan: 5m\n  condition: {eq: 0}\n",
           "  type: event_count\n  rules: a\n  timespan: 5m\n  condition: {lt: 3}\n",
           "  type: event_count\n  rules: a\n  timespan: 5m\n  condition: {neq: 3}\n",
           "  type: event_count\n  rules: a\n  timespan: 5m\n  condition: {gt: '3'}\n",
           "  type: value_sum\n  rules: a\n  timespan: 5m\n  condition: {field: f, gt: -1.5}\n",
           "  type: value_avg\n  rules: a\n  timespan: 5m\n  condition: {field: f, gte: 0}\n",
           "  type: value_median\n  rules: a\n  timespan: 5m\n  condition: {field: f, lt: 2}\n",
           "  type: value_percentile\n  rules: a\n  timespan: 5m\n  condition: {field: f, percentile: 95, gt: 2}\n",
           "  type: value_percentile\n  rules: a\n  timespan: 5m\n  condition: {field: f, percentile: 0, lte: 1}\n",
           "  type: temporal\n  rules: [a, b]\n  timespan: 5m\n",
           "  type: temporal\n  rules: [a, b, c]\n  timespan: 5m\n  condition: {gte: 2}\n",
           "  type: temporal\n  rules: [a, b, c]\n  timespan: 5m\n  condition: a and (b or not c)\n",
           "  type: temporal\n  rules: [a1, a2, b]\n  timespan: 5m\n  condition: 1 of a* and not b\n",
           "  type: temporal\n  rules: [a, b]\n  timespan: 5m\n  condition: all of them\n",
           "  type: temporal_ordered\n  rules: [a, b]\n  timespan: 5m\n",
           "  type: temporal_ordered\n  rules: [a, b]\n  timespan: 5m\n  condition: {gte: 2}\n",
           "  type: new_value\n  rules: a\n  timespan: 30d\n  condition: {field: awsRegion}\n",
           "  type: new_value\n  rules: a\n  timespan: 30d\n  condition: {field: [a, b]}\n",
       }) {
    EXPECT_FALSE(read_one(with(text)).rules.empty()) << text;
  }
}

TEST(ReadCorrelation, TakesTheRulesThatABooleanConditionNames) {
  const auto rule = read_one(with("  type: temporal\n  timespan: 5m\n  condition: first and not (second or first)\n"));
  EXPECT_EQ(names(rule.rules), (std::vector<std::string>{"first", "second"}));
  EXPECT_EQ(rule.rules[1].at.line, 5);
  EXPECT_EQ(rule.rules[1].at.column, 29);
}

TEST(ReadCorrelation, ReadsGenerateInBothPlaces) {
  const std::string lines = "  type: event_count\n  rules: a\n  timespan: 5m\n  condition: {gte: 1}\n";
  EXPECT_FALSE(read_one(with(lines)).generate);
  EXPECT_FALSE(read_one(with(lines + "  generate: false\n")).generate);
  EXPECT_TRUE(read_one(with(lines + "  generate: true\n")).generate);
  EXPECT_TRUE(read_one(with(lines) + "generate: true\n").generate);
}

TEST(ReadCorrelation, ReadsTimespans) {
  const struct {
    std::string_view written;
    std::int64_t seconds;
    std::string_view said;
  } cases[] = {
      {"90s", 90, ""},
      {"5m", 300, ""},
      {"36h", 129'600, ""},
      {"7d", 604'800, ""},
      {"2w", 1'209'600, ""},
      {"1M", 2'629'746,
       "5:13 inexact-timespan: `timespan: 1M` is taken as 2629746 seconds, its mean length | write days, such as 30d; "
       "minutes are a small `m`\n"},
      {"1y", 31'556'952,
       "5:13 inexact-timespan: `timespan: 1y` is taken as 31556952 seconds, its mean length | write days, such as "
       "365d\n"},
      {"100y", 3'155'695'200,
       "5:13 inexact-timespan: `timespan: 100y` is taken as 3155695200 seconds, its mean length | write days, such as "
       "365d\n"},
      {"101y", 0, "5:13 bad-timespan: `timespan: 101y` is too long | the longest span is 100y\n"},
      {"99999999999999999999s", 0,
       "5:13 bad-timespan: `timespan: 99999999999999999999s` is too long | the longest span is 100y\n"},
      {"300", 0, "5:13 bad-timespan: `timespan: 300` has no unit | for seconds write `300s`\n"},
      {"0m", 0, "5:13 bad-timespan: `timespan: 0m` is not above 0 | write a number and a unit, such as 15m\n"},
      {"-5m", 0, "5:13 bad-timespan: `timespan: -5m` is not above 0 | write a number and a unit, such as 15m\n"},
      {"5H", 0, "5:13 bad-timespan: `timespan: 5H` is no time span | did you mean `5h`?\n"},
      {"5min", 0, "5:13 bad-timespan: `timespan: 5min` is no time span | did you mean `5m`?\n"},
      {"1h30m", 0, "5:13 bad-timespan: `timespan: 1h30m` is no time span | did you mean `1h`?\n"},
      {"soon", 0, "5:13 bad-timespan: `timespan: soon` is no time span | write a number and a unit, such as 15m\n"},
      {"5 q", 0,
       "5:13 bad-timespan: `timespan: 5 q` is no time span | write a number and a unit of s, m, h, d or w, such as "
       "15m\n"},
  };
  for (const auto& c : cases) {
    const FileDocuments file = read_documents(
        with("  type: event_count\n  rules: a\n  timespan: " + std::string(c.written) + "\n  condition: {gte: 1}\n"),
        "rule.yml");
    EXPECT_EQ(tests::lines(file.diagnostics), c.said) << c.written;
    if (c.seconds > 0) {
      ASSERT_EQ(file.documents.size(), 1U) << c.written;
      EXPECT_EQ(std::get<CorrelationRule>(file.documents[0]).timespan_seconds, c.seconds) << c.written;
    } else {
      EXPECT_TRUE(file.documents.empty()) << c.written;
    }
  }
}

TEST(ReadCorrelation, SaysWhatIsWrongWhereAndWhatToDo) {
  const std::string count = "  type: event_count\n  rules: a\n  timespan: 5m\n";
  const std::string temporal = "  type: temporal\n  rules: [a, b]\n  timespan: 5m\n";
  const struct {
    std::string_view code;
    std::string lines;
    std::string said;
  } cases[] = {
      // Keys
      {"missing-attribute", "  rules: a\n  timespan: 5m\n",
       "3:3 missing-attribute: `correlation` has no `type` | it can be event_count, value_count, value_sum, value_avg, "
       "value_percentile, value_median, temporal, temporal_ordered or new_value\n"},
      {"missing-attribute", "  type: temporal\n  timespan: 5m\n",
       "3:3 missing-attribute: `correlation` has no `rules` | name the rules whose events are correlated, by their "
       "`name` "
       "or `id`\n"},
      {"missing-attribute", "  type: temporal\n  rules: []\n  timespan: 5m\n",
       "4:10 missing-attribute: `rules` names no rule | name the rules whose events are correlated, by their `name` or "
       "`id`\n"},
      {"missing-attribute", "  type: temporal\n  rules: [a, b]\n",
       "3:3 missing-attribute: `correlation` has no `timespan` | add a line such as `timespan: 15m`\n"},
      {"missing-attribute", count,
       "3:3 missing-attribute: `correlation` has no `condition` | write `condition: {gte: 10}`\n"},
      {"missing-attribute", "  type: value_count\n  rules: a\n  timespan: 5m\n",
       "3:3 missing-attribute: `correlation` has no `condition` | write `condition: {field: awsRegion, gte: 10}`\n"},
      {"missing-attribute", "  type: new_value\n  rules: a\n  timespan: 5d\n",
       "3:3 missing-attribute: `correlation` has no `condition` | write `condition: {field: awsRegion}`\n"},
      {"misspelt-attribute", temporal + "  groupBy: [x]\n",
       "6:3 misspelt-attribute: `correlation` has no `groupBy` | did you mean `group-by`?\n"},
      {"misspelt-attribute", temporal + "  group_by: [x]\n",
       "6:3 misspelt-attribute: `correlation` has no `group_by` | did you mean `group-by`?\n"},
      {"misspelt-attribute", "  type: temporal\n  rules: [a, b]\n  timeframe: 5m\n",
       "5:3 misspelt-attribute: `correlation` has no `timeframe` | did you mean `timespan`?\n"},
      {"misspelt-attribute", "  type: temporal\n  rule: [a, b]\n  timeSpan: 5m\n",
       "4:3 misspelt-attribute: `correlation` has no `rule` | did you mean `rules`?\n"
       "5:3 misspelt-attribute: `correlation` has no `timeSpan` | did you mean `timespan`?\n"},
      {"unknown-attribute", temporal + "  ordered: false\n",
       "6:3 unknown-attribute: `correlation` has no `ordered` | it takes type, rules, group-by, timespan, condition, "
       "aliases and generate\n"},
      {"wrong-type", temporal + "  generate: maybe\n",
       "6:13 wrong-type: `generate` is true or false | write `true` or `false`, without quotes\n"},
      {"correlation-type", "  type: eventCount\n  rules: a\n  timespan: 5m\n",
       "3:9 correlation-type: `eventCount` is no type of correlation | did you mean `event_count`?\n"},
      {"correlation-type", "  type: sequence\n  rules: a\n  timespan: 5m\n",
       "3:9 correlation-type: `sequence` is no type of correlation | it can be event_count, value_count, value_sum, "
       "value_avg, value_percentile, value_median, temporal, temporal_ordered or new_value\n"},
      {"rule-named-twice", "  type: temporal\n  rules: [a, b, A]\n  timespan: 5m\n",
       "4:17 rule-named-twice: `A` stands twice in `rules` | each rule counts once: remove one of the two\n"},
      {"bad-timespan", "  type: new_value\n  rules: a\n  timespan: 23h\n  condition: {field: x}\n",
       "5:13 bad-timespan: new_value forgets values after its timespan, of 1d at least | write a longer one, such as "
       "`timespan: 30d`\n"},
      // Numbers
      {"correlation-condition", count + "  condition: 5\n",
       "6:14 correlation-condition: the condition of type event_count is a map | write `condition: {gte: 10}`\n"},
      {"correlation-condition", count + "  condition: {}\n",
       "6:14 correlation-condition: the condition has no number to compare with | add one of gt, gte, lt, lte, eq or "
       "neq\n"},
      {"correlation-condition", count + "  condition: {gte: many}\n",
       "6:20 correlation-condition: `gte: many` is no number\n"},
      {"correlation-condition", count + "  condition: {gte: 1.5}\n",
       "6:20 correlation-condition: `gte: 1.5` is no count | write a whole number, such as 10\n"},
      {"correlation-condition", count + "  condition: {gte: -1}\n",
       "6:20 correlation-condition: `gte: -1` is no count | write a whole number, such as 10\n"},
      {"correlation-condition", count + "  condition: {gte: }\n", "6:15 correlation-condition: `gte` has no number\n"},
      {"correlation-condition", count + "  condition: {gte: 0}\n",
       "6:14 correlation-condition: every number satisfies the condition | write a number above 0\n"},
      {"unknown-attribute", count + "  condition: {field: x, gte: 3}\n",
       "6:15 unknown-attribute: `condition of type event_count` has no `field` | it takes gt, gte, lt, lte, eq and "
       "neq\n"},
      {"misspelt-attribute", count + "  condition: {get: 3}\n",
       "6:15 misspelt-attribute: `condition of type event_count` has no `get` | did you mean `gt`?\n"
       "6:14 correlation-condition: the condition has no number to compare with | add one of gt, gte, lt, lte, eq or "
       "neq\n"},
      {"never-matches", count + "  condition: {gt: 5, lt: 6}\n",
       "6:14 never-matches: no number is within all bounds of the condition\n"},
      {"never-matches", count + "  condition: {gte: 5, lte: 5, neq: 5}\n",
       "6:14 never-matches: no number is within all bounds of the condition\n"},
      {"never-matches", "  type: value_sum\n  rules: a\n  timespan: 5m\n  condition: {field: x, gt: 5, lte: 5}\n",
       "6:14 never-matches: no number is within all bounds of the condition\n"},
      {"correlation-condition", "  type: value_count\n  rules: a\n  timespan: 5m\n  condition: {gte: 3}\n",
       "6:14 correlation-condition: the condition of type value_count names no field | add `field:` with the name of "
       "the "
       "field whose values count\n"},
      {"correlation-condition", "  type: value_sum\n  rules: a\n  timespan: 5m\n  condition: {field: [x, y], gte: 3}\n",
       "6:22 correlation-condition: value_sum takes one field | write a correlation for each field\n"},
      {"correlation-condition",
       "  type: value_percentile\n  rules: a\n  timespan: 5m\n  condition: {field: x, percentile: 101, gte: 3}\n",
       "6:37 correlation-condition: a percentile is a number from 0 to 100\n"},
      {"percentile-not-named",
       "  type: value_percentile\n  rules: a\n  timespan: 5m\n  condition: {field: x, lte: 1}\n",
       "6:14 percentile-not-named: the condition does not say which percentile, and the median is compared with its "
       "number | write `percentile: 95`, or type value_median; what is new, and so rare, new_value finds\n"},
      // Steps
      {"correlation-condition", temporal + "  condition: {gte: 3}\n",
       "6:14 correlation-condition: the condition asks for more rules than the 2 it correlates\n"},
      {"correlation-no-positive", temporal + "  condition: {lte: 1}\n",
       "6:14 correlation-no-positive: the condition can hold without any event | ask for one rule at least, such as "
       "`gte: 2`\n"},
      {"correlation-condition", "  type: temporal_ordered\n  rules: [a, b]\n  timespan: 5m\n  condition: {gte: 1}\n",
       "6:14 correlation-condition: temporal_ordered asks for all of its rules | leave the condition out, or take type "
       "temporal, which can ask for some of them\n"},
      {"correlation-condition", "  type: temporal_ordered\n  rules: [a, b]\n  timespan: 5m\n  condition: a and b\n",
       "6:14 correlation-condition: temporal_ordered asks for all of its rules in order, and takes no boolean "
       "condition | leave the condition out, or take type temporal\n"},
      {"correlation-condition", temporal + "  condition: a\n",
       "4:14 correlation-condition: the condition does not name `b` | name it in the condition, or remove it from "
       "`rules`\n"},
      {"correlation-no-positive", temporal + "  condition: not a or b\n",
       "6:14 correlation-no-positive: the condition can hold without any event | join each `not` with a rule that must "
       "match, such as `a and not b`\n"},
      {"unknown-rule", "  type: temporal\n  rules: [login, logout]\n  timespan: 5m\n  condition: login and logot\n",
       "6:24 unknown-rule: `logot` is none of the correlation's rules | did you mean `logout`?\n"
       "4:18 correlation-condition: the condition does not name `logout` | name it in the condition, or remove it from "
       "`rules`\n"},
      {"unknown-rule", temporal + "  condition: a and 1 of x*\n",
       "6:20 unknown-rule: no rule of the correlation fits `x*` | list it under `rules:`\n"
       "4:14 correlation-condition: the condition does not name `b` | name it in the condition, or remove it from "
       "`rules`\n"},
      {"correlation-condition", "  type: temporal\n  timespan: 5m\n  condition: 1 of x*\n",
       "5:14 correlation-condition: a pattern needs `rules` to choose from | list the rules under `rules:`\n"},
      {"condition-syntax", temporal + "  condition: a and\n", ""},
      {"condition-syntax", temporal + "  condition: a | count() > 5\n", ""},
      // Aliases
      {"wrong-type", temporal + "  group-by: [x]\n  aliases: {x: y}\n",
       "7:13 wrong-type: the alias `x` takes a map of rules to fields | write `x: {rule_name: field}`\n"},
      {"unused-alias", temporal + "  aliases: {x: {a: y}}\n",
       "6:13 unused-alias: the alias `x` is neither grouped by nor counted | name it in `group-by`, or remove it\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.lines);
    const FileDocuments file = read_documents(with(c.lines), "rule.yml");
    if (!c.said.empty()) {
      EXPECT_EQ(tests::lines(file.diagnostics), c.said);
    }
    EXPECT_NE(tests::lines(file.diagnostics, c.code), "");
  }
}

TEST(ReadCorrelation, TakesItsExtensionSettingsAlone) {
  const std::string lines = "  type: event_count\n  rules: a\n  timespan: 5m\n  condition: {gte: 1}\n";
  const auto said = [&](const std::string& settings) {
    return tests::lines(read_documents(with(lines) + "tripline: {" + settings + "}\n", "rule.yml").diagnostics);
  };
  EXPECT_EQ(said("learning: 7d, learning_scope: group"), "");
  EXPECT_EQ(said("learning: 0"), "");
  EXPECT_EQ(said("learning_scope: user"),
            "7:28 bad-extension: `tripline.learning_scope: user` is not known | it can be rule or group\n");
  EXPECT_EQ(said("group: [x]"),
            "7:12 unknown-attribute: `tripline` has no `group` | it takes period, title, response, mode, missing, "
            "learning and learning_scope\n");
}

}  // namespace
}  // namespace tripline::rules
