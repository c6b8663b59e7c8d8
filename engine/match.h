#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/bearer.h"
#include "engine/event_key.h"
#include "engine/event_time.h"
#include "engine/feed.h"
#include "engine/record_text.h"
#include "engine/resource.h"
#include "engine/rule_set.h"

namespace tripline::engine {

/// What is told of a matching event without its record at hand. What the record does not say is empty; of logs that are
/// not CloudTrail's that is actor, origin and outcome.
struct Evidence {
  std::optional<EventTime> time;       // eventTime
  std::optional<EventTime> delivered;  // its Envelope's
  std::string event_id;
  std::string event_name;
  std::string event_source;
  std::string account;  // recipientAccountId
  std::string region;
  std::string address;     // sourceIPAddress
  std::string user_agent;  // without what is beyond kMaxAgent bytes
  std::string outcome;
  std::string error_code;
  // Who acted: engine/principal.h.
  std::string actor;  // actor.name
  std::string actor_principal;
  std::string actor_kind;
  std::string actor_type;
  std::string actor_account;
  std::string access_key;
  std::string mfa;            // true, false: whether the session, or the sign-in that this is, had a second factor
  std::string from_console;   // true: the call, or the sign-in that this is, was made in the web console
  std::string session_start;  // of temporary credentials, as the record writes it
  // Who started the chain of credentials: engine/origin.h. Empty when the mints are not known.
  std::string origin;  // origin.name
  std::string origin_principal;
  std::string origin_account;
  std::string origin_kind;
  std::string resolution;
  std::string chain;        // chain.path
  std::string path;         // where the record was found
  std::uint32_t index = 0;  // its place in there
  std::string title;        // the rule's `tripline.title`, filled in
  std::vector<Resource> resources;
  std::vector<std::pair<std::string, std::string>> shown;  // the rule's `fields` with their values

  static constexpr std::size_t kMaxAgent = 256;
};

/// A detection fired on an event. It owns all that outlives the Envelope's bytes.
struct Match {
  std::shared_ptr<const RuleSet> rules;
  std::uint32_t detection = 0;    // index into rules->detections
  std::uint32_t index = 0;        // the record's place in its delivery...
  std::uint64_t delivery = 0;     // ...and that one's Envelope::sequence: which delivered record it is
  std::optional<EventTime> time;  // the record's eventTime; absent: it has none that can be read
  EventKey key;
  /// Values of the group; for a single-event rule (recipientAccountId, actor.principal) unless it says otherwise, none
  /// in other logs.
  std::vector<std::string> group;
  std::vector<std::vector<std::string>> more_groups{};  // of a rule whose group has a field with several values
  std::string actor;                                    // actor.name; empty in logs that are not CloudTrail's
  std::string event_name{};
  std::string outcome{};  // empty in logs that are not CloudTrail's
  std::string error_code{};
  bool duplicate = false;  // of an event that was delivered before, as far as the pipeline remembers
  /// Null: nobody wants it, because enough matches before this one have theirs (engine/evidence_budget.h).
  std::shared_ptr<const Evidence> evidence;
  /// Null likewise: no signal will show it.
  std::shared_ptr<const RecordText> record{};
  std::vector<Feed> feeds{};             // what it brings to correlations
  std::optional<EventTime> delivered{};  // its Envelope's
  /// Who signed the call, for the State to tell the origin that the evidence lacks. Null: it need not.
  std::shared_ptr<const Bearer> bearer{};

  const Detection& rule() const { return rules->detections[detection]; }
};

}  // namespace tripline::engine
