#include "alerts/signal_match.h"

#include <gtest/gtest.h>

#include "tests/support/messages.h"

namespace tripline::alerts {
namespace {

/// Who attached a policy through a role, in payments-prod.
SignalTraits full_traits() { return SignalTraits::of(*tests::full_signal(), tests::known_accounts().get()); }

SignalTraits two_accounts() {
  auto signal = tests::full_signal();
  auto other = std::make_shared<engine::Evidence>(*signal->evidence.front());
  other->event_id = "other";
  other->account = "999988887777";
  other->actor = "mallory";
  other->actor_principal = "arn:aws:iam::999988887777:user/mallory";
  other->origin = other->origin_principal = other->origin_kind = "";
  other->outcome = "denied";
  engine::show(*signal, other);
  engine::count(*signal, other->event_name, other->outcome, "AccessDenied");
  return SignalTraits::of(*signal, tests::known_accounts().get());
}

TEST(SignalMatch, FitsByEachTraitAndCoversOnlyAllOfASignal) {
  struct Case {
    std::string_view name;
    SignalMatch match;
    std::string misfit;  // the first trait; of the signal in one account
    bool covers = false;
    std::string misfit_of_two;
    bool covers_two = false;
  };
  const Case cases[] = {
      {"nothing is asked for", {}, "", true, "", true},
      {"the level", {.level = {"critical", "high"}}, "", true, "", true},
      {"another level", {.level = {"critical"}}, "level", false, "level", false},
      {"letter case is nothing", {.rule = {"0D3A0A5E-7a4c-*"}}, "", true, "", true},
      {"one of the tags is enough, but covers not", {.tag = {"attack.t1098*"}}, "", false, "", false},
      {"an account by its name", {.account = {"payments-*"}}, "", true, "", false},
      {"an account by its id", {.account = {"444455556666"}}, "", true, "", false},
      {"its environment", {.account_env = {"prod"}}, "", true, "", false},
      {"another environment", {.account_env = {"dev", "stage"}}, "account.env", false, "account.env", false},
      {"who acted", {.actor = {"build-?"}}, "", true, "", false},
      {"a principal", {.actor = {"arn:aws:iam::444455556666:role/*"}}, "", true, "", false},
      {"who started it", {.actor = {"alice"}}, "", true, "", false},
      {"both who acted", {.actor = {"alice", "mallory"}}, "", true, "", true},
      {"what kind of somebody", {.actor_kind = {"role"}}, "", true, "", true},
      {"what kind of somebody started it", {.origin_kind = {"human"}}, "", true, "", true},
      {"how it ended", {.outcome = {"success"}}, "", true, "", false},
      {"how it did not end", {.outcome = {"denied"}}, "outcome", false, "", false},
      {"the first that does not fit is said",
       {.level = {"high"}, .account_env = {"dev"}, .actor = {"bob"}},
       "account.env",
       false,
       "account.env",
       false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const SignalMatcher matcher(c.match);
    const auto misfit = [&](const SignalTraits& traits) {
      const Trait* trait = matcher.misfit(traits);
      return trait == nullptr ? "" : std::string(trait->key);
    };
    EXPECT_EQ(misfit(full_traits()), c.misfit);
    EXPECT_EQ(matcher.covers(full_traits()), c.covers);
    EXPECT_EQ(misfit(two_accounts()), c.misfit_of_two);
    EXPECT_EQ(matcher.covers(two_accounts()), c.covers_two);
  }
}

TEST(SignalMatch, KnowsNothingOfLogsWithoutActorsAndAccounts) {
  const auto traits = SignalTraits::of(*tests::bare_signal(), nullptr);
  for (const Trait& trait : kTraits) {
    SignalMatch match;
    match.*trait.wanted = {"*"};
    const bool known = trait.key == "level" || trait.key == "rule";
    EXPECT_EQ(SignalMatcher(match).misfit(traits) == nullptr, known) << trait.key;
    EXPECT_EQ(SignalMatcher(match).covers(traits), known) << trait.key;
  }
}

TEST(SignalMatch, SaysWhyASignalDoesNotFit) {
  const SignalMatch match{.level = {"critical"}, .account_env = {"dev", "stage", "test*"}, .actor_kind = {"human"}};
  const auto words = [&](std::string_view key, const SignalTraits& traits) {
    for (const Trait& trait : kTraits) {
      if (trait.key == key) return misfit_words(trait, match, traits);
    }
    return std::string();
  };
  EXPECT_EQ(words("level", full_traits()), "level is high, not critical");
  EXPECT_EQ(words("account.env", full_traits()), "account.env is prod, not dev, stage or test*");
  EXPECT_EQ(words("account.env", two_accounts()), "account.env is prod or (none), not dev, stage or test*");
  EXPECT_EQ(words("actor.kind", SignalTraits::of(*tests::bare_signal(), nullptr)),
            "actor.kind is not known, not human");
}

}  // namespace
}  // namespace tripline::alerts
