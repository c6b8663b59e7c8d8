#include "rules/override_effect.h"

#include <algorithm>

#include "engine/text.h"
#include "rules/sigma_string.h"
#include "rules/timespan.h"

namespace tripline::rules {
namespace {

using Texts = std::vector<std::string>;

std::vector<engine::Pattern> patterns_of(const Texts& texts) {
  std::vector<engine::Pattern> patterns;
  for (const std::string& text : texts) patterns.emplace_back(parse_sigma_string(text), false);
  return patterns;
}

bool some_matches(const std::vector<engine::Pattern>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) { return pattern.matches(text); });
}

/// The whole path, or its end from behind some slash on.
bool some_matches_end(const std::vector<engine::Pattern>& patterns, std::string_view path) {
  while (true) {
    if (some_matches(patterns, path)) return true;
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
}

bool holds_folded(const Texts& texts, std::string_view text) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const auto& each) { return engine::fold(each) == engine::fold(text); });
}

void merge(const Override& later, Changes& into) {
  if (later.enabled) into.enabled = later.enabled;
  if (later.level) into.level = later.level;
  if (later.dry_run) into.dry_run = later.dry_run;
  if (later.period) into.period = later.period;
  if (later.group) into.group = later.group;
}

std::string words_of(const Override& one) {
  Texts parts;
  if (one.enabled) parts.push_back(*one.enabled ? "enabled" : "disabled");
  if (one.level) parts.push_back("level " + std::string(engine::name_of(*one.level)));
  if (one.dry_run) parts.push_back(*one.dry_run ? "dry_run" : "live");
  if (one.period) parts.push_back("period " + timespan_text(one.period->count()));
  if (one.group) parts.push_back("group");
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  text += " by " + one.at.path + ":" + std::to_string(one.at.line);
  return one.reason.empty() ? text : text + " (" + one.reason + ")";
}

}  // namespace

OverrideEffects::OverrideEffects(const std::vector<Override>& overrides) : overrides_(overrides) {
  for (const Override& one : overrides) {
    const Override::Match& match = one.match;
    patterns_.push_back({patterns_of(match.ids), patterns_of(match.names), patterns_of(match.tags),
                         patterns_of(match.statuses), patterns_of(match.paths)});
    for (const std::string& env : match.account_envs) {
      if (!holds_folded(envs_, env)) envs_.push_back(env);
    }
  }
  std::sort(envs_.begin(), envs_.end());
}

bool OverrideEffects::fits(std::size_t override, const engine::Rule& rule, bool level_given) const {
  const Patterns& wanted = patterns_[override];
  const auto& levels = overrides_[override].match.levels;
  if (!wanted.ids.empty() && !some_matches(wanted.ids, rule.id)) return false;
  if (!wanted.names.empty() && !(!rule.name.empty() && some_matches(wanted.names, rule.name)) &&
      !some_matches(wanted.names, rule.title)) {
    return false;
  }
  if (!wanted.tags.empty() && std::none_of(rule.tags.begin(), rule.tags.end(),
                                           [&](const auto& tag) { return some_matches(wanted.tags, tag); })) {
    return false;
  }
  if (!levels.empty() && (!level_given || std::find(levels.begin(), levels.end(), rule.level) == levels.end())) {
    return false;
  }
  if (!wanted.statuses.empty() && !some_matches(wanted.statuses, rule.status)) return false;
  return wanted.paths.empty() || some_matches_end(wanted.paths, rule.path);
}

template <class Visit>
void OverrideEffects::each(const engine::Rule& rule, bool level_given, std::string_view env, const Visit& visit) const {
  for (std::size_t i = 0; i < overrides_.size(); ++i) {
    const Texts& envs = overrides_[i].match.account_envs;
    const bool there = envs.empty() || (!env.empty() && holds_folded(envs, env));
    if (there && fits(i, rule, level_given)) visit(overrides_[i]);
  }
}

Changes OverrideEffects::changes(const engine::Rule& rule, bool level_given, std::string_view env) const {
  Changes all;
  each(rule, level_given, env, [&](const Override& one) { merge(one, all); });
  return all;
}

std::string OverrideEffects::words(const engine::Rule& rule, bool level_given, std::string_view env) const {
  std::string text;
  each(rule, level_given, env, [&](const Override& one) { text += (text.empty() ? "" : "; ") + words_of(one); });
  return text;
}

}  // namespace tripline::rules
