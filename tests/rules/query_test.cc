#include "rules/query.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "engine/matcher.h"
#include "tests/support/events.h"

namespace tripline::rules {
namespace {

using tests::OwnedEvent;

constexpr std::string_view kEvent = R"({
  "eventVersion": "1.11",
  "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice", "accountId": "111122223333",
                   "userName": "alice", "accessKeyId": ""},
  "eventTime": "2026-11-20T09:09:56Z", "eventSource": "iam.amazonaws.com", "eventName": "CreateUser",
  "awsRegion": "eu-west-1", "sourceIPAddress": "10.1.2.3", "userAgent": "aws-cli/2.28 (Linux) \"x\"",
  "errorCode": "AccessDenied", "errorMessage": null,
  "requestParameters": {"userName": "bob", "maxItems": 100, "path": "C:\\temp\\", "cidrIp": "0.0.0.0/0",
                        "address": "2001:db8::1", "version": "012", "tags": ["red", "dark blue"],
                        "aws:tag": "café", "a b": true},
  "responseElements": null, "readOnly": false, "eventID": "e1", "recipientAccountId": "111122223333"
})";

/// Whether the query finds the event; an error fails the test.
bool finds(std::string_view query, std::string_view json, bool cloudtrail = true) {
  engine::RuleSet rules(cloudtrail);
  const auto compiled = compile_query(query, rules);
  if (const auto* error = std::get_if<QueryError>(&compiled)) {
    ADD_FAILURE() << query << ": " << error->column << ": " << error->message << "; " << error->hint;
    return false;
  }
  OwnedEvent event(rules.fields, json);
  EXPECT_TRUE(event.read()) << json;
  return engine::holds(std::get<engine::Expression>(compiled), rules, *event);
}

