#include "engine/resource.h"

#include <gtest/gtest.h>

#include "engine/resource_table.h"
#include "engine/rule_set.h"
#include "tests/support/events.h"

namespace tripline::engine {
namespace {

std::string shown(const std::vector<Resource>& resources) {
  std::string text;
  for (const Resource& r : resources) text += (text.empty() ? "" : "; ") + r.type + " " + r.id + " " + r.account;
  return text;
}

std::string resources(std::string_view json) {
  const RuleSet rules;
  tests::OwnedEvent event(rules.fields, json);
  EXPECT_TRUE(event.read());
  return shown(resources_of(*event));
}

TEST(Resources, AreThoseThatTheRecordListsElseThoseThatItsParametersName) {
  const struct {
    std::string_view name;
    std::string_view json;
    std::string_view resources;
  } cases[] = {
      {"listed with all there is",
       R"({"resources":[{"ARN":"arn:aws:s3:::logs","accountId":"444455556666","type":"AWS::S3::Bucket"}]})",
       "AWS::S3::Bucket arn:aws:s3:::logs 444455556666"},
      {"listed with an ARN that names the account, and without type",
       R"({"resources":[{"ARN":"arn:aws:kms:eu-west-1:111122223333:key/k"}]})",
       " arn:aws:kms:eu-west-1:111122223333:key/k 111122223333"},
      {"listed with the beginning of an ARN",
       R"({"resources":[{"ARNPrefix":"arn:aws:s3:::logs/","type":"AWS::S3::Object"}]})",
       "AWS::S3::Object arn:aws:s3:::logs/ "},
      {"listed, so that parameters are not asked",
       R"({"resources":[{"ARN":"arn:aws:s3:::logs"}],"eventSource":"s3.amazonaws.com",
           "requestParameters":{"bucketName":"other"}})",
       " arn:aws:s3:::logs "},
      {"listed twice", R"({"resources":[{"ARN":"arn:aws:s3:::a"},{"ARN":"arn:aws:s3:::a"}]})", " arn:aws:s3:::a "},
      {"a name, of the record's account",
       R"({"eventSource":"iam.amazonaws.com","eventName":"CreateUser","recipientAccountId":"111122223333",
           "requestParameters":{"userName":"bob"}})",
       "AWS::IAM::User bob 111122223333"},
      {"an ARN as a parameter, of its own account",
       R"({"eventSource":"sts.amazonaws.com","eventName":"AssumeRole","recipientAccountId":"111122223333",
           "requestParameters":{"roleArn":"arn:aws:iam::444455556666:role/Admin"}})",
       "AWS::IAM::Role arn:aws:iam::444455556666:role/Admin 444455556666"},
      {"a managed policy, which is of AWS",
       R"({"eventSource":"iam.amazonaws.com","recipientAccountId":"111122223333",
           "requestParameters":{"policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}})",
       "AWS::IAM::Policy arn:aws:iam::aws:policy/AdministratorAccess "},
      {"what was created, from the answer",
       R"({"eventSource":"ec2.amazonaws.com","eventName":"RunInstances","responseElements":
           {"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}}})",
       "AWS::EC2::Instance i-1 ; AWS::EC2::Instance i-2 "},
      {"a list with items",
       R"({"eventSource":"ec2.amazonaws.com","eventName":"StopInstances",
           "requestParameters":{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}}})",
       "AWS::EC2::Instance i-1 ; AWS::EC2::Instance i-2 "},
      {"a plain array of objects",
       R"({"eventSource":"ec2.amazonaws.com","eventName":"StopInstances",
           "requestParameters":{"instancesSet":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}})",
       "AWS::EC2::Instance i-1 ; AWS::EC2::Instance i-2 "},
      {"a plain array of texts",
       R"({"eventSource":"ssm.amazonaws.com","eventName":"SendCommand",
           "requestParameters":{"instanceIds":["i-1","i-2"],"documentName":"AWS-RunShellScript"}})",
       "AWS::EC2::Instance i-1 ; AWS::EC2::Instance i-2 ; AWS::SSM::Document AWS-RunShellScript "},
      {"one name that means different things in different calls",
       R"({"eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","requestParameters":{"name":"main"}})",
       "AWS::CloudTrail::Trail main "},
      {"the same name in a call that the table does not mean",
       R"({"eventSource":"cloudtrail.amazonaws.com","eventName":"CreateChannel","requestParameters":{"name":"main"}})",
       ""},
      {"a denied call without parameters",
       R"({"eventSource":"sts.amazonaws.com","eventName":"AssumeRole","requestParameters":null})", ""},
      {"a number where a name should be", R"({"eventSource":"iam.amazonaws.com","requestParameters":{"userName":7}})",
       ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(resources(c.json), c.resources);
  }
}

TEST(Resources, AreTwentyAtMost) {
  std::string json = R"({"eventSource":"ssm.amazonaws.com","requestParameters":{"instanceIds":[)";
  for (int i = 0; i < 30; ++i) json += (i > 0 ? ",\"i-" : "\"i-") + std::to_string(i) + "\"";
  const RuleSet rules;
  tests::OwnedEvent event(rules.fields, json + "]}}");
  EXPECT_EQ(resources_of(*event).size(), kMaxResources);
}

TEST(Resources, EachRowOfTheTableFindsWhatItNames) {
  const RuleSet rules;
  for (const ResourceRow& row : resource_rows()) {
    std::string value = "\"the-id\"";
    std::string_view path = row.path;
    while (!path.empty()) {
      const std::size_t dot = path.rfind('.');
      const std::string_view key = dot == std::string_view::npos ? path : path.substr(dot + 1);
      value = "{\"" + std::string(key) + "\":" + value + "}";
      path = dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
    }
    std::string event_name(row.events);
    if (const std::size_t star = event_name.find('*'); star != std::string::npos) event_name.replace(star, 1, "Some");
    const std::string part = row.in == ResourceRow::In::kAnswer ? "responseElements" : "requestParameters";
    const std::string json = "{\"eventSource\":\"" + std::string(row.service) + ".amazonaws.com\",\"eventName\":\"" +
                             event_name + "\",\"" + part + "\":" + value + "}";
    SCOPED_TRACE(json);
    tests::OwnedEvent event(rules.fields, json);
    const auto found = resources_of(*event);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].id, "the-id");
    EXPECT_EQ(found[0].type, row.type);
  }
}

}  // namespace
}  // namespace tripline::engine
