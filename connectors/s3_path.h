#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/event_time.h"

namespace tripline::connectors {

/// What the name of an object that CloudTrail put into a bucket says.
///
/// Source: AWS CloudTrail User Guide, "CloudTrail log file examples" (log file name format) and "CloudTrail digest file
/// structure":
/// `[prefix/]AWSLogs/[o-id/]<account>/<kind>/<region>/YYYY/MM/DD/<account>_<kind>_<region>_<time>_<id>.json.gz`. The
/// file name alone has all of it, so that copies in other folders are understood as well.
struct S3Path {
  std::string account;  // 12 digits
  std::string kind;     // CloudTrail, CloudTrail-Insight, CloudTrail-NetworkActivity, ...
  std::string region;
  engine::EventTime delivered;  // of delivery, not of the events

  bool is_digest() const { return kind == "CloudTrail-Digest"; }
};

/// Nothing when `path` does not end in such a name.
std::optional<S3Path> parse_s3_path(std::string_view path);

}  // namespace tripline::connectors
