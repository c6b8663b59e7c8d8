#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/event.h"
#include "engine/event_time.h"
#include "engine/match.h"

namespace tripline::app {

/// One call in a timeline. It owns its text.
struct TimelineEntry {
  std::optional<engine::EventTime> time;
  engine::EventKey key;
  std::optional<std::uint32_t> hop;  // absent: somebody else's call, in which the name that is looked for stands
  std::string principal;             // who acted
  std::string actor;                 // the same as a chain shows it: `alice`, `role/Deploy`
  std::string account;
  std::string region;
  std::string service;  // `iam` of iam.amazonaws.com
  std::string call;
  std::string outcome;
  std::string error;    // errorCode
  std::string message;  // errorMessage: a denied call may tell only there what it was about
  std::string address;
  std::string agent;
  std::string access_key;
  std::string request;  // what was asked for, shortened, without secrets
  std::string event_id;
  bool reads_only = false;

  std::string json;                 // the record with ours, or the chosen fields, when that is what is written
  std::vector<std::string> chosen;  // the chosen fields as text
};

/// All but hop, json and chosen.
TimelineEntry timeline_entry(engine::Event& event);

/// Whether a name stands in the request or the response of a call, or in its error message, which is all that denied
/// calls may have: in some text at any depth, with no letter or digit beside it, letter case aside. `folded_name` is
/// not empty.
bool involves(const engine::Event& event, std::string_view folded_name);

/// The order of a timeline: by event time, what has none first; in one second hop after hop, as a mint comes before
/// what was done with it.
bool comes_before(const TimelineEntry& a, const TimelineEntry& b);

}  // namespace tripline::app
