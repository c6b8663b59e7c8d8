#pragma once

#include <string>

namespace tripline::engine {

class Event;

/// Who acted, as far as the record alone tells; the fields `actor.*`. It owns its text.
///
/// A session name is chosen by whoever assumes the role, so `name` is a word for people, never proof: rules compare
/// `principal`, or `origin.*` (engine/lineage.h).
/// Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element"; docs/identity.md lists every shape.
struct Principal {
  std::string principal;   // stable: the role, not the session; for people who share a role, role and session name
  std::string session;     // the session name, if any
  std::string name;        // what a person would call it
  std::string type;        // userIdentity.type; empty when the record has none
  std::string account;     // 12 digits; empty for AWS' services; of who comes from outside: whose role is entered
  std::string kind;        // human, role, service, root, anonymous
  std::string access_key;  // empty when the record shows none
};

struct Identity;

/// Fills `out` anew; its strings keep their memory, so that a reused Principal costs no allocation.
void resolve_principal(const Event& event, Principal& out);

/// The same of an identity that `event` speaks of, its own or another.
void resolve_principal(const Event& event, const Identity& identity, Principal& out);

}  // namespace tripline::engine
