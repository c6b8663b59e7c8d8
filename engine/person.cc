#include "engine/person.h"

#include <algorithm>
#include <iterator>

#include "engine/arn.h"
#include "engine/event.h"
#include "engine/identity.h"
#include "engine/principal.h"

namespace tripline::engine {

namespace {

/// The session that an AssumeRoleWith... begins.
std::string_view new_session(const Event& event) {
  if (const auto name = event.find_text("requestParameters.roleSessionName"); !name.empty()) return name;
  const std::string_view id = event.find_text("responseElements.assumedRoleUser.assumedRoleId");
  const std::size_t colon = id.find(':');
  return colon == std::string_view::npos ? std::string_view{} : id.substr(colon + 1);
}

/// What the provider said of a web identity, as `<provider>:<word>` in the session's record.
std::string_view said_by_provider(const Event& event, std::string_view word) {
  simdjson::dom::object said;
  const auto found = event.root().at_pointer("/userIdentity/sessionContext/webIdFederationData/attributes").get(said);
  if (found != simdjson::SUCCESS) return {};
  for (const auto [key, value] : said) {
    std::string_view text;
    if (key.ends_with(word) && value.get(text) == simdjson::SUCCESS) return text;
  }
  return {};
}

}  // namespace

std::string identity_center_principal(std::string_view name) { return "sso.amazonaws.com/" + std::string(name); }

bool is_identity_center_role(std::string_view role) { return role.starts_with("AWSReservedSSO_"); }

bool is_machine_issuer(std::string_view provider) {
  static constexpr std::string_view kIssuers[] = {
      "token.actions.githubusercontent.com",
      "oidc.eks.",
      "gitlab.",
      "app.terraform.io",
      "oidc.circleci.com",
      "api.bitbucket.org",
      "agent.buildkite.com",
      "vstoken.dev.azure.com",
      "container.googleapis.com",
      "oidc.vercel.com",
  };
  return std::any_of(std::begin(kIssuers), std::end(kIssuers),
                     [&](std::string_view issuer) { return provider.find(issuer) != std::string_view::npos; });
}

Person person_let_in(const Event& event, const Identity& id) {
  Person out;
  const bool is_machine = is_machine_issuer(id.identity_provider) || is_machine_issuer(id.principal_id);
  out.kind = is_machine ? "service" : "human";
  const auto role = parse_arn(event.find_text("requestParameters.roleArn"));
  if (role) out.account = role->account;
  if (const std::string_view session = new_session(event); id.type == "SAMLUser" && !session.empty()) {
    if (role && is_identity_center_role(role->resource_name())) {
      out.principal = identity_center_principal(session);
    } else if (const auto provider = event.find_text("requestParameters.principalArn"); !provider.empty()) {
      out.principal.append(provider).append("/").append(session);
    } else if (event.find_text("responseElements.subjectType") == "transient") {
      out.principal.append(id.identity_provider).append(":").append(session);  // its subject is made up anew each time
    }
    if (!out.principal.empty()) {
      out.name = session;
      return out;
    }
  }
  out.principal = id.principal_id;
  if (out.principal.empty() && !id.user_name.empty()) {
    out.principal.append(id.identity_provider).append(":").append(id.user_name);
  }
  out.name = id.user_name;
  return out;
}

std::optional<Person> person_in_session(const Event& event, const Identity& id, const Principal& actor) {
  if (actor.session.empty()) return std::nullopt;
  Person out{.principal = {}, .name = actor.session, .account = actor.account, .kind = "human"};
  const auto arn = parse_arn(id.arn);
  const auto assumed = arn ? parse_assumed_role(*arn) : std::nullopt;
  if (is_identity_center_role(assumed ? assumed->role : id.issuer_name)) {
    out.principal = identity_center_principal(actor.session);
    return out;
  }
  if (const auto provider = event.find_text("additionalEventData.SamlProviderArn"); !provider.empty()) {
    out.principal.append(provider).append("/").append(actor.session);
    return out;
  }
  if (id.federated_provider.empty()) return std::nullopt;
  const std::string_view audience = said_by_provider(event, ":aud"), subject = said_by_provider(event, ":sub");
  if (audience.empty() || subject.empty()) return std::nullopt;
  out.principal.append(id.federated_provider).append(":").append(audience).append(":").append(subject);
  out.name = subject;
  if (is_machine_issuer(id.federated_provider)) out.kind = "service";
  return out;
}

}  // namespace tripline::engine
