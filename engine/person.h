#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tripline::engine {

class Event;
struct Identity;
struct Principal;

/// Somebody whom an identity provider vouches for. All records that tell of one sign-in give the same Person: the event
/// that let them in, calls of the session, its sign-in to the console, and the change of role that left it.
///
///   signs in through      principal                                             name
///   IAM Identity Center   sso.amazonaws.com/alice                               alice
///   SAML                  arn:aws:iam::111122223333:saml-provider/idp/alice     alice, which the provider chose
///   a web identity        accounts.google.com:app:1234                          1234
///
/// Names in IAM Identity Center are unique in an organisation, and its records show neither that nor the directory: one
/// person is the same in all accounts, and logs of two organisations are better read apart.
/// Whoever holds a web identity's token chooses the session's name, so that names nobody.
struct Person {
  std::string principal;
  std::string name;
  std::string account;  // the one whose role they entered
  std::string kind;     // human; service for workloads that bring an identity of their own
};

/// Who an AssumeRoleWithSAML or AssumeRoleWithWebIdentity lets in.
Person person_let_in(const Event& event, const Identity& id);

/// Who is in the role session of `actor`, where its own record tells.
std::optional<Person> person_in_session(const Event& event, const Identity& id, const Principal& actor);

/// `alice` -> `sso.amazonaws.com/alice`.
std::string identity_center_principal(std::string_view name);

/// Whether a role is one of IAM Identity Center's, which people enter by it alone.
bool is_identity_center_role(std::string_view role);

/// Whether an OpenID provider vouches for workloads and not for people.
bool is_machine_issuer(std::string_view provider);

}  // namespace tripline::engine
