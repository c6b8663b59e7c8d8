#include "engine/mint.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>

#include "engine/arn.h"
#include "engine/event.h"
#include "engine/identity.h"
#include "engine/outcome.h"
#include "engine/principal.h"
#include "engine/text.h"

namespace tripline::engine {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kServiceLifetime = hours{12};  // what services get lasts long, and they do not say how long

void set_issued_key(const Event& event, Mint& out) {
  out.issued.key = credential_hash(event.find_text("responseElements.credentials.accessKeyId"));
}

/// AssumeRole and its kin. A service's mint may lack `assumedRoleUser`; role and session name stand in the request.
void role_session(Event& event, Mint& out) {
  set_issued_key(event, out);
  out.issued.session_id = credential_hash(event.find_text("responseElements.assumedRoleUser.assumedRoleId"));
  out.issued.session_arn = credential_hash(event.find_text("responseElements.assumedRoleUser.arn"));
  const std::string_view session = event.find_text("requestParameters.roleSessionName");
  const auto role = parse_arn(event.find_text("requestParameters.roleArn"));
  if (out.issued.session_arn == 0 && role && !session.empty()) {
    std::string arn("arn:");
    arn.append(role->partition).append(":sts::").append(role->account).append(":assumed-role/");
    out.issued.session_arn = credential_hash(arn.append(role->resource_name()).append("/").append(session));
  }
}

void federated_session(Event& event, Mint& out) {
  set_issued_key(event, out);
  out.issued.session_id = credential_hash(event.find_text("responseElements.federatedUser.federatedUserId"));
  out.issued.session_arn = credential_hash(event.find_text("responseElements.federatedUser.arn"));
}

/// Root of another account; the target is an account's id or the ARN of its root.
void root_session(Event& event, Mint& out) {
  set_issued_key(event, out);
  const std::string_view target = event.find_text("requestParameters.targetPrincipal");
  if (parse_arn(target)) {
    out.issued.session_arn = credential_hash(target);
  } else if (!target.empty()) {
    std::string arn("arn:");
    arn.append(partition_of_region(event.find_text("awsRegion"))).append(":iam::").append(target).append(":root");
    out.issued.session_arn = credential_hash(arn);
  }
}

/// A user's or root's new key, with which it stays who it is.
void own_key(Event& event, Mint& out) {
  out.same_bearer = true;
  set_issued_key(event, out);
}

/// The caller's own session under a new key, or in the console. Of no use for who needs no mint.
void same_session(Event& event, Mint& out) {
  if (!out.caller.needs_mint()) return;
  const Identity id = read_identity(event);
  out.same_bearer = true;
  set_issued_key(event, out);
  out.issued.session_id = credential_hash(id.principal_id);
  out.issued.session_arn = credential_hash(id.arn);
}

/// Keys for the command line out of the session in the console. None is shown; all that they sign bears the sign-in's
/// own ARN, which is as good as a key.
void cli_sign_in(Event& event, Mint& out) {
  same_session(event, out);
  if (out.same_bearer) out.issued.key = credential_hash(event.find_text("additionalEventData.signInSessionArn"));
}

/// The console's change of role: the record's identity is the new session, and the old one is an ARN.
void switched_role(Event& event, Mint& out) {
  const Identity now = read_identity(event);
  Identity before;
  before.arn = event.find_text("additionalEventData.SwitchFrom");
  if (before.arn.empty()) return;
  Principal principal;
  resolve_principal(event, before, principal);
  out.caller = bearer_of(event, before, principal);
  out.issued.session_id = credential_hash(now.principal_id);
  out.issued.session_arn = credential_hash(now.arn);
}

struct MintRow {
  std::string_view name;
  std::string_view source;
  seconds lifetime;  // when the request does not say
  void (*read)(Event&, Mint&);
};

/// EC2, ECS, Lambda and other services mint by AssumeRole; IAM Identity Center by a paired AssumeRoleWithSAML. Its own
/// GetRoleCredentials is none: it shows neither key nor session, and the person by an id that no session shows.
constexpr MintRow kMints[] = {
    {"AssumeRole", "sts.amazonaws.com", hours{1}, &role_session},
    {"AssumeRoleWithSAML", "sts.amazonaws.com", hours{1}, &role_session},
    {"AssumeRoleWithWebIdentity", "sts.amazonaws.com", hours{1}, &role_session},
    {"AssumeRoot", "sts.amazonaws.com", minutes{15}, &root_session},
    {"GetSessionToken", "sts.amazonaws.com", hours{12}, &own_key},
    {"GetFederationToken", "sts.amazonaws.com", hours{12}, &federated_session},
    {"GetSigninToken", "signin.amazonaws.com", hours{12}, &same_session},
    {"ConsoleLogin", "signin.amazonaws.com", hours{12}, &same_session},
    {"CreateOAuth2Token", "signin.amazonaws.com", hours{12}, &cli_sign_in},
    {"SwitchRole", "signin.amazonaws.com", hours{12}, &switched_role},
    {"RenewRole", "signin.amazonaws.com", hours{12}, &switched_role},
};

seconds lifetime_of(const Event& event, const Identity& caller, const MintRow& row) {
  std::int64_t asked = 0;
  const auto field = event.root().at_pointer("/requestParameters/durationSeconds");
  if (std::string_view text; field.get(text) == simdjson::SUCCESS) {
    std::from_chars(text.data(), text.data() + text.size(), asked);
  } else if (field.get(asked) != simdjson::SUCCESS) {
    asked = 0;
  }
  if (asked > 0) return std::min<seconds>(seconds{asked}, kLongestLifetime);
  return caller.type == "AWSService" ? kServiceLifetime : row.lifetime;
}

}  // namespace

