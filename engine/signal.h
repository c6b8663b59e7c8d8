#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/action_count.h"
#include "engine/event_time.h"
#include "engine/match.h"

namespace tripline::engine {

/// What we tell the world: all triggers of one rule and group in one period. Of a single-event rule each match is one.
/// A match that has no readable time counts at 1970-01-01T00:00:00Z, so that it is seen.
/// id = 128 bits of SHA-256(rule id, group values, period start): any order of arrival gives the same id.
///
/// first, last, triggers and peak are the same whatever order events came in; so is what is counted, up to its bounds.
/// Evidence, and what is gathered of it for reading, shows what came first.
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
  double peak = 1;            // of correlations: the highest value that the condition compared; else 1
  bool partial = false;       // of correlations: a window's bound took events away, so that the peak may be higher
  bool evicted = false;       // of correlations: a bound on groups may have taken this one's events away
  bool late = false;          // of single-event rules: some event came when correlations no longer waited for it
  bool widened = false;       // something was added to what gather() gathers after it was opened
  bool cut = false;           // some list below has reached its bound
  bool closed = false;        // no trigger of its period can come any more, but of late events for a single-event rule
  bool rule_removed = false;  // it was closed because its rule is not there any more
  std::string continues;      // id of the signal of this rule and group in the period before; empty: there is none
  std::string title;          // that of the first evidence; empty: the rule has none, or is a correlation
  std::optional<EventTime> arrived;   // when the earliest of its deliveries came, as far as that is known
  std::optional<EventTime> detected;  // when it was opened, by the wall clock; nothing: nobody said
  std::vector<std::shared_ptr<const Evidence>> evidence;  // of the first triggers to arrive, at most kMaxEvidence
  // Of all its events, of a correlation those of the spans that triggered: distinct values in order of arrival, at most
  // kMaxScope each.
  std::vector<std::string> accounts;
  std::vector<std::string> regions;
  std::vector<std::string> addresses;
  std::vector<std::string> agents;
  std::vector<std::string> actors;
  // Of the same; at most kMaxScope, other calls are only counted.
  std::vector<ActionCount> actions;
  std::uint64_t other_actions = 0;
  std::vector<Resource> resources;  // likewise, at most kMaxResources
  // Of its evidence: the rule's `fields`, at most kMaxScope values each.
  std::vector<std::pair<std::string, std::vector<std::string>>> fields;
  // The records of its first and last event by time, then by key, whatever order they came in. Of a correlation, of
  // those events whose record was still at hand when it triggered.
  KeptRecord first_record;
  KeptRecord last_record;
  // Of a correlation that judges each moment once, in their order: events up to here are counted already.
  EventTime gathered_until = EventTime::min();

  static constexpr std::size_t kMaxEvidence = 5;
  static constexpr std::size_t kMaxScope = 20;

  const Rule& rule() const { return of_correlation ? rules->correlations[index].rule : rules->detections[index].rule; }
};

/// The start of the period that a trigger counts in; periods are aligned to the epoch.
EventTime period_start(EventTime time, std::chrono::seconds period);

std::string signal_id(const std::string& rule_id, const std::vector<std::string>& group, EventTime period_start);

/// What distinct values are gathered of, in a signal and in each event.
struct Scope {
  std::vector<std::string> Signal::*of_signal;
  std::string Evidence::*of_event;
};
inline constexpr Scope kScopes[] = {
    {&Signal::accounts, &Evidence::account},  {&Signal::regions, &Evidence::region},
    {&Signal::addresses, &Evidence::address}, {&Signal::agents, &Evidence::user_agent},
    {&Signal::actors, &Evidence::actor},
};

/// Keeps the record of one more event where it is the first or the last; a null one has no effect.
void keep(Signal& signal, const KeptRecord& record);

/// Counts one call.
void count(Signal& signal, const std::string& event_name, std::string_view outcome, const std::string& error_code);

/// Adds what kScopes gathers of one event, and its resources; whether something is new.
bool gather(Signal& signal, const Evidence& evidence);

struct Shown {
  bool as_evidence = false;  // for the first time
  bool widened = false;      // some value of a scope is new
};
/// Shows one more event: as evidence while there is room, once.
Shown show(Signal& signal, const std::shared_ptr<const Evidence>& evidence);

}  // namespace tripline::engine
