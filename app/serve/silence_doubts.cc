#include "app/serve/silence_doubts.h"

#include <algorithm>
#include <string_view>

#include "engine/text.h"
#include "rules/diagnostic.h"

namespace tripline::app {
namespace {

std::vector<const engine::Rule*> all_of(const engine::RuleSet& rules) {
  std::vector<const engine::Rule*> all;
  for (const auto& one : rules.detections) all.push_back(&one.rule);
  for (const auto& one : rules.correlations) all.push_back(&one.rule);
  return all;
}

/// The rule that a word which is no id may stand for; null: none is near.
const engine::Rule* meant(std::string_view word, const std::vector<const engine::Rule*>& rules) {
  std::vector<std::string_view> names;
  std::vector<const engine::Rule*> named;
  for (const engine::Rule* rule : rules) {
    for (const std::string* name : {&rule->title, &rule->name, &rule->id}) {
      if (name->empty()) continue;
      names.push_back(*name);
      named.push_back(rule);
      if (engine::equals_folded(*name, engine::fold(word))) return rule;
    }
  }
  const std::string_view near = rules::did_you_mean(word, names);
  const auto at = std::find(names.begin(), names.end(), near);
  return near.empty() ? nullptr : named[static_cast<std::size_t>(at - names.begin())];
}

}  // namespace

std::vector<std::string> silence_doubts(const alerts::SignalMatch& match, const engine::RuleSet& rules) {
  std::vector<std::string> doubts;
  const auto all = all_of(rules);
  for (const std::string& word : match.rule) {
    const engine::Pattern pattern = alerts::glob(word);
    if (std::any_of(all.begin(), all.end(), [&](const engine::Rule* rule) { return pattern.matches(rule->id); })) {
      continue;
    }
    std::string doubt = "no rule has the id " + word;
    if (const engine::Rule* rule = meant(word, all)) doubt += "; did you mean " + rule->id + " (" + rule->title + ")?";
    doubts.push_back(std::move(doubt));
  }
  return doubts;
}

}  // namespace tripline::app
