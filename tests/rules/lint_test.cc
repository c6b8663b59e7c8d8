#include "rules/lint.h"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "rules/document_reader.h"
#include "rules/lowering.h"
#include "tests/support/places.h"

namespace tripline::rules {
namespace {

/// What lint says of a text of rules, as `code line:column`, in order of place; messages and hints in `notes`.
struct Linted {
  std::vector<std::string> found;
  std::vector<Diagnostic> notes;
};

Linted lint_text(const std::string& text, const std::map<std::string, std::string>& field_map = {}) {
  const auto file = read_documents(text, "rule.yml");
  EXPECT_EQ(file.diagnostics.errors(), 0u) << (file.diagnostics.all().empty() ? "" : file.diagnostics.all()[0].message);
  EXPECT_FALSE(file.documents.empty()) << text;
  engine::RuleSet rules;
  Diagnostics lowered, out;
  const LintContext context{rules, field_map};
  for (const auto& document : file.documents) {
    if (const auto* correlation = std::get_if<CorrelationRule>(&document)) lint(*correlation, context, out);
    if (const auto* filter = std::get_if<FilterRule>(&document)) lint(*filter, context, out);
    if (const auto* rule = std::get_if<DetectionRule>(&document)) {
      auto condition = lower(rule->body, rule->rule.title, {}, field_map, rules, lowered);
      if (condition) {
        engine::Detection detection;
        detection.rule = rule->rule;
        detection.condition = std::move(*condition);
        lint(*rule, &detection, context, out);
      } else {
        lint(*rule, nullptr, context, out);
      }
    }
  }
  out.sort();
  Linted linted;
  linted.notes = out.all();
  for (const auto& note : linted.notes) {
    EXPECT_EQ(note.code->severity, Severity::kWarning);
    EXPECT_EQ(note.at.path, "rule.yml");
    EXPECT_FALSE(note.message.empty());
    EXPECT_FALSE(note.hint.empty()) << note.message;
    EXPECT_EQ(note.rule, "T");
    linted.found.push_back(std::string(note.code->code) + " " + std::to_string(note.at.line) + ":" +
                           std::to_string(note.at.column));
  }
  return linted;
}

/// A CloudTrail rule; its `detection:` begins at line 5, and what is below it at line 6 with two blanks.
std::string rule_of(std::string_view detection) {
  return "title: T\nid: 65ab678b-5758-4271-a65d-a8466e4fc14b\nlogsource: {product: aws, service: cloudtrail}\n"
         "level: low\ndetection:\n" +
         std::string(detection);
}

using Codes = std::vector<std::string>;

TEST(Lint, WarnsOfWhatCompilesButIsHardlyMeant) {
  const struct {
    std::string_view name;
    std::string_view detection;
    Codes found;
    std::string_view hint;  // a part of the first one's
  } cases[] = {
      {"nothing is wrong",
       "  a:\n    eventSource: iam.amazonaws.com\n    eventName: [CreateUser, Delete*]\n    outcome: success\n"
       "  condition: a\n",
       {},
       ""},

      {"an outcome with a slip",
       "  a:\n    eventName: [CreateUser]\n    outcome: [denied, sucess]\n  condition: a\n",
       {"impossible-value 8:23"},
       "did you mean `success`?"},
      {"a kind of actor that there is not",
       "  a:\n    eventName: CreateUser\n  b:\n    actor.kind: user\n  condition: a and not b\n",
       {"impossible-value 9:17"},
       "did you mean `human`?"},
      {"a type of identity with a slip",
       "  a:\n    eventName: CreateUser\n    userIdentity.type: [iamuser, IamUsr]\n  condition: a\n",
       {"impossible-value 8:34"},
       "did you mean `IAMUser`?"},
      {"a type of identity like none",
       "  a:\n    eventName: CreateUser\n    actor.type: Martian\n  condition: a\n",
       {"impossible-value 8:17"},
       "one of `Root`"},
      {"a boolean with a slip",
       "  a:\n    eventName: CreateUser\n    readOnly: flase\n  condition: a\n",
       {"impossible-value 8:15"},
       "did you mean `false`?"},
      {"a boolean that is text with a slip",
       "  a:\n    eventName: ConsoleLogin\n    additionalEventData.MFAUsed: Yess\n  condition: a\n",
       {"impossible-value 8:34"},
       "did you mean `Yes`?"},
      {"a source that is no whole name",
       "  a:\n    eventSource: iam\n  condition: a\n",
       {"impossible-value 7:18"},
       "did you mean `iam.amazonaws.com`?"},
      {"a source with a slip in its end",
       "  a:\n    eventSource: iam.amazonaws.con\n  condition: a\n",
       {"impossible-value 7:18"},
       "did you mean `iam.amazonaws.com`?"},
      {"a source by its web address",
       "  a:\n    eventSource: console.aws.example/iam\n  condition: a\n",
       {"impossible-value 7:18"},
       "such as `iam.amazonaws.com`"},
      {"sources and outcomes with wildcards or modifiers, or that say what they should",
       "  a:\n    eventSource: [iam*, NEW.amazonaws.com, ec2.amazonaws.com.cn]\n    eventSource|endswith: x\n"
       "    outcome|startswith: den\n    actor.kind: ro?t\n    readOnly: 'true'\n    actor.type: unknown\n"
       "  condition: a\n",
       {},
       ""},
      {"a network as text",
       "  a:\n    eventName: X\n    sourceIPAddress: [203.0.113.9, 203.0.113.0/24, AWS Internal]\n  condition: a\n",
       {"network-as-text 8:36"},
       "`sourceIPAddress|cidr: 203.0.113.0/24`"},
      {"a network as text where it may stand",
       "  a:\n    requestParameters.cidrIp: 0.0.0.0/0\n  condition: a\n",
       {},
       ""},
      {"a field in a keyword",
       "  a:\n    - eventName=CreateUser\n    - 'eventname = x'\n  condition: a\n",
       {"field-in-keyword 7:7", "field-in-keyword 8:8"},
       "`eventName: CreateUser`"},
      {"a field without the blank behind it",
       "  a: eventName:CreateUser\n  condition: a\n",
       {"field-in-keyword 6:6"},
       "`eventName: CreateUser`"},
      {"keywords with signs in them",
       "  a:\n    - color=red\n    - '=x'\n    - 'eventName='\n    - arn:aws:iam::111122223333:user/x\n"
       "  b:\n    eventName: X\n  condition: a and b\n",
       {},
       ""},
      {"a slip in a search's name says nothing of the rule's breadth",
       "  a:\n    eventName: X\n  b:\n    awsRegion: x\n  condition: b and not ab\n",
       {},
       ""},

      {"a call of another service",
       "  a:\n    eventSource: ec2.amazonaws.com\n    eventName: [RunInstances, CreateUser]\n  condition: a\n",
       {"unknown-event-name 8:31"},
       "`iam.amazonaws.com`"},
      {"a slip in a call's name",
       "  a:\n    eventSource: iam.amazonaws.com\n    eventName: CreateUsr\n  condition: a\n",
       {"unknown-event-name 8:16"},
       "`CreateUser`"},
      {"a permission in place of a call",
       "  a:\n    eventSource: s3.amazonaws.com\n    eventName: PutReplicationConfiguration\n  condition: a\n",
       {"unknown-event-name 8:16"},
       "`PutBucketReplication`"},
      {"a permission that is never logged",
       "  a:\n    eventSource: iam.amazonaws.com\n    eventName: PassRole\n  condition: a\n",
       {"unknown-event-name 8:16"},
       "no record"},
      {"the source stands in another search",
       "  a:\n    eventName: CreateUsr\n  b:\n    eventSource: iam.amazonaws.com\n  condition: a and b\n",
       {"unknown-event-name 7:16"},
       "`CreateUser`"},
      {"the source stands in a search of its own way to match",
       "  a:\n    eventName: CreateUser\n  b:\n    eventSource: ec2.amazonaws.com\n  condition: a or b\n",
       {},
       ""},
      {"the source stands in a search with other ways to match",
       "  a:\n    eventName: CreateUser\n  b:\n    - eventSource: ec2.amazonaws.com\n    - errorCode: X\n"
       "  condition: a and b\n",
       {},
       ""},
      {"the source stands in one of all searches",
       "  b:\n    - eventSource: ec2.amazonaws.com\n    - eventSource: s3.amazonaws.com\n  a:\n    eventName: "
       "CreateUser\n"
       "  condition: all of them\n",
       {"unknown-event-name 10:16"},
       "`iam.amazonaws.com`"},
      {"one of the sources has it",
       "  a:\n    eventSource: [ec2.amazonaws.com, iam.amazonaws.com]\n    eventName: CreateUser\n  condition: a\n",
       {},
       ""},
      {"a source we do not know may have it",
       "  a:\n    eventSource: [ec2.amazonaws.com, new.amazonaws.com]\n    eventName: CreateUser\n  condition: a\n",
       {},
       ""},
      {"a source that is no plain text may be any",
       "  a:\n    eventSource|startswith: ec2\n    eventName: CreateUser\n  condition: a\n",
       {},
       ""},
      {"a name with a wildcard is not judged",
       "  a:\n    eventSource: ec2.amazonaws.com\n    eventName: CreateUse*\n  condition: a\n",
       {},
       ""},
      {"a Lambda call without its date",
       "  a:\n    eventSource: lambda.amazonaws.com\n    eventName: CreateFunction\n  condition: a\n",
       {"undated-lambda-event 8:16"},
       "`CreateFunction20150331`, or `CreateFunction20*`"},
      {"Lambda calls as they are logged",
       "  a:\n    eventSource: lambda.amazonaws.com\n    eventName: [CreateFunction20150331, Invoke]\n  condition: a\n",
       {},
       ""},

      {"a field in other letter case",
       "  a:\n    eventname: CreateUser\n    eventSource: iam.amazonaws.com\n  condition: a\n",
       {"field-case 7:5"},
       "`eventName`"},
      {"a slip in a field",
       "  a:\n    eventName: CreateUser\n    userIdentity.typ: Root\n  condition: a\n",
       {"unknown-field 8:5"},
       "`userIdentity.type`"},
      {"a field that CloudTrail lacks",
       "  a:\n    eventName: CreateUser\n    CommandLine|contains: x\n  condition: a\n",
       {"unknown-field 8:5"},
       "--map FROM=TO"},
      {"a field of another schema",
       "  a:\n    eventName: CreateUser\n    event.outcome: success\n  condition: a\n",
       {"foreign-field 8:5"},
       "`outcome`, or map it: --map event.outcome=outcome"},
      {"a field that fieldref names",
       "  a:\n    eventName: CreateAccessKey\n    requestParameters.userName|fieldref: userIdentity.username\n"
       "  condition: a\n",
       {"field-case 8:42"},
       "`userIdentity.userName`"},
      {"what a service calls its parameters is its own business",
       "  a:\n    eventName: X\n    requestParameters.bucketname: x\n  condition: a\n",
       {},
       ""},

      {"AccessDenied alone",
       "  a:\n    eventName: CreateUser\n    errorCode: AccessDenied\n  condition: a\n",
       {"only-access-denied 8:16"},
       "`outcome: denied`"},
      {"AccessDenied among others",
       "  a:\n    errorCode: [AccessDenied, AccessDeniedException]\n  condition: a\n",
       {},
       ""},
      {"all that begins with AccessDenied", "  a:\n    errorCode: AccessDenied*\n  condition: a\n", {}, ""},

      {"a network under not",
       "  a:\n    eventName: ConsoleLogin\n  office:\n    sourceIPAddress|cidr: 192.0.2.0/24\n"
       "  condition: a and not office\n",
       {"negated-network 9:5"},
       "invokedBy"},
      {"a network under neq",
       "  a:\n    eventName: ConsoleLogin\n    sourceIPAddress|cidr|neq: 192.0.2.0/24\n  condition: a\n",
       {"negated-network 8:5"},
       "invokedBy"},
      {"a network that is wanted",
       "  a:\n    eventName: ConsoleLogin\n    sourceIPAddress|cidr: 192.0.2.0/24\n  condition: a\n",
       {},
       ""},
      {"a network under not twice",
       "  a:\n    eventName: ConsoleLogin\n  office:\n    sourceIPAddress|cidr: 192.0.2.0/24\n"
       "  condition: a and not (not office)\n",
       {},
       ""},
      {"services are excluded too",
       "  a:\n    eventName: GetObject\n  office:\n    sourceIPAddress|cidr: 192.0.2.0/24\n"
       "  services:\n    sourceIPAddress|endswith: .amazonaws.com\n  condition: a and not 1 of office* and not "
       "services\n",
       {},
       ""},

      {"MFAUsed of anybody",
       "  a:\n    eventName: ConsoleLogin\n    additionalEventData.MFAUsed: 'No'\n  condition: a\n",
       {"mfa-of-federated 8:5"},
       "[IAMUser, Root]"},
      {"MFAUsed that is not Yes",
       "  a:\n    eventName: ConsoleLogin\n  mfa:\n    additionalEventData.MFAUsed: 'Yes'\n"
       "  condition: a and not mfa\n",
       {"mfa-of-federated 9:5"},
       "[IAMUser, Root]"},
      {"MFAUsed of IAM users",
       "  a:\n    eventName: ConsoleLogin\n    userIdentity.type: IAMUser\n    additionalEventData.MFAUsed: 'No'\n"
       "  condition: a\n",
       {},
       ""},
      {"logins with MFA",
       "  a:\n    eventName: ConsoleLogin\n    additionalEventData.MFAUsed: 'Yes'\n  condition: a\n",
       {},
       ""},

      {"mfaAuthenticated as a boolean",
       "  a:\n    eventName: CreateUser\n    userIdentity.sessionContext.attributes.mfaAuthenticated: false\n"
       "  condition: a\n",
       {"text-as-boolean 8:62"},
       "`'false'`"},
      {"mfaAuthenticated as text",
       "  a:\n    eventName: CreateUser\n    userIdentity.sessionContext.attributes.mfaAuthenticated: 'false'\n"
       "  condition: a\n",
       {},
       ""},
      {"MFAUsed as a boolean",
       "  a:\n    userIdentity.type: Root\n    additionalEventData.MFAUsed: false\n  condition: a\n",
       {"text-as-boolean 8:34"},
       "`'No'`"},
      {"whether mfaAuthenticated is there",
       "  a:\n    eventName: CreateUser\n    userIdentity.sessionContext.attributes.mfaAuthenticated|exists: true\n"
       "  condition: a\n",
       {},
       ""},
      {"a real boolean", "  a:\n    eventName: X\n    readOnly: false\n  condition: a\n", {}, ""},

      {"everything that root does",
       "  a:\n    userIdentity.type: Root\n  condition: a\n",
       {"broad 8:14"},
       "name the calls"},
      {"one way is broad",
       "  a:\n    userIdentity.type: Root\n  b:\n    eventName: CreateUser\n  condition: 1 of them\n",
       {"broad 10:14"},
       "name the calls"},
      {"all ways are narrow",
       "  a:\n    - eventName: CreateUser\n    - requestParameters.bucketName: x\n  b:\n    userIdentity.type: Root\n"
       "  condition: all of them\n",
       {},
       ""},
      {"only not is narrow",
       "  a:\n    userIdentity.type: Root\n  b:\n    eventName: CreateUser\n  condition: a and not b\n",
       {"broad 10:14"},
       "name the calls"},
      {"that there is an error is narrow enough only if it says which",
       "  a:\n    userIdentity.type: Root\n    errorCode: '*'\n  condition: a\n",
       {"broad 9:14"},
       "name the calls"},

      {"nothing that must be there",
       "  a:\n    eventName: CreateUser\n  condition: not a\n",
       {"not-indexable 8:14", "broad 8:14"},
       "eventName"},
      {"a field only has to be there",
       "  a:\n    userIdentity.invokedBy: null\n    resources.ARN|re: '.*'\n  condition: a\n",
       {"not-indexable 9:14"},
       "eventName"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto linted = lint_text(rule_of(c.detection));
    EXPECT_EQ(linted.found, c.found);
    if (!linted.notes.empty()) {
      EXPECT_NE(linted.notes[0].hint.find(c.hint), std::string::npos) << linted.notes[0].hint;
    }
  }
}

TEST(Lint, JudgesFieldsByTheNamesThatTheyAreMappedTo) {
  const auto rule = rule_of("  a:\n    event.action: CreateUser\n    CommandLine: x\n  condition: a\n");
  EXPECT_EQ(lint_text(rule).found, (Codes{"foreign-field 7:5", "unknown-field 8:5", "broad 9:14"}));
  EXPECT_EQ(lint_text(rule, {{"event.action", "eventName"}, {"CommandLine", "requestParameters.command"}}).found,
            Codes{});
}

TEST(Lint, LeavesRulesOfOtherLogsAlone) {
  for (const auto* source : {"{product: windows, category: process_creation}", "{category: webserver}",
                             "{product: aws, service: guardduty}"}) {
    SCOPED_TRACE(source);
    const auto linted =
        lint_text("title: T\nlevel: low\nlogsource: " + std::string(source) +
                  "\ndetection:\n  a:\n    CommandLine: x\n    errorCode: AccessDenied\n  condition: a\n");
    EXPECT_EQ(linted.found, Codes{});
  }
  // but these may be CloudTrail's
  for (const auto* source : {"{product: aws}", "{service: cloudtrail}", "{product: AWS, service: CloudTrail}",
                             "{product: aws, service: cloudtrail, category: data}"}) {
    SCOPED_TRACE(source);
    const auto linted = lint_text("title: T\nlevel: low\nlogsource: " + std::string(source) +
                                  "\ndetection:\n  a:\n    CommandLine: x\n    eventName: x\n  condition: a\n");
    EXPECT_EQ(linted.found, Codes{"unknown-field 6:5"});
  }
}

TEST(Lint, WarnsOfGroupsThatChangeWithTheSession) {
  for (const auto* field : {"userIdentity.arn", "userIdentity.principalId", "userIdentity.accessKeyId"}) {
    SCOPED_TRACE(field);
    auto linted = lint_text("title: T\nlevel: low\ncorrelation:\n  type: event_count\n  rules: [x]\n  group-by: [" +
                            std::string(field) + "]\n  timespan: 5m\n  condition: {gte: 5}\n");
    ASSERT_EQ(linted.found.size(), 1u);
    EXPECT_TRUE(linted.found[0].starts_with("group-by-session "));
    EXPECT_NE(linted.notes[0].hint.find("actor.principal"), std::string::npos);

    linted = lint_text(
        rule_of("  a:\n    eventName: X\n  condition: a\ntripline:\n  group: [" + std::string(field) + "]\n"));
    ASSERT_EQ(linted.found.size(), 1u);
    EXPECT_TRUE(linted.found[0].starts_with("group-by-session "));
  }
  EXPECT_EQ(lint_text("title: T\nlevel: low\ncorrelation:\n  type: event_count\n  rules: [x]\n  group-by: "
                      "[actor.principal]\n  timespan: 5m\n  condition: {gte: 5}\n")
                .found,
            Codes{});
}

TEST(Lint, ChecksTheNamesOfFieldsWhereverTheyStand) {
  const std::string correlation = "title: T\nlevel: low\ncorrelation:\n  type: value_count\n  rules: [x]\n";
  const struct {
    std::string name, text;
    Codes found;
  } cases[] = {
      {"group-by",
       correlation + "  group-by: [useridentity.arn]\n  timespan: 5m\n  condition: {field: eventName, gte: 5}\n",
       {"field-case 6:13"}},
      {"what is counted",
       correlation + "  group-by: [awsRegion]\n  timespan: 5m\n  condition: {field: eventname, gte: 5}\n",
       {"field-case 4:3"}},
      {"an alias",
       correlation + "  group-by: [a]\n  timespan: 5m\n  condition: {field: eventName, gte: 5}\n  aliases:\n"
                     "    a: {x: awsregion}\n",
       {"field-case 6:13"}},
      {"fields to show", rule_of("  a:\n    eventName: X\n  condition: a\nfields: [eventname]\n"), {"field-case 9:9"}},
      {"groups of ours",
       rule_of("  a:\n    eventName: X\n  condition: a\ntripline:\n  group: [eventname]\n"),
       {"field-case 10:10"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(lint_text(c.text).found, c.found);
  }
}

TEST(Lint, SeesThroughAliasesOfGroups) {
  const auto linted = lint_text(
      "title: T\nlevel: low\ncorrelation:\n  type: temporal\n  rules: [x, y]\n  group-by: [who]\n  timespan: 5m\n"
      "  aliases:\n    who:\n      x: userIdentity.arn\n      y: actor.principal\n");
  ASSERT_EQ(linted.found.size(), 1u);
  EXPECT_TRUE(linted.found[0].starts_with("group-by-session "));
}

TEST(Lint, ReadsTheSearchesOfFiltersToo) {
  const auto linted = lint_text(
      "title: T\nlogsource: {product: aws, service: cloudtrail}\nfilter:\n  rules: any\n  a:\n"
      "    useridentity.arn|endswith: /terraform\n  condition: not a\n");
  EXPECT_EQ(linted.found, Codes{"field-case 6:5"});
}

// Each of these has been looked at: S3's names are of permissions, `status` is no field, and the others are as broad as
// they are said to be.
TEST(Lint, SaysOfSigmaHqsAwsRulesWhatIsTrueOfThemAndNothingElse) {
  const auto folder = tests::shared("data/sigma/aws/rules");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << tests::missing("data/sigma/aws/rules");
  std::set<std::string> found;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".yml") continue;
    ++files;
    const auto file = read_documents(tests::read_file(entry.path()), entry.path().filename().string());
    for (const auto& document : file.documents) {
      const auto& rule = std::get<DetectionRule>(document);
      engine::RuleSet rules;
      Diagnostics lowered, out;
      engine::Detection detection;
      const auto condition = lower(rule.body, rule.rule.title, {}, {}, rules, lowered);
      ASSERT_TRUE(condition) << entry.path();
      detection.condition = *condition;
      lint(rule, &detection, {rules, {}}, out);
      for (const auto& note : out.all()) found.insert(std::string(note.code->code) + " " + note.at.path);
    }
  }
  EXPECT_EQ(files, 57u);
  EXPECT_EQ(found, (std::set<std::string>{
                       "broad aws_cloudtrail_imds_malicious_usage.yml",
                       "broad aws_cloudtrail_pua_trufflehog.yml",
                       "broad aws_root_account_usage.yml",
                       "broad aws_sts_assumerole_misuse.yml",
                       "mfa-of-federated aws_cloudtrail_console_login_success_without_mfa.yml",
                       "unknown-event-name aws_s3_data_management_tampering.yml",
                       "unknown-field aws_delete_saml_provider.yml",
                   }));
}

}  // namespace
}  // namespace tripline::rules
