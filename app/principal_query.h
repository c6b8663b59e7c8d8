#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/bearer.h"
#include "engine/event.h"
#include "engine/origin.h"

namespace tripline::app {

/// The name that the actor of a call can be asked for by: of a role, the role's. Views the event's record and
/// principal.
std::string_view name_to_ask_for(engine::Event& event);

/// What a user names an identity by: a user's or person's name, `root`, a service, a role (`Deploy`, `role/Deploy`,
/// with or without its path), one person in a role as `chain.path` has it (`role/AWSReservedSSO_Admin_0a1b/alice`), an
/// ARN of any of them or of one session, a principal id, or an access key. `@111122223333` behind a name or a role says
/// of which account. Names compare without regard to letter case, as IAM takes them.
///
/// The session name of a machine's role is chosen by whoever assumes it and names nobody.
class PrincipalQuery {
 public:
  explicit PrincipalQuery(std::string text);

  /// Whether this identity itself made the call, by what its record says.
  enum class Made { kNot, kByName, kSurely };
  Made made(engine::Event& event) const;

  /// Whether it is an actor that a mint or a name carried along with credentials tells of.
  bool is(const engine::ChainActor& actor) const;

  /// Whether it is known to have started a chain of credentials.
  bool is(const engine::Origin& origin) const;

  /// Whether it, or its session, is who asked for a mint.
  bool is(const engine::Bearer& bearer) const;

  /// Whether the call was made in a role session that has this for its name, which says little.
  bool is_session_name_of(engine::Event& event) const;

  /// What names are compared with: folded, without account and without `role/` or `user/`.
  const std::string& name() const { return name_; }

 private:
  bool is_name(std::string_view name, std::string_view account) const;
  bool is_role(std::string_view role, std::string_view account) const;
  bool is_person(std::string_view label, std::string_view account) const;

  std::string text_;     // as it was given
  std::string name_;     // see name()
  std::string person_;   // folded: who shares a role with others, as engine::ChainActor::label has it; may be empty
  std::string account_;  // empty: any
  std::uint64_t session_arn_ = 0;  // engine/bearer.h's hash; 0: the text is no session's ARN
  bool may_be_role_ = true;
  bool may_be_name_ = true;
};

}  // namespace tripline::app
