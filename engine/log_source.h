#pragma once

#include <cstdint>
#include <string>

namespace tripline::engine {

/// What kind of log a rule wants, or what kind a feed is. An empty attribute says nothing.
/// Source: Sigma Rules Specification 2.1.0, "Log source".
struct LogSource {
  std::string category;
  std::string product;
  std::string service;

  bool operator==(const LogSource&) const = default;
};

/// Whether a rule that wants `wanted` may see events of `feed`: each attribute it names is the feed's
/// (ASCII letter case aside).
bool feeds(const LogSource& feed, const LogSource& wanted);

inline const LogSource kCloudTrail{.category = "", .product = "aws", .service = "cloudtrail"};

/// CloudTrail's event categories, which rules name in `logsource.category`. Bits of a set.
enum Category : std::uint8_t {
  kManagement = 1,
  kData = 2,
  kInsight = 4,
  kNetworkActivity = 8,
  kAnyCategory = 15,
};

}  // namespace tripline::engine
