#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/rule_set.h"
#include "rules/loading.h"
#include "rules/uuid5.h"

namespace tripline::rules {
namespace {

using Envs = std::vector<std::string>;

/// What holds for the events of accounts of some `env`s.
struct Part {
  Changes changes;
  Envs envs;
};

class AccountSplit {
 public:
  explicit AccountSplit(Loading& loading) : loading_(loading) {}

  void run() {
    std::vector<std::string> out_of_reach;
    const Position* at = nullptr;
    for (std::size_t state = 0; state < loading_.overridden.size(); ++state) {
      if (loading_.overridden[state].by_env.empty() || !loading_.is(state, RuleState::State::kLoaded)) continue;
      const auto place = loading_.loaded[state];
      if (place && loading_.rules.detections[*place].feeds.empty() && loading_.rules.cloudtrail) {
        split(*place, loading_.overridden[state]);
      } else {
        if (place && loading_.overridden[state].all.disables()) {
          loading_.rules.detections[*place].opens_signals = false;
        }
        out_of_reach.push_back("`" + loading_.states[state].rule.title + "`");
        loading_.states[state].overridden += "; not by account, as correlations see all its events";
      }
    }
    for (const Override& one : loading_.options.overrides) {
      if (at == nullptr && !one.match.account_envs.empty()) at = &one.at;
    }
    if (out_of_reach.empty()) return;
    const std::string more = out_of_reach.size() > 1 ? " and " + std::to_string(out_of_reach.size() - 1) + " more" : "";
    loading_.diagnostics.add("override-partial", *at,
                             "an override by account does not reach " + out_of_reach.front() + more +
                                 ": correlations look at the events of all accounts together",
                             "write a Sigma filter on `account.env` for their base rules");
  }

 private:
  /// Parts of the detection in place of it, one for all accounts with the same changes. Those that are disabled are
  /// none; the part for all other accounts keeps the rule's id.
  void split(std::uint32_t place, const Overridden& overridden) {
    const engine::Detection whole = loading_.rules.detections[place];
    std::vector<Part> parts;
    Envs all;
    for (const auto& of_env : overridden.by_env) {
      all.push_back(of_env.first);
      const auto same =
          std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return part.changes == of_env.second; });
      if (same == parts.end()) {
        parts.push_back({of_env.second, {of_env.first}});
      } else {
        same->envs.push_back(of_env.first);
      }
    }
    std::vector<engine::Detection> made;
    if (!overridden.all.disables()) {
      made.push_back(whole);
      made.back().condition = engine::Expression::all({whole.condition, engine::Expression::negate(of_accounts(all))});
    }
    for (const Part& part : parts) {
      if (!part.changes.disables()) made.push_back(changed(whole, part));
    }
    loading_.rules.detections[place] = std::move(made.front());  // some part is enabled, or it would not be here
    for (std::size_t i = 1; i < made.size(); ++i) loading_.rules.detections.push_back(std::move(made[i]));
  }

  engine::Detection changed(const engine::Detection& whole, const Part& part) {
    engine::Detection detection = whole;
    detection.condition = engine::Expression::all({whole.condition, of_accounts(part.envs)});
    std::string name = whole.rule.id + "\naccount.env=";
    for (const std::string& env : part.envs) name += (env == part.envs.front() ? "" : ",") + env;
    detection.rule.id = uuid5(name);
    detection.rule.name.clear();
    const Changes& changes = part.changes;
    if (changes.level) detection.rule.level = *changes.level;
    if (changes.dry_run) detection.rule.dry_run = *changes.dry_run;
    if (changes.period) detection.period = *changes.period;
    if (changes.group) {
      detection.group.clear();
      for (const std::string& field : *changes.group) detection.group.push_back(loading_.rules.fields.intern(field));
    }
    detection.opens_signals = detection.rule.level != engine::Level::kInformational;
    return detection;
  }

  /// `account.env` is one of them.
  engine::Expression of_accounts(const Envs& envs) {
    FieldItem item{.field = "account.env", .modifiers = {}, .values = {}, .is_list = true, .at = {}};
    for (const std::string& env : envs) {
      std::string text;
      for (const char c : env) text += (c == '*' || c == '?' || c == '\\' ? "\\" : "") + std::string(1, c);
      item.values.push_back({Scalar::Kind::kString, text, {}});
    }
    DetectionBody body;
    body.searches.push_back({"override", {{item}}, {}});
    body.conditions.push_back({"override", {}});
    Diagnostics none;
    return *lower(body, "", loading_.lists, {}, loading_.rules, none);  // nothing in it can be wrong
  }

  Loading& loading_;
};

}  // namespace

void split_by_account(Loading& loading) { AccountSplit(loading).run(); }

}  // namespace tripline::rules
