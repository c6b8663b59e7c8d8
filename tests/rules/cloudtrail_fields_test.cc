#include "rules/cloudtrail_fields.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace tripline::rules {
namespace {

using Kind = FieldCheck::Kind;

TEST(CloudTrailFields, SaysWhatAFieldNameIs) {
  const struct {
    std::string_view path;
    Kind kind;
    std::string_view suggestion;
  } cases[] = {
      {"eventName", Kind::kKnown, ""},
      {"userIdentity", Kind::kKnown, ""},
      {"userIdentity.sessionContext.sessionIssuer.arn", Kind::kKnown, ""},
      {"outcome", Kind::kKnown, ""},
      {"actor.name", Kind::kKnown, ""},
      {"actor", Kind::kKnown, ""},
      {"requestParameters.userName", Kind::kOpen, ""},
      {"requestParameters.policyDocument.Statement.Principal.AWS", Kind::kOpen, ""},
      {"additionalEventData.x-amz-id-2", Kind::kOpen, ""},
      {"userIdentity.sessionContext.webIdFederationData.attributes.sub", Kind::kOpen, ""},
      {"eventname", Kind::kCase, "eventName"},
      {"EventId", Kind::kCase, "eventID"},
      {"useridentity.ARN", Kind::kCase, "userIdentity.ARN"},
      {"userIdentity.ARN", Kind::kCase, "userIdentity.arn"},
      {"requestparameters.userName", Kind::kCase, "requestParameters.userName"},
      {"additionalEventData.mfaUsed", Kind::kCase, "additionalEventData.MFAUsed"},
      {"eventNames", Kind::kNearMiss, "eventName"},
      {"userIdentity.usreName", Kind::kNearMiss, "userIdentity.userName"},
      {"userIdentity.sesionContext.sourceIdentity", Kind::kNearMiss, "userIdentity.sessionContext.sourceIdentity"},
      {"actor.princpal", Kind::kNearMiss, "actor.principal"},
      {"additionalEventData.MFAUsd", Kind::kOpen, ""},  // a service may well have it
      {"detail.eventName", Kind::kTaxonomy, "eventName"},
      {"event.action", Kind::kTaxonomy, "eventName"},
      {"src_endpoint.ip", Kind::kTaxonomy, "sourceIPAddress"},
      {"aws.cloudtrail.user_identity.type", Kind::kTaxonomy, "userIdentity.type"},
      {"detail", Kind::kUnknown, ""},
      {"Image", Kind::kUnknown, ""},
      {"eventName.x", Kind::kUnknown, ""},
      {"userIdentity.colour", Kind::kUnknown, ""},
      {"", Kind::kKnown, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.path);
    const auto check = check_cloudtrail_field(c.path);
    EXPECT_EQ(check.kind, c.kind);
    EXPECT_EQ(check.suggestion, c.suggestion);
  }
}

TEST(CloudTrailFields, AreEachListedOnceBelowAParentThatIsListed) {
  std::set<std::string_view> seen;
  for (const auto& field : cloudtrail_fields()) {
    SCOPED_TRACE(field.path);
    EXPECT_TRUE(seen.insert(field.path).second);
    EXPECT_FALSE(field.says.empty());
    if (const auto dot = field.path.rfind('.'); dot != std::string_view::npos) {
      EXPECT_TRUE(seen.contains(field.path.substr(0, dot)));
    }
    EXPECT_EQ(check_cloudtrail_field(field.path).kind, Kind::kKnown);
  }
}

}  // namespace
}  // namespace tripline::rules
