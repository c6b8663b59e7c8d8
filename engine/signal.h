#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/event_time.h"
#include "engine/match.h"

namespace tripline::engine {

/// What we tell the world: all matches of one rule and group in one period.
/// One that has no readable time counts at 1970-01-01T00:00:00Z, so that it is seen.
/// id = 128 bits of SHA-256(rule id, group values, period start): any order of arrival gives the same id.
struct Signal {
  std::string id;  // 32 hex digits
  std::shared_ptr<const RuleSet> rules;
  std::uint32_t detection = 0;
  std::vector<std::string> group;
  EventTime period_start;
  EventTime first;  // event times of the first and last trigger
  EventTime last;
  std::uint64_t triggers = 0;
  std::vector<std::shared_ptr<const Evidence>> evidence;  // of the first triggers to arrive, at most kMaxEvidence

  static constexpr std::size_t kMaxEvidence = 5;
  const Detection& rule() const { return rules->detections[detection]; }
};

/// The start of the period that a trigger counts in; periods are aligned to the epoch.
EventTime period_start(const std::optional<EventTime>& time, std::chrono::seconds period);

std::string signal_id(const std::string& rule_id, const std::vector<std::string>& group, EventTime period_start);

}  // namespace tripline::engine
