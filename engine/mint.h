#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/bearer.h"
#include "engine/field.h"
#include "engine/needs.h"

namespace tripline::engine {

class Event;

inline constexpr std::chrono::hours kLongestLifetime{36};  // GetSessionToken's and GetFederationToken's

/// Credentials were handed out: what a successful AssumeRole and its like tell. It owns its text.
/// Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element"; AWS IAM User Guide, "Logging IAM and AWS STS
/// API calls"; AWS Sign-In User Guide, "Console sign-in events".
struct Mint {
  Bearer caller;
  CredentialIds issued;
  EventTime time;
  std::chrono::seconds lifetime{};
  std::uint64_t event = 0;    // of the event's key
  std::uint64_t shared = 0;   // of sharedEventID, which the copies in both accounts have in common; 0: none
  bool same_bearer = false;   // the caller goes on under new credentials
  bool outside_view = false;  // the role owner's copy, which knows little of a caller from another account
};

/// What `event` minted; nothing for all other events, and for failed ones.
///
/// Sign-in of users and root is no mint here: it shows no key, and whoever holds what it issues is still that user, as
/// every record says. So it is after GetSessionToken, which does show the key: keys can be followed through it.
std::optional<Mint> mint_of(Event& event);

/// The caller's copy of a call that the owner of what was called may have a copy of, too: as a mint that issued
/// nothing. Nothing for all other events.
std::optional<Mint> shared_call_of(Event& event);

/// What a record must hold to be a mint or the owner's copy of a call; its fields are added to `fields`.
Needs needs_of_mints(FieldTable& fields);

/// What a record must hold to be a mint or a caller's copy of a call; its fields are added to `fields`.
Needs needs_of_lineage(FieldTable& fields);

/// What a record must hold to be a copy of one of the calls. `shared`: their sharedEventIDs.
Needs needs_of_shared_calls(FieldTable& fields, const std::vector<std::string>& shared);

}  // namespace tripline::engine
