#pragma once

#include <optional>
#include <string_view>

namespace tripline::engine {

/// `arn:partition:service:region:account:resource`; views into the text it was read from.
/// Source: AWS IAM User Guide, "Identify AWS resources with ARNs".
struct Arn {
  std::string_view partition, service, region, account, resource;

  /// `role/ci/Deploy` -> `role`; `root` -> `root`.
  std::string_view resource_type() const;
  /// `role/ci/Deploy` -> `Deploy`: what is behind the last slash.
  std::string_view resource_name() const;
};

/// Nothing when `text` has not the six parts.
std::optional<Arn> parse_arn(std::string_view text);

/// The partition that a region belongs to. Source: AWS General Reference, "ARNs in China and GovCloud".
std::string_view partition_of_region(std::string_view region);

/// The two parts of an assumed-role ARN's resource, `assumed-role/Deploy/alice`. A session name holds no slash, and
/// this ARN never shows the role's path.
struct AssumedRole {
  std::string_view role, session;
};
std::optional<AssumedRole> parse_assumed_role(const Arn& arn);

/// `arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS` -> `rds.amazonaws.com`: the
/// service that alone can enter a service-linked role; nothing for other roles.
std::string_view owner_of_role(std::string_view role_arn);

}  // namespace tripline::engine
