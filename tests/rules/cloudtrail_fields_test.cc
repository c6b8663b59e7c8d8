#include "rules/cloudtrail_fields.h"

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "engine/derived.h"
#include "tests/support/places.h"

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

/// docs/fields.md as it must be.
std::string page_of_fields() {
  std::string page =
      "# Fields\n\n"
      "What rules and searches can name. Below `requestParameters`, `responseElements` and the other objects marked "
      "*open*\n"
      "the names are each service's own; `tripline fields PATH...` shows what is in your logs. This page is written "
      "from the\n"
      "table in `rules/cloudtrail_fields.cc`; a test holds it to that, and writes it anew when it is run with\n"
      "`REGENERATE=1`.\n\n"
      "## Ours\n\n| field | says |\n|---|---|\n";
  for (const auto& field : engine::derived_fields()) {
    page += "| `" + std::string(field.name) + "` | " + std::string(field.meaning) + " |\n";
  }
  page += "\n## CloudTrail's\n\n| field | type | says |\n|---|---|---|\n";
  for (const auto& field : cloudtrail_fields()) {
    page += "| `" + std::string(field.path) + "` | " + std::string(name_of(field.type)) + (field.open ? ", open" : "") +
            " | " + std::string(field.says) + " |\n";
  }
  return page;
}

TEST(CloudTrailFields, AreWhatThePageSays) {
  const auto path = tests::repository() / "docs" / "fields.md";
  if (std::getenv("REGENERATE") != nullptr) std::ofstream(path) << page_of_fields();
  EXPECT_EQ(tests::read_file(path), page_of_fields())
      << "docs/fields.md is behind rules/cloudtrail_fields.cc: run this test with REGENERATE=1";
}

}  // namespace
}  // namespace tripline::rules