std::optional<Mint> mint_of(Event& event) {
  const std::string_view name = event.find_text("eventName");
  const auto* row =
      std::find_if(std::begin(kMints), std::end(kMints), [&](const MintRow& r) { return r.name == name; });
  if (row == std::end(kMints) || event.find_text("eventSource") != row->source) return std::nullopt;
  const auto time = parse_time(event.find_text("eventTime"));
  if (!time || outcome_of(event) != "success") return std::nullopt;

  const Identity id = read_identity(event);
  Mint out;
  out.caller = bearer_of(event, id, event.principal());
  out.time = *time;
  row->read(event, out);
  const CredentialIds& issued = out.issued;
  if (issued.key == 0 && issued.session_id == 0 && issued.session_arn == 0) return std::nullopt;
  // GetSigninToken may hand back the key that it was called with.
  if (issued.key != 0 && issued.key == out.caller.ids.key) return std::nullopt;
  out.issued.created = out.time;
  out.lifetime = lifetime_of(event, id, *row);
  out.event = event_key(event.identity(), event.record()).low;
  out.shared = credential_hash(event.find_text("sharedEventID"));
  out.outside_view = is_owners_copy(event);
  return out;
}

std::optional<Mint> shared_call_of(Event& event) {
  const std::string_view shared = event.find_text("sharedEventID");
  if (shared.empty() || is_owners_copy(event)) return std::nullopt;
  const auto time = parse_time(event.find_text("eventTime"));
  if (!time) return std::nullopt;
  Mint out;
  out.shared = credential_hash(shared);
  out.caller = bearer_of(event);
  out.time = *time;
  out.event = event_key(event.identity(), event.record()).low;
  return out;
}

Needs needs_of_mints(FieldTable& fields) {
  Needs needs;
  const FieldId name = fields.intern("eventName"), type = fields.intern("userIdentity.type");
  needs.fields = {std::min(name, type), std::max(name, type)};
  for (const MintRow& row : kMints) needs.literals.push_back({name, NeededLiteral::Kind::kEquals, fold(row.name)});
  needs.literals.push_back({type, NeededLiteral::Kind::kEquals, fold(kOwnersCopy)});
  return needs;
}

Needs needs_of_lineage(FieldTable& fields) {
  Needs needs;
  const FieldId name = fields.intern("eventName"), shared = fields.intern("sharedEventID");
  needs.fields = {std::min(name, shared), std::max(name, shared)};
  for (const MintRow& row : kMints) needs.literals.push_back({name, NeededLiteral::Kind::kEquals, fold(row.name)});
  needs.literals.push_back({shared, NeededLiteral::Kind::kAnyText, {}});
  return needs;
}

Needs needs_of_shared_calls(FieldTable& fields, const std::vector<std::string>& shared) {
  Needs needs;
  const FieldId id = fields.intern("sharedEventID");
  needs.fields = {id};
  for (const auto& text : shared) needs.literals.push_back({id, NeededLiteral::Kind::kEquals, fold(text)});
  return needs;
}

}  // namespace tripline::engine
