#include "app/principal_query.h"

#include <algorithm>
#include <utility>

#include "engine/accounts.h"
#include "engine/arn.h"
#include "engine/identity.h"
#include "engine/principal.h"
#include "engine/text.h"

namespace tripline::app {

namespace {

constexpr std::string_view kRolePrefix = "role/";
constexpr std::string_view kUserPrefix = "user/";
constexpr std::string_view kReservedRole = "AWSReservedSSO_";

/// `arn:aws:iam::111122223333:role/ci/Deploy` and `.../AWSReservedSSO_x/alice` of `actor.principal` -> `Deploy`,
/// `AWSReservedSSO_x`; empty for what is no role.
std::string_view role_of(std::string_view principal, std::string_view session) {
  const auto arn = engine::parse_arn(principal);
  if (!arn || arn->resource_type() != "role") return {};
  std::string_view role = arn->resource;
  if (!session.empty() && role.size() > session.size() + 1 && role.ends_with(session) &&
      role[role.size() - session.size() - 1] == '/' && std::count(role.begin(), role.end(), '/') > 1) {
    role.remove_suffix(session.size() + 1);
  }
  return role.substr(role.rfind('/') + 1);
}

/// `role/Deploy` and `role/AWSReservedSSO_x/alice` of a step in `chain.path` -> `Deploy`, `AWSReservedSSO_x`; empty for
/// what is no role.
std::string_view role_in(std::string_view label) {
  if (!label.starts_with(kRolePrefix)) return {};
  label.remove_prefix(kRolePrefix.size());
  return label.substr(0, label.find('/'));
}

std::string_view role_of(const engine::Identity& id, const engine::Principal& actor) {
  return id.issuer_type == "Role" ? id.issuer_name : role_of(actor.principal, actor.session);
}

}  // namespace

std::string_view name_to_ask_for(engine::Event& event) {
  const engine::Principal& actor = event.principal();
  return actor.kind == "role" ? role_of(engine::read_identity(event), actor) : actor.name;
}

PrincipalQuery::PrincipalQuery(std::string text) : text_(std::move(text)) {
  std::string_view name = text_;
  if (const auto arn = engine::parse_arn(text_)) {
    may_be_name_ = false;
    if (engine::parse_assumed_role(*arn)) session_arn_ = engine::credential_hash(text_);
    may_be_role_ = arn->resource_type() == "role";
    if (may_be_role_) {
      account_ = arn->account;
      name = arn->resource;
    }
  } else if (const std::size_t at = name.rfind('@');
             at != std::string_view::npos && engine::is_account_id(name.substr(at + 1))) {
    account_ = name.substr(at + 1);
    name = name.substr(0, at);
  }
  // Roles and users are unique in their account by name, and some records leave the path out.
  if (name.starts_with(kRolePrefix)) {
    may_be_name_ = false;
    name.remove_prefix(kRolePrefix.size());
    if (const std::size_t at = name.find(kReservedRole); at != std::string_view::npos) name.remove_prefix(at);
    const bool has_slash = name.find('/') != std::string_view::npos;
    if (has_slash) person_ = engine::fold(std::string(kRolePrefix).append(name));
    may_be_role_ = !has_slash || !name.starts_with(kReservedRole);
    name = name.substr(name.rfind('/') + 1);
  } else if (name.starts_with(kUserPrefix)) {
    may_be_role_ = false;
    name = name.substr(name.rfind('/') + 1);
  }
  name_ = engine::fold(name);
}

bool PrincipalQuery::is_name(std::string_view name, std::string_view account) const {
  return may_be_name_ && !name.empty() && engine::equals_folded(name, name_) &&
         (account_.empty() || account == account_);
}

bool PrincipalQuery::is_role(std::string_view role, std::string_view account) const {
  return may_be_role_ && !role.empty() && engine::equals_folded(role, name_) &&
         (account_.empty() || account == account_);
}

bool PrincipalQuery::is_person(std::string_view label, std::string_view account) const {
  return !person_.empty() && engine::equals_folded(label, person_) && (account_.empty() || account == account_);
}

PrincipalQuery::Made PrincipalQuery::made(engine::Event& event) const {
  const engine::Principal& actor = event.principal();
  const engine::Identity id = engine::read_identity(event);
  for (const std::string_view whole :
       {id.access_key, id.arn, id.principal_id, id.issuer_arn, id.issuer_id, std::string_view(actor.principal)}) {
    if (!whole.empty() && whole == text_) return Made::kSurely;
  }
  if (is_role(role_of(id, actor), actor.account)) return Made::kSurely;
  if (!person_.empty() && is_person(engine::label_of(actor), actor.account)) return Made::kSurely;
  return actor.kind != "role" && is_name(actor.name, actor.account) ? Made::kByName : Made::kNot;
}

bool PrincipalQuery::is(const engine::ChainActor& actor) const {
  if (is_person(actor.label, actor.account)) return true;
  if (actor.principal == text_ || is_role(role_in(actor.label), actor.account)) return true;
  return actor.kind != "role" && is_name(actor.name, actor.account);
}

bool PrincipalQuery::is(const engine::Origin& origin) const {
  if (origin.resolution == engine::Resolution::kUnresolved) return false;
  return origin.principal == text_ || (origin.kind != "role" && is_name(origin.name, origin.account));
}

bool PrincipalQuery::is(const engine::Bearer& bearer) const {
  return (session_arn_ != 0 && bearer.ids.session_arn == session_arn_) || is(bearer.actor);
}

bool PrincipalQuery::is_session_name_of(engine::Event& event) const {
  const engine::Principal& actor = event.principal();
  return actor.kind == "role" && is_name(actor.session, actor.account);
}

}  // namespace tripline::app
