#include "alerts/signal_match.h"

#include <algorithm>
#include <utility>

namespace tripline::alerts {
namespace {

using Names = SignalTraits::Names;
using Things = SignalTraits::Things;

/// Without empty names, and each thing once.
void add(Things& things, Names names) {
  std::erase(names, "");
  if (std::find(things.begin(), things.end(), names) == things.end()) things.push_back(std::move(names));
}

/// `a`, `a or b`, `a, b or c`.
std::string either(const std::vector<std::string>& texts) {
  std::string all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) all += i + 1 == texts.size() ? " or " : ", ";
    all += texts[i];
  }
  return all;
}

}  // namespace

SignalTraits SignalTraits::of(const engine::Signal& signal, const engine::Accounts* accounts) {
  SignalTraits traits;
  const engine::Rule& rule = signal.rule();
  add(traits.level, {std::string(name_of(rule.level))});
  for (const auto& action : signal.actions) {
    for (const auto& row : engine::kOutcomeCounts) {
      if (action.*row.count > 0) add(traits.outcome, {std::string(row.outcome)});
    }
  }
  add(traits.rule, {rule.id});
  for (const std::string& tag : rule.tags) add(traits.tag, {tag});
  for (const std::string& id : signal.accounts) {
    const engine::AccountFacts* facts = accounts == nullptr ? nullptr : accounts->find(id);
    add(traits.account, {id, facts == nullptr ? "" : facts->name});
    add(traits.account_env, {facts == nullptr ? "" : facts->env});
  }
  Names in_evidence;
  for (const auto& event : signal.evidence) {
    in_evidence.push_back(event->actor);
    if (event->actor.empty() && event->actor_principal.empty()) continue;
    add(traits.actor, {event->actor, event->actor_principal, event->origin, event->origin_principal});
    add(traits.actor_kind, {event->actor_kind});
    if (!event->origin_kind.empty()) add(traits.origin_kind, {event->origin_kind});
  }
  for (const std::string& actor : signal.actors) {
    if (std::find(in_evidence.begin(), in_evidence.end(), actor) == in_evidence.end()) add(traits.actor, {actor});
  }
  return traits;
}

bool SignalMatch::empty() const {
  return std::all_of(std::begin(kTraits), std::end(kTraits),
                     [this](const Trait& trait) { return (this->*trait.wanted).empty(); });
}

SignalMatcher::SignalMatcher(const SignalMatch& match) {
  for (const Trait& trait : kTraits) {
    Wanted wanted{&trait, {}};
    for (const std::string& text : match.*trait.wanted) wanted.patterns.push_back(glob(text));
    if (!wanted.patterns.empty()) wanted_.push_back(std::move(wanted));
  }
}

bool SignalMatcher::fits(const Wanted& wanted, const Names& names) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::any_of(wanted.patterns.begin(), wanted.patterns.end(),
                       [&](const engine::Pattern& pattern) { return pattern.matches(name); });
  });
}

const Trait* SignalMatcher::misfit(const SignalTraits& traits) const {
  for (const Wanted& wanted : wanted_) {
    const Things& things = traits.*wanted.trait->has;
    if (std::none_of(things.begin(), things.end(), [&](const Names& names) { return fits(wanted, names); })) {
      return wanted.trait;
    }
  }
  return nullptr;
}

bool SignalMatcher::covers(const SignalTraits& traits) const {
  return std::all_of(wanted_.begin(), wanted_.end(), [&](const Wanted& wanted) {
    const Things& things = traits.*wanted.trait->has;
    return !things.empty() &&
           std::all_of(things.begin(), things.end(), [&](const Names& names) { return fits(wanted, names); });
  });
}

std::string misfit_words(const Trait& trait, const SignalMatch& match, const SignalTraits& traits) {
  std::vector<std::string> has;
  for (const Names& names : traits.*trait.has) has.push_back(names.empty() ? "(none)" : names.front());
  return std::string(trait.key) + " is " + (has.empty() ? "not known" : either(has)) + ", not " +
         either(match.*trait.wanted);
}

engine::Pattern glob(std::string_view text) {
  using Part = engine::Pattern::Part;
  std::vector<Part> parts;
  for (const char c : text) {
    if (c == '*' || c == '?') {
      parts.push_back({c == '*' ? Part::Kind::kMany : Part::Kind::kOne, ""});
    } else {
      parts.push_back({Part::Kind::kText, std::string(1, c)});
    }
  }
  return {std::move(parts), false};
}

}  // namespace tripline::alerts