TEST(Query, FindsWhatItSays) {
  const struct {
    std::string_view query;
    bool found;
  } cases[] = {
      {"*", true},
      {"eventName:CreateUser", true},
      {"eventName:createuser", true},
      {"eventName:Create", false},
      {"eventName:Create*", true},
      {"eventName:*User", true},
      {"eventName:Cre?teUser", true},
      {"eventName:Create* -eventName:CreateLogStream", true},
      {"eventName:Create* -eventName:CreateUser", false},
      {"awsRegion:(eu-west-1 OR eu-west-2)", true},
      {"awsRegion:(eu-west-2 OR us-*)", false},
      {"awsRegion:(eu-* -eu-west-1)", false},
      {"awsRegion:(eu-* AND NOT *-2)", true},
      {"-awsRegion:(us-east-1 || us-east-2)", true},
      {"errorCode:*", true},
      {"-errorCode:*", false},
      {"errorMessage:*", false},  // null is no value
      {"-errorMessage:*", true},
      {"-responseElements:*", true},
      {"requestParameters:*", true},
      {"userIdentity.accessKeyId:\"\"", true},
      {"userIdentity.principalId:\"\"", false},
      // what stands nearer to its terms binds tighter: NOT, AND, OR
      {"eventName:X OR eventName:CreateUser awsRegion:eu-west-1", true},
      {"eventName:X awsRegion:eu-west-1 OR eventName:CreateUser", true},
      {"eventName:X (awsRegion:eu-west-1 OR eventName:CreateUser)", false},
      {"NOT eventName:X eventName:CreateUser", true},
      {"NOT (eventName:X OR eventName:CreateUser)", false},
      {"!eventName:X && !awsRegion:us-east-1", true},
      {"--eventName:CreateUser", true},
      {"NOT NOT -eventName:CreateUser", false},
      {"eventName:X OR\tawsRegion:eu-west-1\nOR eventName:Y", true},
      // free text: keys and values at any depth, parts of them too
      {"alice", true},
      {"ALICE bob", true},
      {"alice -bob", false},
      {"maxItems", true},
      {"user/al*e", true},
      {"\"dark blue\"", true},
      {"dark blue", true},
      {"\"blue dark\"", false},
      {"\"red dark\"", false},  // never spans two values
      {"caf\xc3\xa9", true},
      {"100", true},
      // the first colon splits, the others need no quotes
      {"userIdentity.arn:arn:aws:iam::111122223333:user/alice", true},
      {"userIdentity.arn:arn:aws:iam::*:user/alice", true},
      {"requestParameters.address:2001:db8::1", true},
      {"requestParameters.address:2001:DB8:0:0::1", true},  // the same address
      {"requestParameters.address:(2001:db8::2 OR 2001:db8::1)", true},
      {"requestParameters.address:2001:db8::/32", true},
      {"eventTime:2026-11-20T09:09:56Z", true},
      // ... and these are no fields
      {"arn:aws:iam::111122223333:user/alice", true},
      {"2001:db8::1", true},
      {"09:09:56", true},
      {"https://example.com", false},
      // networks
      {"sourceIPAddress:10.0.0.0/8", true},
      {"sourceIPAddress:10.2.0.0/16", false},
      {"sourceIPAddress:\"10.0.0.0/8\"", false},
      {"requestParameters.cidrIp:0.0.0.0/0", true},  // the text itself
      {"sourceIPAddress:0.0.0.0/0", true},
      // numbers and booleans
      {"requestParameters.maxItems:100", true},
      {"requestParameters.maxItems:100.0", true},
      {"requestParameters.maxItems:\"100.0\"", false},
      {"requestParameters.maxItems:>=100", true},
      {"requestParameters.maxItems:>100", false},
      {"requestParameters.maxItems:<=1e2", true},
      {"requestParameters.maxItems:<-5", false},
      {"requestParameters.maxItems:(>50 <200)", true},
      {"requestParameters.version:012", true},
      {"requestParameters.version:12", false},
      {"userIdentity.accountId:111122223333", true},
      {"readOnly:false", true},
      // fields with several values
      {"requestParameters.tags:red", true},
      {"requestParameters.tags:(red \"dark blue\")", true},
      {"requestParameters.tags:blue", false},
      // escapes
      {R"(userAgent:"aws-cli/2.28 (Linux) \"x\"")", true},
      {R"(userAgent:aws-cli/2.28\ \(Linux\)\ \"x\")", true},
      {R"(userAgent:"aws-cli/*")", false},  // in quotes a star is a star
      {R"(userAgent:aws\-cli*)", true},
      {R"(eventName:Create\*)", false},
      {R"(requestParameters.path:C:\temp\\)", true},
      {R"(requestParameters.path:"C:\temp\\")", true},
      {R"(requestParameters.aws\:tag:café)", true},
      {R"("requestParameters.aws:tag":café)", true},
      {R"("requestParameters.a b":true)", true},
      {R"(\-nothing)", false},
      {R"("AND")", false},
      // derived fields
      {"outcome:denied", true},
      {"outcome:(success OR failure)", false},
      {"actor.name:alice actor.kind:human", true},
      {"-actor.type:Root", true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    EXPECT_EQ(finds(c.query, kEvent), c.found);
  }
}

TEST(Query, TakesAnyFieldNameWhenTheLogIsNotCloudTrails) {
  EXPECT_TRUE(finds(R"(Image:C:\Windows\System32\\*.exe)", R"({"Image": "C:\\Windows\\System32\\cmd.exe"})", false));
  EXPECT_TRUE(finds("eventname:x", R"({"eventname": "x"})", false));
}

TEST(Query, TakesAQuotedFieldNameAsItIs) {
  EXPECT_TRUE(finds(R"("eventId":x)", R"({"eventId": "x"})"));
  EXPECT_TRUE(finds(R"("brandNew.field":(x OR y))", R"({"brandNew": {"field": "y"}})"));
}

TEST(Query, PointsAtWhatIsWrongAndSaysWhatToDo) {
  const struct {
    std::string_view query;
    int column;
    std::string_view message;  // a part of it
    std::string_view hint;     // a part of it
  } cases[] = {
      {"", 1, "empty", "`*`"},
      {"  ", 1, "empty", "`*`"},
      {"eventName:\"Create", 11, "never closed", "\\\""},
      {"(eventName:X", 1, "never closed", ")"},
      {"a (b (c)", 3, "never closed", ")"},
      {"eventName:X)", 12, "closes nothing", "remove"},
      {"a ()", 3, "empty", "remove"},
      {"awsRegion:( )", 11, "empty", "remove"},
      {"eventName:", 11, "value is missing", "eventName:*"},
      {"eventName: CreateUser", 11, "value is missing", "eventName:*"},
      {"(eventName:)", 12, "value is missing", "eventName:*"},
      {":x", 1, "field name is missing", "\\:"},
      {"AND x", 1, "nothing before", "quote"},
      {"x OR", 5, "missing here", "*"},
      {"x AND OR y", 7, "nothing before", "quote"},
      {"x NOT", 6, "missing here", "*"},
      {"x - y", 3, "nothing follows", "-errorCode"},
      {"x or y", 3, "capitals", "`OR`"},
      {"awsRegion:(a or b)", 14, "capitals", "`OR`"},
      {"Not x", 1, "capitals", "`NOT`"},
      {"\"\"", 1, "empty", "*"},
      {"x\"y\"", 2, "inside a word", "quote"},
      {"\"x\"y", 4, "blank", ""},
      {"f(x)", 2, "inside a word", "quote"},
      {"eventnam:x", 1, "no field `eventnam`", "did you mean `eventName`"},
      {"sourceipaddress:10.0.0.1", 1, "no field", "did you mean `sourceIPAddress`"},
      {"x userIdentity.usrName:alice", 3, "no field", "did you mean `userIdentity.userName`"},
      {"actor.nam:alice", 1, "no field", "did you mean `actor.name`"},
      {"event.action:CreateUser", 1, "no field", "did you mean `eventName`"},
      {"s3:GetObject", 1, "no field `s3`", "quote the whole term"},
      {"event*:x", 1, "wildcards", "quote"},
      {"*:*", 1, "wildcards", "`*` alone"},
      {"requestParameters.size:>big", 25, "compares numbers", "quote"},
      {"eventTime:>2026", 12, "is a time", "--from"},
      {"eventTime:>=2026-01-01", 13, "compares numbers", "--from"},
      {"requestParameters.size:[1 TO 5]", 24, "ranges", ">="},
      {"sourceIPAddress:10.0.0.1/8", 17, "no network", "quote"},
      {"sourceIPAddress:10.0.0.0/33", 17, "no network", "quote"},
      {"eventName:/Create.*/", 11, "no regular expressions", "`*` stands for any text"},
      {"eventName:/CreateUser/", 11, "no regular expressions", "quote the value"},
      {"x eventName:/Create(User|Role)/", 13, "no regular expressions", "as in `eventName:Create*`"},
      {"(eventName:(/Create[UR].+/))", 13, "no regular expressions", "rules have `|re`"},
      {"/Create.*/", 1, "no regular expressions", "`?`"},
      {"eventName=\"CreateUser\"", 11, "inside a word", "joined by `:`"},
      {"caf\xc3\xa9 \xe2\x82\xac (", 9, "missing here", "*"},  // columns count characters
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    engine::RuleSet rules;
    const auto compiled = compile_query(c.query, rules);
    const auto* error = std::get_if<QueryError>(&compiled);
    ASSERT_NE(error, nullptr);
    EXPECT_EQ(error->column, c.column) << error->message;
    EXPECT_NE(error->message.find(c.message), std::string::npos) << error->message;
    EXPECT_NE(error->hint.find(c.hint), std::string::npos) << error->hint;
  }
}

TEST(Query, WarnsOfWhatCompilesButIsHardlyMeant) {
  const struct {
    std::string_view query;
    int column;             // 0: nothing is said
    std::string_view hint;  // a part of it
  } cases[] = {
      {"outcome:deny", 9, "did you mean `denied`?"},
      {"outcome:\"denyed\"", 9, "did you mean `denied`?"},
      {"x -outcome:(success OR fail)", 24, "did you mean `failure`?"},
      {"actor.kind:user", 12, "did you mean `human`?"},
      {"caf\xc3\xa9 readOnly:ture", 15, "did you mean `true`?"},
      {"eventSource:iam", 13, "did you mean `iam.amazonaws.com`?"},
      {"eventName=CreateUser", 1, "did you mean `eventName:CreateUser`?"},
      {"x AND eventname==Create*", 7, "did you mean `eventname:Create*`?"},
      {"outcome:den*", 0, ""},
      {"outcome:DENIED readOnly:true eventSource:iam.amazonaws.com", 0, ""},
      {"color=red", 0, ""},
      {"\"eventName=CreateUser\"", 0, ""},  // who quotes it means it
      {"userAgent:a=b", 0, ""},
      {"sourceIPAddress:10.0.0.0/8", 0, ""},
      {"requestParameters.path:/service-role/ requestParameters.logGroupName:/aws/lambda/ /aws/x/", 0, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    engine::RuleSet rules;
    std::vector<QueryWarning> warnings;
    EXPECT_TRUE(std::holds_alternative<engine::Expression>(compile_query(c.query, rules, &warnings)));
    ASSERT_EQ(warnings.size(), c.column == 0 ? 0u : 1u);
    if (warnings.empty()) continue;
    EXPECT_EQ(warnings[0].column, c.column) << warnings[0].message;
    EXPECT_NE(warnings[0].hint.find(c.hint), std::string::npos) << warnings[0].hint;
  }
  engine::RuleSet others(/*of_cloudtrail=*/false);
  std::vector<QueryWarning> warnings;
  EXPECT_TRUE(std::holds_alternative<engine::Expression>(compile_query("outcome:deny a=b", others, &warnings)));
  EXPECT_TRUE(warnings.empty());
}

TEST(Query, RefusesBottomlessNestingInsteadOfCrashing) {
  engine::RuleSet rules;
  const std::string deep = std::string(100, '(') + "x" + std::string(100, ')');
  EXPECT_TRUE(std::holds_alternative<engine::Expression>(compile_query(deep, rules)));
  const auto deeper = compile_query("(" + deep + ")", rules);
  ASSERT_TRUE(std::holds_alternative<QueryError>(deeper));
  EXPECT_EQ(std::get<QueryError>(deeper).column, 101);
  EXPECT_TRUE(std::holds_alternative<QueryError>(compile_query(std::string(1 << 20, '('), rules)));
  EXPECT_TRUE(std::holds_alternative<engine::Expression>(compile_query(std::string(1 << 20, '-') + "x", rules)));
}

}  // namespace
}  // namespace tripline::rules
