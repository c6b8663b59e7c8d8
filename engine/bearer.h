#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/event_time.h"

namespace tripline::engine {

class Event;
struct Identity;
struct Principal;

/// Somebody in a chain of credentials.
struct ChainActor {
  std::string principal;
  std::string name;
  std::string account;
  std::string kind;
  std::string label;  // in `chain.path`: `alice`, `role/Deploy`

  bool operator==(const ChainActor&) const = default;
};

/// What is known of who stands behind a bearer before any mint is looked up.
enum class Behind : std::uint8_t {
  kNobody,   // the bearer holds credentials that were issued to somebody else, and the record does not say to whom
  kItself,   // its credentials are its own: a user, root, a service, who comes from an identity provider
  kIssuer,   // AWS names who asked for the credentials
  kNamed,    // AWS carries a name through the chain: sourceIdentity, onBehalfOf
  kImplied,  // nobody else can be in the session: a person of IAM Identity Center, the service that owns the role
};

/// Whether it takes a mint to know who stands behind a bearer.
constexpr bool needs_mint(Behind behind) { return behind != Behind::kItself && behind != Behind::kIssuer; }

/// Whether the record of a bearer names who stands behind it.
constexpr bool has_other(Behind behind) { return behind != Behind::kItself && behind != Behind::kNobody; }

/// How the credentials of a bearer are recognised among those that were minted. Hashes; 0: unknown. Who needs no mint
/// has at most the key, if that was issued for a time.
struct CredentialIds {
  std::uint64_t key = 0;             // of the access key
  std::uint64_t session_id = 0;      // of `AROA...:session`
  std::uint64_t session_arn = 0;     // of `arn:aws:sts::111122223333:assumed-role/Deploy/session`
  std::optional<EventTime> created;  // when the session began
  std::uint64_t sign_in = 0;         // of `arn:aws:signin:...:session/...`, a sign-in whose keys are shown nowhere

  bool operator==(const CredentialIds&) const = default;
};

/// By its ARN if that is known, as what services mint shows no id.
constexpr std::uint64_t session_of(const CredentialIds& ids) {
  return ids.session_arn != 0 ? ids.session_arn : ids.session_id;
}

/// Who signed a call, and with which credentials.
struct Bearer {
  ChainActor actor;
  Behind behind = Behind::kNobody;
  ChainActor other;  // where has_other(behind)
  CredentialIds ids;
  EventTime time;  // of the call
  /// Hash of sharedEventID, which the caller's copy of the call has, too; 0 unless this is the copy of the owner of
  /// what was called, which shows a caller from another account by an id alone.
  std::uint64_t shared = 0;

  bool needs_mint() const { return engine::needs_mint(behind); }
};

/// How `chain.path` shows an actor, without the account.
std::string label_of(const Principal& actor);

/// The actor of `event`. A record without a readable time finds no mint.
Bearer bearer_of(Event& event);

inline constexpr std::string_view kOwnersCopy = "AWSAccount";  // userIdentity.type

/// Whether `event` is the copy that the owner of what was called gets of a call from another account.
bool is_owners_copy(const Event& event);

/// Another identity that `event` speaks of.
Bearer bearer_of(const Event& event, const Identity& identity, const Principal& principal);

/// SHA-256, cut to 64 bits and never 0; 0 for an empty text. Session names are chosen by whoever assumes a role, and
/// nobody may choose one that is taken for another's.
std::uint64_t credential_hash(std::string_view text);

}  // namespace tripline::engine
