#include "rules/explain.h"

#include <string>

#include <gtest/gtest.h>

#include "engine/matcher.h"
#include "rules/query.h"
#include "tests/support/events.h"

namespace tripline::rules {
namespace {

/// The lines of a query's explanation on a record, each with its line feed.
std::string explained(std::string_view query, std::string_view json, std::string_view label = "") {
  engine::RuleSet rules;
  auto expression = std::get<engine::Expression>(compile_query(query, rules));
  expression.label = label;
  if (!label.empty()) expression.line = 7;
  tests::OwnedEvent event(rules.fields, json);
  EXPECT_TRUE(event.read());
  const auto explanation = explain(expression, rules, *event);
  EXPECT_EQ(explanation.holds, engine::holds(expression, rules, *event));
  std::string out;
  for (const auto& line : explain_lines(explanation)) out += line + '\n';
  return out;
}

TEST(Explain, ShowsTheAnswerOfEachPartAndTheValuesItSaw) {
  EXPECT_EQ(explained("eventName:CreateUser -awsRegion:(eu-* OR us-*) errorCode:*",
                      R"({"eventName": "CreateRole", "awsRegion": ["eu-west-1", null, 5]})", "selection"),
            "✗ selection (line 7): all of\n"
            "  ✗ eventName is 'CreateUser'\n"
            "      eventName = 'CreateRole'\n"
            "  ✗ not\n"
            "    ✓ any of\n"
            "      ✓ awsRegion starts with 'eu-'\n"
            "          awsRegion = 'eu-west-1', null, 5\n"
            "      ✗ awsRegion starts with 'us-'\n"
            "          awsRegion = 'eu-west-1', null, 5\n"
            "  ✗ errorCode has a value\n"
            "      errorCode is missing\n");
}

TEST(Explain, ShowsNoValuesOfKeywordsAndConstants) {
  EXPECT_EQ(explained("alice OR *", R"({"eventName": "x"})"),
            "✓ any of\n"
            "  ✗ some key or value contains 'alice'\n"
            "  ✓ always\n");
}

TEST(Explain, ShowsBothSidesOfAReferenceToAField) {
  engine::RuleSet rules;
  const auto user = rules.fields.intern("requestParameters.userName");
  const auto self = rules.fields.intern("userIdentity.userName");
  const auto test = engine::FieldRefTest{self, engine::FieldRefTest::How::kEquals, false};
  const auto expression = engine::Expression::of(rules.predicates.intern({user, test}));
  tests::OwnedEvent event(rules.fields, R"({"requestParameters": {"userName": "bob"}})");
  const auto explanation = explain(expression, rules, *event);
  ASSERT_EQ(explanation.found.size(), 2u);
  EXPECT_EQ(explanation.found[0].values, std::vector<std::string>{"'bob'"});
  EXPECT_TRUE(explanation.found[1].values.empty());
}

TEST(Explain, CutsLongValuesAndLongLists) {
  const std::string long_text(10'000, 'x');
  EXPECT_EQ(explained("userAgent:y", R"({"userAgent": ")" + long_text + R"("})"),
            "✗ userAgent is 'y'\n    userAgent = '" + long_text.substr(0, 160) + "… (10000 bytes)'\n");
  EXPECT_EQ(explained("resources.ARN:y", R"({"resources": [{"ARN": 0},{"ARN": 1},{"ARN": 2},{"ARN": 3},{"ARN": 4},)"
                                         R"({"ARN": 5},{"ARN": 6},{"ARN": 7},{"ARN": 8},{"ARN": 9}]})"),
            "✗ resources.ARN is 'y'\n    resources.ARN = 0, 1, 2, 3, 4, 5, 6, 7, … (10 in all)\n");
  std::string accents = "x";  // the cut never splits a character
  for (int i = 0; i < 100; ++i) accents += "é";
  EXPECT_NE(explained("userAgent:y", R"({"userAgent": ")" + accents + R"("})").find("é…"), std::string::npos);
}

TEST(Explain, ShowsNoSecrets) {
  constexpr std::string_view kEvent = R"({"requestParameters": {"masterUserPassword": "hunter2"},
    "responseElements": {"credentials": {"accessKeyId": "ASIAX", "sessionToken": "hunter2"}}})";
  for (const auto* query :
       {"requestParameters.masterUserPassword:hunter2", "responseElements.credentials.sessionToken:*2",
        "responseElements.credentials:*2*", "responseElements:*", "requestParameters:*"}) {
    const auto text = explained(query, kEvent);
    EXPECT_EQ(text.find("= 'hunter2'"), std::string::npos) << text;
    EXPECT_EQ(text.find("hunter2\""), std::string::npos) << text;
    EXPECT_NE(text.find("secret)"), std::string::npos) << text;
  }
  EXPECT_NE(explained("responseElements.credentials.accessKeyId:*", kEvent).find("'ASIAX'"), std::string::npos);
}

}  // namespace
}  // namespace tripline::rules
