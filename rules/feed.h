#pragma once

#include <cstdint>
#include <string>

#include "engine/log_source.h"

namespace tripline::rules {

/// What a feed of logs is to a rule.
struct FeedFit {
  bool feeds = false;                              // the feed's events are what the rule wants
  bool known = false;                              // some source that is known feeds it: CloudTrail, or this feed
  std::uint8_t categories = engine::kAnyCategory;  // of CloudTrail, that the rule wants
};

/// CloudTrail is product aws, service cloudtrail; a rule may name one of its categories (management, data, insight,
/// network_activity), which the feed carries all.
FeedFit fit(const engine::LogSource& feed, const engine::LogSource& wanted);

/// Whether the feed is CloudTrail, whole or one category.
bool is_cloudtrail(const engine::LogSource& feed);

/// `product windows, category process_creation`, for messages.
std::string describe(const engine::LogSource& source);

/// What to do about a rule that no known source feeds: a likely slip, or how to name the source.
std::string unfed_hint(const engine::LogSource& wanted);

}  // namespace tripline::rules
