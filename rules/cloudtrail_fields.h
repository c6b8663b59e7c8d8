#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tripline::rules {

/// How CloudTrail writes a field; name_of() is for people. kBoolText is the trap: a string that says `true`, `false`,
/// `Yes` or `No`.
enum class CloudTrailType { kString, kTime, kAddress, kBool, kBoolText, kNumber, kObject, kArray };

std::string_view name_of(CloudTrailType type);

/// One field that CloudTrail is known to write.
struct CloudTrailField {
  std::string_view path;
  CloudTrailType type;
  bool open;              // its children are the service's own: any name below it may exist
  std::string_view says;  // a few words, for people
};

/// Every field that CloudTrail itself defines, in order of the documentation.
/// Source: AWS CloudTrail User Guide, "CloudTrail record contents", "CloudTrail userIdentity element", "AWS Management
/// Console sign-in events", "Insights record contents"; event version 1.11.
std::span<const CloudTrailField> cloudtrail_fields();

/// The row of `path`, or null.
const CloudTrailField* find_cloudtrail_field(std::string_view path);

/// What can be said of a field name in a rule or a query on CloudTrail.
struct FieldCheck {
  enum class Kind {
    kKnown,     // CloudTrail's own, one of ours, or the start of one
    kOpen,      // below an object whose names are the service's own
    kCase,      // known in other letter case
    kNearMiss,  // one or two letters away from a known one
    kTaxonomy,  // what another schema or product calls it
    kUnknown,
  };
  Kind kind;
  std::string suggestion;  // of kCase, kNearMiss and kTaxonomy: what to write instead
};
FieldCheck check_cloudtrail_field(std::string_view path);

}  // namespace tripline::rules
