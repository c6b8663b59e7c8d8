#pragma once

#include <string>
#include <string_view>

namespace tripline::engine {

class Event;

/// Who acted, as far as the record alone tells. It owns its text.
/// Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element".
struct Principal {
  std::string principal;   // stable: the role, not the session; for people who share a role, role and session name
  std::string session;     // the session name, if any
  std::string name;        // what a person would call it
  std::string type;        // userIdentity.type; empty when the record has none
  std::string account;     // 12 digits
  std::string kind;        // human, role, service, root, anonymous
  std::string access_key;  // empty when the record shows none
};

Principal resolve_principal(Event& event);

/// success, failure or denied.
std::string_view outcome_of(Event& event);

}  // namespace tripline::engine
