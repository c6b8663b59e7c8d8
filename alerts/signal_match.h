#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/accounts.h"
#include "engine/pattern.h"
#include "engine/signal.h"

namespace tripline::alerts {

/// What routes and silences look at in a signal: by trait a list of things, each with the names that it goes by.
struct SignalTraits {
  using Names = std::vector<std::string>;
  using Things = std::vector<Names>;

  Things level;
  Things outcome;      // of its calls
  Things rule;         // its id
  Things tag;          //
  Things account;      // id and name
  Things account_env;  // one an account; without a name where it has none
  Things actor;        // who acted, and who started that: names and principals
  Things actor_kind;   //
  Things origin_kind;  //

  /// `accounts` may be null. Of actors beyond those in evidence only the names are known.
  static SignalTraits of(const engine::Signal& signal, const engine::Accounts* accounts);
};

/// What signals a route or silence is for, as a user writes it: names with `*` and `?`, in any letter case. An empty
/// list asks for nothing.
struct SignalMatch {
  using Texts = std::vector<std::string>;

  Texts level{}, outcome{}, rule{}, tag{}, account{}, account_env{}, actor{}, actor_kind{}, origin_kind{};

  bool empty() const;
  bool operator==(const SignalMatch&) const = default;
};

struct Trait {
  std::string_view key;  // as configuration and API have it
  SignalMatch::Texts SignalMatch::*wanted;
  SignalTraits::Things SignalTraits::*has;
  std::string_view words = "";  // the only ones it can be; empty: anything
  std::string_view meaning = "";
};
inline constexpr Trait kTraits[] = {
    {"level", &SignalMatch::level, &SignalTraits::level, "low medium high critical", "The rule's level."},
    {"outcome", &SignalMatch::outcome, &SignalTraits::outcome, "success failure denied",
     "How some of its calls ended."},
    {"rule", &SignalMatch::rule, &SignalTraits::rule, "", "The rule's id."},
    {"tag", &SignalMatch::tag, &SignalTraits::tag, "", "A tag of the rule, such as `attack.t1110*`."},
    {"account.id", &SignalMatch::account, &SignalTraits::account, "",
     "An account's 12 digits, in quotes, or its name."},
    {"account.env", &SignalMatch::account_env, &SignalTraits::account_env, "", "What the file of `accounts` says."},
    {"actor.name", &SignalMatch::actor, &SignalTraits::actor, "",
     "Who acted, or who started the chain that did: a name, or a principal's ARN."},
    {"actor.kind", &SignalMatch::actor_kind, &SignalTraits::actor_kind, "human role service root anonymous",
     "What kind of somebody acted."},
    {"origin.kind", &SignalMatch::origin_kind, &SignalTraits::origin_kind, "human role service root anonymous",
     "The same of who started the chain."},
};

/// A SignalMatch made ready. A value.
class SignalMatcher {
 public:
  explicit SignalMatcher(const SignalMatch& match);

  /// The first trait of which nothing fits; null: it fits, as each list that is given has a name for something of the
  /// signal's. For routes: a signal that is about several accounts goes where one of them leads.
  const Trait* misfit(const SignalTraits& traits) const;

  /// Whether each list that is given has a name for everything of the signal's, and there is something. For silences:
  /// nothing is kept from people because of what it has beside.
  bool covers(const SignalTraits& traits) const;

 private:
  struct Wanted {
    const Trait* trait;
    std::vector<engine::Pattern> patterns;
  };
  static bool fits(const Wanted& wanted, const SignalTraits::Names& names);

  std::vector<Wanted> wanted_;  // those given
};

/// `account.env is dev, not prod or stage`.
std::string misfit_words(const Trait& trait, const SignalMatch& match, const SignalTraits& traits);

/// `*` and `?` are wildcards; letter case is nothing.
engine::Pattern glob(std::string_view text);

}  // namespace tripline::alerts
