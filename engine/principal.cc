#include "engine/principal.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <utility>

#include "engine/arn.h"
#include "engine/event.h"
#include "engine/identity.h"
#include "engine/person.h"

namespace tripline::engine {

namespace {

constexpr std::string_view kInternal = "AWS Internal";                  // AWS' word for "one of our services"
constexpr std::string_view kHidden = "HIDDEN_DUE_TO_SECURITY_REASONS";  // what was typed for a name, and is none
constexpr std::string_view kNobodyKnown = "unknown";

std::string_view first_of(std::initializer_list<std::string_view> candidates) {
  for (const std::string_view candidate : candidates) {
    if (!candidate.empty()) return candidate;
  }
  return {};
}

/// `AROA...:alice` -> `alice`; nothing when there is no colon.
std::string_view behind_colon(std::string_view id) {
  const std::size_t colon = id.find(':');
  return colon == std::string_view::npos ? std::string_view{} : id.substr(colon + 1);
}

std::string_view tail_of(std::string_view id) { return first_of({behind_colon(id), id}); }

/// Nothing where the account's id stands for that of somebody in it, as in sign-ins to IAM Identity Center.
std::string_view own_id(const Identity& id) {
  return id.principal_id == id.account ? std::string_view{} : id.principal_id;
}

/// An Insight's record has no source: CloudTrail itself writes it.
constexpr std::string_view kInsights = "cloudtrail.amazonaws.com";
bool is_insight(const Event& event) { return event.find_text("eventType") == "AwsCloudTrailInsight"; }

/// What a service does of its own accord, where eventSource is who acts and not who is called.
bool is_service_event(const Event& event) { return event.find_text("eventType").starts_with("AwsServiceEvent"); }

/// Nothing when AWS names none.
std::string_view named_service(std::string_view invoked_by) {
  return invoked_by == kInternal ? std::string_view{} : invoked_by;
}

bool names_service(std::string_view text) { return text.ends_with(".amazonaws.com"); }

/// Session names that software makes up, which say nothing of the caller.
bool is_made_up(std::string_view session) {
  static constexpr std::string_view kPrefixes[] = {"botocore-session-", "aws-go-sdk-",    "aws-sdk-",
                                                   "AWSCLI-Session",    "AWSCLI-session", "CognitoIdentityCredentials",
                                                   "GitHubActions"};
  const auto starts = [&](std::string_view prefix) { return session.starts_with(prefix); };
  return session.find_first_not_of("0123456789") == std::string_view::npos ||
         std::any_of(std::begin(kPrefixes), std::end(kPrefixes), starts);
}

/// Whether people share the role and the session name tells them apart: IAM Identity Center's roles, and what a person
/// entered with a web identity. Of a SAML session no call tells that it is one, so in its sign-in to the console, too,
/// the principal is the role: one session is one principal.
bool is_shared_by_people(const Identity& id, std::string_view role, std::string_view session) {
  if (session.empty()) return false;
  return is_identity_center_role(role) ||
         (!id.federated_provider.empty() && !is_machine_issuer(id.federated_provider) && !is_made_up(session));
}

/// `arn:aws:iam::111122223333:user/alice`, for records that name the parts alone. A path is not known then.
void build_arn(const Event& event, std::string_view account, std::string_view resource, std::string_view name,
               std::string& out) {
  out.assign("arn:").append(partition_of_region(event.find_text("awsRegion"))).append(":iam::").append(account);
  out.append(":").append(resource);
  if (!name.empty()) out.append("/").append(name);
}

void root(const Event& event, const Identity& id, Principal& out) {
  out.kind = "root";
  if (id.arn.empty() && !out.account.empty()) {
    build_arn(event, out.account, "root", {}, out.principal);
  } else {
    out.principal = first_of({id.arn, id.principal_id});
  }
  out.name = first_of({id.user_name, "root"});  // an account's alias stands for the user name
}

void user(const Event& event, const Identity& id, Principal& out) {
  out.kind = "human";
  out.name = id.user_name;
  if (const auto arn = parse_arn(id.arn); out.name.empty() && arn) out.name = arn->resource_name();
  // A failed sign-in has no ARN; it is the same user all the same.
  if (id.arn.empty() && !id.user_name.empty() && !out.account.empty()) {
    build_arn(event, out.account, "user", id.user_name, out.principal);
  } else {
    out.principal = first_of({id.arn, id.principal_id});
  }
}

void role(const Event&, const Identity& id, Principal& out) {
  const auto arn = parse_arn(id.arn);
  const auto assumed = arn ? parse_assumed_role(*arn) : std::nullopt;
  std::string_view role = id.issuer_name;
  if (role.empty() && assumed) role = assumed->role;
  if (role.empty() && arn && arn->resource_type() == "role") role = arn->resource_name();
  out.session = assumed ? assumed->session : behind_colon(id.principal_id);

  if (!id.issuer_arn.empty()) {
    out.principal = id.issuer_arn;
  } else if (assumed) {
    out.principal.assign("arn:").append(arn->partition).append(":iam::").append(arn->account).append(":role/");
    out.principal.append(role);
  } else {
    // `AROA...` without the session.
    out.principal = first_of({id.arn, id.principal_id.substr(0, id.principal_id.find(':'))});
  }

  if (role.starts_with("AWSServiceRoleFor")) {
    out.kind = "service";
    out.name = first_of({named_service(id.invoked_by), owner_of_role(out.principal), role});
  } else if (is_shared_by_people(id, role, out.session)) {
    out.kind = "human";
    out.name = out.session;
    out.principal.append("/").append(out.session);
  } else {
    out.kind = "role";
    out.name = first_of({id.user_name, is_made_up(out.session) ? role : out.session, role, out.session});
  }
}

void federated(const Event&, const Identity& id, Principal& out) {
  out.kind = "human";
  out.session = behind_colon(id.principal_id);
  const auto arn = parse_arn(id.arn);
  if (out.session.empty() && arn) out.session = arn->resource_name();
  out.principal = first_of({id.arn, id.principal_id});
  out.name = first_of({id.user_name, out.session});
}

void directory(const Event&, const Identity& id, Principal& out) {
  out.kind = "human";
  out.principal = first_of({id.arn, id.principal_id});
  if (out.principal.empty() && !id.user_name.empty()) {
    out.principal.assign(out.account).append("/").append(id.user_name);
  }
  out.name = id.user_name;
}

/// Another account, as the owner of the resource sees it: an id, and for a role its session.
void other_account(const Event&, const Identity& id, Principal& out) {
  const std::string_view account = id.account;
  if (id.principal_id == "anonymous" || account == "anonymous" || account == "ANONYMOUS_PRINCIPAL") {
    out.kind = "anonymous";
    out.principal = out.name = "anonymous";
    out.account.clear();
    return;
  }
  out.session = behind_colon(id.principal_id);
  out.principal = first_of({id.arn, id.principal_id.substr(0, id.principal_id.find(':')), account});
  out.name = first_of({id.user_name, out.session});
  if (id.principal_id.starts_with("AIDA")) {
    out.kind = "human";
  } else if (!account.empty() && id.principal_id == account) {
    out.kind = "root";
  } else {
    out.kind = "role";
  }
}

void service(const Event&, const Identity& id, Principal& out) {
  out.kind = "service";
  out.principal = first_of({id.invoked_by, id.principal_id});
  out.name = named_service(id.invoked_by);
}

void identity_center(const Event& event, const Identity& id, Principal& out) {
  out.kind = "human";
  out.name = first_of({id.user_name, event.find_text("additionalEventData.UserName")});
  if (!id.on_behalf_of_user.empty()) {
    if (!id.identity_store.empty()) out.principal.assign(id.identity_store).append("/user/");
    out.principal.append(id.on_behalf_of_user);
    if (out.name.empty()) out.name = id.on_behalf_of_user;
  } else if (id.arn.empty() && own_id(id).empty() && !out.name.empty()) {
    out.principal = identity_center_principal(out.name);
  } else {
    out.principal = first_of({id.arn, own_id(id), id.principal_id});
  }
}

/// Only in the event that mints a session from a SAML assertion or an OIDC token.
void external(const Event& event, const Identity& id, Principal& out) {
  Person person = person_let_in(event, id);
  out.principal = std::move(person.principal);
  out.name = std::move(person.name);
  out.account = std::move(person.account);
  out.kind = std::move(person.kind);
}

/// Where people sign in to IAM Identity Center, whose records say `Unknown` of them.
bool is_identity_center(std::string_view source) {
  return source == "signin.amazonaws.com" || source == "sso.amazonaws.com";
}

/// A record that does not say what its actor is: its ARN does, or it has no actor.
void unknown(const Event& event, const Identity& id, Principal& out) {
  static constexpr struct {
    std::string_view resource_type;
    void (*resolve)(const Event&, const Identity&, Principal&);
  } kArnForms[] = {
      {"user", &user}, {"assumed-role", &role}, {"role", &role}, {"federated-user", &federated}, {"root", &root},
  };
  if (const auto arn = parse_arn(id.arn)) {
    for (const auto& form : kArnForms) {
      if (form.resource_type == arn->resource_type()) return form.resolve(event, id, out);
    }
  }
  if (is_identity_center(event.find_text("eventSource"))) {
    identity_center(event, id, out);
    if (!out.name.empty()) return;
  }
  out.principal = first_of({id.arn, own_id(id), id.user_name, id.invoked_by, id.principal_id});
  out.name = id.user_name;
  if (out.principal.empty() && is_insight(event)) out.principal = kInsights;
  if (out.principal.empty() && is_service_event(event)) out.principal = event.find_text("eventSource");
  if (names_service(out.principal) || out.principal == kInternal) {
    out.kind = "service";
  } else {
    out.kind = out.principal.empty() ? "anonymous" : "human";
  }
}

struct TypeRow {
  std::string_view type;
  void (*resolve)(const Event&, const Identity&, Principal&);
};

constexpr TypeRow kTypes[] = {
    {"IAMUser", &user},
    {"AssumedRole", &role},
    {"AWSService", &service},
    {"Root", &root},
    {"AWSAccount", &other_account},
    {"Role", &role},
    {"FederatedUser", &federated},
    {"Directory", &directory},
    {"SAMLUser", &external},
    {"WebIdentityUser", &external},
    {"IdentityCenterUser", &identity_center},
    {"Unknown", &unknown},
};

/// What a request is about, for calls that AWS makes in nobody's name: what a key protects (RDS' and other services'
/// Decrypt name a database or a volume there), else the first resource.
std::string_view resource_of(const Event& event) {
  namespace dom = simdjson::dom;
  const dom::element root = event.root();
  dom::object context;
  if (root.at_pointer("/requestParameters/encryptionContext").get(context) == simdjson::SUCCESS) {
    for (const auto [key, value] : context) {
      std::string_view text;
      if (value.get(text) == simdjson::SUCCESS && !text.empty()) return text;
    }
  }
  dom::array resources;
  if (root.at_pointer("/resources").get(resources) == simdjson::SUCCESS) {
    for (const dom::element resource : resources) {
      std::string_view text;
      if (resource.at_key("ARN").get(text) == simdjson::SUCCESS && !text.empty()) return text;
    }
  }
  return {};
}

/// When the type's own row knows no name.
std::string_view fallback_name(const Event& event, const Identity& id, const Principal& actor) {
  if (const auto name = first_of({tail_of(id.principal_id), named_service(id.invoked_by)}); !name.empty()) return name;
  return first_of({resource_of(event), actor.principal});
}

}  // namespace

void resolve_principal(const Event& event, Principal& out) { resolve_principal(event, read_identity(event), out); }

void resolve_principal(const Event& event, const Identity& given, Principal& out) {
  Identity id = given;
  if (id.user_name == kHidden) id.user_name = {};
  for (std::string Principal::*text :
       {&Principal::principal, &Principal::session, &Principal::name, &Principal::kind}) {
    (out.*text).clear();
  }
  out.type = id.type;
  out.access_key = id.access_key;
  out.account = id.account;
  if (out.account.empty()) {
    if (const auto arn = parse_arn(id.arn)) out.account = arn->account;
  }
  const auto* row =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeRow& r) { return r.type == id.type; });
  (row == std::end(kTypes) ? &unknown : row->resolve)(event, id, out);
  // The service that was called is nobody's name.
  if (out.principal.empty()) {
    out.principal = first_of({out.account, out.kind == "anonymous" ? std::string_view(out.kind) : kNobodyKnown});
  }
  if (out.name.empty()) out.name = fallback_name(event, id, out);
}

}  // namespace tripline::engine
