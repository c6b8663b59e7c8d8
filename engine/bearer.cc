#include "engine/bearer.h"

#include <utility>

#include "engine/arn.h"
#include "engine/digest.h"
#include "engine/event.h"
#include "engine/identity.h"
#include "engine/person.h"
#include "engine/principal.h"

namespace tripline::engine {

namespace {

std::string_view behind_last(std::string_view text, char separator) {
  return text.substr(text.rfind(separator) + 1);  // npos + 1 is 0
}

ChainActor chain_actor(const Principal& actor) {
  return {actor.principal, actor.name, actor.account, actor.kind, label_of(actor)};
}

/// Whether somebody else's call made the credentials that `id` holds.
bool holds_issued_credentials(const Identity& id, const Principal& actor) {
  if (id.type == "Root") return id.assumed_root == "true";
  if (id.type == "AWSAccount") {
    // Seen from outside, a user and root are themselves; a role's session or a bare account is anybody.
    return !id.principal_id.starts_with("AIDA") && actor.kind != "root" && actor.kind != "anonymous";
  }
  return actor.principal.find(":role/") != std::string::npos || actor.principal.starts_with("AROA") ||
         actor.principal.find(":federated-user/") != std::string::npos || id.type == "AssumedRole" ||
         id.type == "FederatedUser" || (actor.kind == "anonymous" && id.type.empty());
}

void find_behind(const Event& event, const Identity& id, const Principal& actor, Bearer& out) {
  if (!holds_issued_credentials(id, actor)) {
    out.behind = Behind::kItself;
  } else if (id.type == "FederatedUser" && (id.issuer_type == "IAMUser" || id.issuer_type == "Root")) {
    // The issuer is whoever called GetFederationToken.
    out.behind = Behind::kIssuer;
    const bool root = id.issuer_type == "Root";
    std::string name(root ? std::string_view("root") : id.issuer_name);
    if (name.empty()) name = behind_last(id.issuer_arn, '/');
    out.other = {std::string(id.issuer_arn.empty() ? id.issuer_id : id.issuer_arn), name,
                 std::string(id.issuer_account.empty() ? actor.account : id.issuer_account), root ? "root" : "human",
                 name};
  } else if (auto person = person_in_session(event, id, actor)) {
    out.behind = Behind::kImplied;
    out.other = {std::move(person->principal), person->name, std::move(person->account), std::move(person->kind),
                 person->name};
  } else if (!id.source_identity.empty()) {
    const std::string name(id.source_identity);
    out.behind = Behind::kNamed;
    out.other = {name, name, {}, "human", name};
  } else if (!id.on_behalf_of_user.empty()) {
    const std::string name(id.on_behalf_of_user);
    const std::string store(id.identity_store);
    out.behind = Behind::kNamed;
    out.other = {store.empty() ? name : store + "/user/" + name, name, {}, "human", name};
  } else if (const std::string service(owner_of_role(actor.principal)); !service.empty()) {
    out.behind = Behind::kImplied;
    out.other = {service, service, {}, "service", service};
  }
}

}  // namespace

// Roles are told by their name alone, which is unique in an account; people who share one by their own name too.
std::string label_of(const Principal& actor) {
  if (actor.kind == "root") return "root";
  const bool is_role = actor.principal.find(":role/") != std::string::npos || actor.principal.starts_with("AROA");
  if (!is_role) return actor.type == "FederatedUser" ? "federated-user/" + actor.name : actor.name;
  std::string_view role = actor.principal;
  const bool is_person = actor.kind == "human" && role.ends_with("/" + actor.session);
  if (is_person) role.remove_suffix(actor.session.size() + 1);
  std::string label = "role/";
  label += behind_last(role, '/');
  if (is_person) label.append("/").append(actor.session);
  return label;
}

bool is_owners_copy(const Event& event) { return event.find_text("userIdentity.type") == kOwnersCopy; }

std::uint64_t credential_hash(std::string_view text) {
  return text.empty() ? 0 : digest_128({"credential", text}).high | 1;
}

Bearer bearer_of(const Event& event, const Identity& id, const Principal& actor) {
  Bearer out;
  out.actor = chain_actor(actor);
  find_behind(event, id, actor, out);
  const auto time = parse_time(event.find_text("eventTime"));
  if (!time) return out;
  out.time = *time;
  const bool is_temporary = id.access_key.starts_with("ASIA");
  if (out.needs_mint() || is_temporary) out.ids.key = credential_hash(id.access_key);
  if (!out.needs_mint()) return out;
  out.ids.session_id = id.type == "Root" ? 0 : credential_hash(id.principal_id);
  out.ids.session_arn = credential_hash(id.arn);
  out.ids.sign_in = credential_hash(id.sign_in_session);
  out.ids.created = parse_time(id.created);
  return out;
}

Bearer bearer_of(Event& event) {
  Bearer out = bearer_of(event, read_identity(event), event.principal());
  if (is_owners_copy(event)) out.shared = credential_hash(event.find_text("sharedEventID"));
  // The identity of a SwitchRole is the session that begins with it, and its context is not shown.
  if (!out.ids.created && out.ids.session_arn != 0 && event.find_text("eventName") == "SwitchRole") {
    out.ids.created = out.time;
  }
  return out;
}

}  // namespace tripline::engine
