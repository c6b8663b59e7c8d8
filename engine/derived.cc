#include "engine/derived.h"

#include "engine/accounts.h"
#include "engine/event.h"
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
