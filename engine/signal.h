#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/event_time.h"
#include "engine/match.h"

namespace tripline::engine {

/// What we tell the world: all triggers of one rule and group in one period. Of a single-event rule each match is one.
/// A match that has no readable time counts at 1970-01-01T00:00:00Z, so that it is seen.
/// id = 128 bits of SHA-256(rule id, group values, period start): any order of arrival gives the same id.
///
/// first, last, triggers and peak are the same whatever order events came in; evidence and what is gathered of it for
/// reading show what came first.
struct Signal {
  std::string id;  // 32 hex digits
  std::shared_ptr<const RuleSet> rules;
  bool of_correlation = false;
  std::uint32_t index = 0;  // into rules->correlations or rules->detections
  std::vector<std::string> group;
  EventTime period_start;
  EventTime closes_at;  // the watermark from which on no trigger of its period can come any more
  EventTime first;      // event times of the first and last trigger
  EventTime last;
  std::uint64_t triggers = 0;
  double peak = 1;        // of correlations: the highest value that the condition compared; else 1
  bool partial = false;   // a bound took events away: the peak may be higher, triggers may lack
  bool closed = false;    // no trigger of its period can come any more, but of late events for a single-event rule
  std::string continues;  // id of the signal of this rule and group in the period before; empty: there is none
  std::vector<std::shared_ptr<const Evidence>> evidence;  // of the first triggers to arrive, at most kMaxEvidence
  // Distinct values of all its events, in order of arrival, at most kMaxScope each.
  std::vector<std::string> accounts;
  std::vector<std::string> regions;
  std::vector<std::string> addresses;

  static constexpr std::size_t kMaxEvidence = 5;
  static constexpr std::size_t kMaxScope = 20;

  const Rule& rule() const { return of_correlation ? rules->correlations[index].rule : rules->detections[index].rule; }
};

/// The start of the period that a trigger counts in; periods are aligned to the epoch.
EventTime period_start(EventTime time, std::chrono::seconds period);

std::string signal_id(const std::string& rule_id, const std::vector<std::string>& group, EventTime period_start);

/// Shows one more event: as evidence while there is room, once. Whether an account, region or address is new.
bool show(Signal& signal, const std::shared_ptr<const Evidence>& evidence);

}  // namespace tripline::engine
