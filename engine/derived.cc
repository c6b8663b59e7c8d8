#include "engine/derived.h"

#include <string>

#include "engine/accounts.h"
#include "engine/event.h"
#include "engine/origin.h"
#include "engine/outcome.h"
#include "engine/principal.h"

namespace tripline::engine {

namespace {

template <std::string AccountFacts::*kFact>
std::string_view account_fact(Event& event) {
  const AccountFacts* account = event.account();
  return account == nullptr ? std::string_view{} : account->*kFact;
}

/// Nothing without an accounts file: then no account is known, and that says nothing of it.
std::string_view account_known(Event& event) {
  if (!event.knows_accounts()) return {};
  return event.account() == nullptr ? "false" : "true";
}

constexpr Derived kDerived[] = {
    {"outcome", [](Event& e) { return outcome_of(e); }, "success, failure or denied"},
    {"actor.principal", [](Event& e) -> std::string_view { return e.principal().principal; },
     "who acted, stable over sessions: user, role, or role and person"},
    {"actor.session", [](Event& e) -> std::string_view { return e.principal().session; }, "session name of a role"},
    {"actor.name", [](Event& e) -> std::string_view { return e.principal().name; }, "what a person would call it"},
    {"actor.type", [](Event& e) -> std::string_view { return e.principal().type; }, "userIdentity.type"},
    {"actor.account", [](Event& e) -> std::string_view { return e.principal().account; }, "the actor's account"},
    {"actor.kind", [](Event& e) -> std::string_view { return e.principal().kind; },
     "human, role, service, root or anonymous"},
    {"actor.access_key", [](Event& e) -> std::string_view { return e.principal().access_key; }, "key that signed"},
    {"origin.principal", [](Event& e) -> std::string_view { return e.origin().principal; },
     "who started the chain of credentials that the call was made with", true},
    {"origin.name", [](Event& e) -> std::string_view { return e.origin().name; }, "what a person would call the origin",
     true},
    {"origin.account", [](Event& e) -> std::string_view { return e.origin().account; }, "the origin's account", true},
    {"origin.kind", [](Event& e) -> std::string_view { return e.origin().kind; },
     "human, role, service, root or anonymous", true},
    {"origin.resolution", [](Event& e) { return name_of(e.origin().resolution); },
     "how sure the origin is: exact, inferred or unresolved", true},
    {"chain.depth", [](Event& e) { return e.keep(std::to_string(e.origin().depth)); },
     "how many steps lie between origin and actor", true},
    {"chain.path", [](Event& e) -> std::string_view { return e.origin().path; },
     "the steps, as in alice@222222222222 → role/Deploy → role/Admin@111111111111", true},
    {"account.name", &account_fact<&AccountFacts::name>, "name of the account, from the accounts file"},
    {"account.env", &account_fact<&AccountFacts::env>, "environment of the account, from the accounts file"},
    {"account.owner", &account_fact<&AccountFacts::owner>, "owner of the account, from the accounts file"},
    {"account.known", &account_known, "true or false: whether the accounts file names the account"},
};

}  // namespace

std::span<const Derived> derived_fields() { return kDerived; }

const Derived* find_derived(std::string_view name) {
  for (const auto& row : kDerived) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace tripline::engine
