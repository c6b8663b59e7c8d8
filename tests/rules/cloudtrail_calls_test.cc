#include "rules/cloudtrail_calls.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::rules {
namespace {

using Kind = CallCheck::Kind;

TEST(CloudTrailCalls, SaysWhatIsWrongWithAnEventName) {
  const struct {
    std::string_view source, name;
    Kind kind;
    std::vector<std::string> suggestions;
  } cases[] = {
      {"iam.amazonaws.com", "CreateUser", Kind::kFine, {}},
      {"IAM.amazonaws.com", "createuser", Kind::kFine, {}},
      {"signin.amazonaws.com", "ConsoleLogin", Kind::kFine, {}},
      {"s3.amazonaws.com", "PutBucketPublicAccessBlock", Kind::kFine, {}},
      {"ec2.amazonaws.com", "CreateUser", Kind::kOtherSource, {"iam.amazonaws.com"}},
      {"sts.amazonaws.com", "ConsoleLogin", Kind::kOtherSource, {"signin.amazonaws.com"}},
      {"ec2.amazonaws.com", "GetBucketReplication", Kind::kOtherSource, {"s3.amazonaws.com"}},
      {"iam.amazonaws.com", "CreateUsr", Kind::kNearMiss, {"CreateUser"}},
      {"iam.amazonaws.com", "CraeteUser", Kind::kNearMiss, {"CreateUser"}},
      {"cloudtrail.amazonaws.com", "StopLoging", Kind::kNearMiss, {"StopLogging"}},
      {"guardduty.amazonaws.com", "PutMasterAccount", Kind::kFine, {}},  // no slip of GetMasterAccount
      {"ec2.amazonaws.com", "ABrandNewCall", Kind::kFine, {}},
      {"ec2.amazonaws.com", "Get", Kind::kFine, {}},
      {"ec2.amazonaws.com", "", Kind::kFine, {}},
      {"s3.amazonaws.com", "PutReplicationConfiguration", Kind::kPermission, {"PutBucketReplication"}},
      {"iam.amazonaws.com", "PassRole", Kind::kPermission, {""}},
      {"brandnew.amazonaws.com", "CreateUser", Kind::kFine, {}},
      {"lambda.amazonaws.com", "CreateFunction", Kind::kUndated, {"CreateFunction20150331"}},
      {"lambda.amazonaws.com", "updatefunctioncode", Kind::kUndated, {"UpdateFunctionCode20150331v2"}},
      {"lambda.amazonaws.com", "CreateFunction20150331", Kind::kFine, {}},
      {"lambda.amazonaws.com", "AddPermission20150331v2", Kind::kFine, {}},
      {"lambda.amazonaws.com", "Invoke", Kind::kFine, {}},
      {"lambda.amazonaws.com", "CreateFunctionUrlConfig", Kind::kFine, {}},
      {"lambda.amazonaws.com", "CreateFuncton20150331", Kind::kNearMiss, {"CreateFunction20150331"}},
      {"lambda.amazonaws.com", "CreateUser", Kind::kOtherSource, {"iam.amazonaws.com"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string(c.source) + " " + std::string(c.name));
    const auto check = check_call(c.source, c.name);
    EXPECT_EQ(check.kind, c.kind);
    EXPECT_EQ(check.suggestions, c.suggestions);
  }
}

TEST(CloudTrailCalls, AreSortedBySourceAndSplitByOneBlank) {
  std::string_view last;
  for (const auto& row : cloudtrail_calls()) {
    EXPECT_LT(last, row.source);
    last = row.source;
    EXPECT_TRUE(row.source.ends_with(".amazonaws.com"));
    for (auto text : {row.calls, row.logged}) {
      EXPECT_EQ(text.find("  "), std::string_view::npos) << row.source;
      EXPECT_FALSE(text.starts_with(' ') || text.ends_with(' ')) << row.source;
    }
  }
}

}  // namespace
}  // namespace tripline::rules
