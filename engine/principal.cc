#include "engine/principal.h"

#include <algorithm>
#include <array>

#include "engine/event.h"
#include "engine/text.h"

namespace tripline::engine {

namespace {

std::string_view after_last(std::string_view text, char separator) {
  const std::size_t at = text.rfind(separator);
  return at == std::string_view::npos ? text : text.substr(at + 1);
}

/// `arn:aws:sts::111122223333:assumed-role/Deploy/alice` -> `alice`; else the tail of `AROA...:alice`.
std::string_view session_name(std::string_view arn, std::string_view principal_id) {
  if (arn.find(":assumed-role/") != std::string_view::npos) return after_last(arn, '/');
  const std::size_t colon = principal_id.find(':');
  return colon == std::string_view::npos ? std::string_view{} : principal_id.substr(colon + 1);
}

/// Roles that many people share, so that the session name tells them apart: IAM Identity Center's, and whatever a
/// person entered through SAML or a web identity.
bool shared_by_people(Event& event, std::string_view role) {
  return role.starts_with("AWSReservedSSO_") ||
         !event.find_text("userIdentity.sessionContext.webIdFederationData.federatedProvider").empty() ||
         !event.find_text("additionalEventData.SamlProviderArn").empty();
}

std::string account_of_arn(std::string_view arn) {
  std::size_t at = 0;
  for (int colons = 0; colons < 4; ++colons) {
    at = arn.find(':', at);
    if (at == std::string_view::npos) return {};
    ++at;
  }
  return std::string(arn.substr(at, arn.find(':', at) - at));
}

std::string first_of(std::initializer_list<std::string_view> candidates) {
  for (std::string_view candidate : candidates) {
    if (!candidate.empty()) return std::string(candidate);
  }
  return {};
}

struct Fields {
  std::string_view type, arn, id, user, invoked_by, issuer_arn, issuer_user, account;
};

void role(const Fields& f, Event& event, Principal& out) {
  const std::string_view role_name =
      first_of({f.issuer_user}).empty() ? std::string_view(f.arn) : std::string_view(f.issuer_user);
  out.session = session_name(f.arn, f.id);
  out.principal = first_of({f.issuer_arn, f.arn, f.id});
  const bool people = shared_by_people(event, f.issuer_user.empty() ? role_name : f.issuer_user);
  if (people && !out.session.empty()) out.principal += '/' + out.session;
  out.name = first_of({people ? std::string_view(out.session) : f.issuer_user, out.session, f.invoked_by});
  out.kind = people ? "human" : "role";
}

void user(const Fields& f, Event&, Principal& out) {
  out.principal = first_of({f.arn, f.id, f.user});
  out.name = first_of({f.user, after_last(f.arn, '/'), after_last(f.id, ':'), f.invoked_by});
  out.kind = "human";
}

void root(const Fields& f, Event&, Principal& out) {
  out.principal = first_of({f.arn, f.id, f.account});
  out.name = first_of({f.user, "root"});
  out.kind = "root";
}

void federated(const Fields& f, Event&, Principal& out) {
  out.principal = first_of({f.arn, f.id, f.user});
  out.session = after_last(f.id, ':');
  out.name = first_of({f.user, after_last(f.arn, '/'), after_last(f.id, ':')});
  out.kind = "human";
}

void service(const Fields& f, Event& event, Principal& out) {
  out.principal = first_of({f.invoked_by, event.find_text("eventSource")});
  out.name = out.principal;
  out.kind = "service";
}

void foreign_account(const Fields& f, Event&, Principal& out) {
  const bool anonymous = f.account == "anonymous" || f.account == "ANONYMOUS_PRINCIPAL" || f.id == "anonymous";
  out.principal = first_of({f.arn, f.id, f.account});
  out.session = session_name({}, f.id);
  out.name = first_of({f.user, out.session, f.id, f.account});
  out.kind = anonymous ? "anonymous" : "role";
}

void unknown(const Fields& f, Event& event, Principal& out) {
  out.principal = first_of({f.arn, f.id, f.user, f.invoked_by, event.find_text("additionalEventData.UserName"),
                            f.account, event.find_text("eventSource")});
  out.name = first_of({f.user, event.find_text("additionalEventData.UserName"), after_last(f.id, ':'), f.invoked_by,
                       f.account, event.find_text("eventSource")});
  out.kind = f.invoked_by.empty() ? "human" : "service";
}

struct TypeRow {
  std::string_view type;
  void (*resolve)(const Fields&, Event&, Principal&);
};

constexpr TypeRow kTypes[] = {
    {"Root", &root},
    {"IAMUser", &user},
    {"AssumedRole", &role},
    {"Role", &role},
    {"FederatedUser", &federated},
    {"Directory", &user},
    {"AWSAccount", &foreign_account},
    {"AWSService", &service},
    {"SAMLUser", &federated},
    {"WebIdentityUser", &federated},
    {"IdentityCenterUser", &unknown},
    {"Unknown", &unknown},
    {"", &unknown},
};

}  // namespace

Principal resolve_principal(Event& event) {
  const Fields f{
      .type = event.find_text("userIdentity.type"),
      .arn = event.find_text("userIdentity.arn"),
      .id = event.find_text("userIdentity.principalId"),
      .user = event.find_text("userIdentity.userName"),
      .invoked_by = event.find_text("userIdentity.invokedBy"),
      .issuer_arn = event.find_text("userIdentity.sessionContext.sessionIssuer.arn"),
      .issuer_user = event.find_text("userIdentity.sessionContext.sessionIssuer.userName"),
      .account = event.find_text("userIdentity.accountId"),
  };
  Principal out;
  out.type = f.type;
  out.access_key = event.find_text("userIdentity.accessKeyId");
  out.account = first_of({f.account, account_of_arn(f.arn)});
  const auto* row =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeRow& r) { return r.type == f.type; });
  (row == std::end(kTypes) ? &unknown : row->resolve)(f, event, out);
  return out;
}

namespace {

/// Codes that say "not allowed", without `Client.`/`Server.` before and `Exception` behind.
constexpr std::string_view kDeniedCodes[] = {
    "AccessDenied", "UnauthorizedOperation", "VpceAccessDenied",   "UnauthorizedAccess",
    "Forbidden",    "Unauthorized",          "AuthorizationError", "NotAuthorized",
    "AuthFailure",  "InvalidClientTokenId",  "ExpiredToken",       "SignatureDoesNotMatch",
};

bool is_denied(std::string_view code) {
  for (std::string_view prefix : {"Client.", "Server."}) {
    if (code.starts_with(prefix)) code.remove_prefix(prefix.size());
  }
  if (constexpr std::string_view tail = "Exception"; code.ends_with(tail)) code.remove_suffix(tail.size());
  return std::find(std::begin(kDeniedCodes), std::end(kDeniedCodes), code) != std::end(kDeniedCodes);
}

}  // namespace

std::string_view outcome_of(Event& event) {
  const std::string_view code = event.find_text("errorCode");
  if (!code.empty()) return is_denied(code) ? "denied" : "failure";
  // Sign-in events fail without an errorCode; their answer stands under their own name.
  const std::string_view name = event.find_text("eventName");
  for (std::string_view parent : {"responseElements.", "serviceEventDetails."}) {
    if (event.find_text("eventSource") != "signin.amazonaws.com" && parent != "serviceEventDetails.") continue;
    if (event.find_text(std::string(parent).append(name)) == "Failure") return "failure";
  }
  return "success";
}

}  // namespace tripline::engine
