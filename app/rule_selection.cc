#include "app/rule_selection.h"

#include <algorithm>

#include "engine/pattern.h"
#include "engine/text.h"
#include "rules/diagnostic.h"
#include "rules/sigma_string.h"

namespace tripline::app {

namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(' ', at)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

/// The pattern for titles that hold words like those of `name`; empty: none does.
std::string pattern_like(const engine::RuleSet& rules, std::string_view name) {
  const std::size_t first = name.find_first_not_of("* ");
  if (first == std::string_view::npos) return "";
  name = name.substr(first, name.find_last_not_of("* ") - first + 1);
  const std::size_t length = words_of(name).size();
  std::vector<std::string_view> runs;  // of as many words; views of titles
  for (const auto& detection : rules.detections) {
    const auto words = words_of(detection.rule.title);
    for (std::size_t i = 0; i + length <= words.size(); ++i) {
      const std::string_view last = words[i + length - 1];
      runs.push_back({words[i].data(), static_cast<std::size_t>(last.data() + last.size() - words[i].data())});
    }
  }
  const std::string_view near = rules::did_you_mean(name, runs);
  return near.empty() ? "" : "*" + std::string(near) + "*";
}

}  // namespace

std::string meant_by(const engine::RuleSet& rules, const std::string& name) {
  std::vector<std::string_view> names;
  for (const auto& detection : rules.detections) {
    for (const std::string_view known : {std::string_view(detection.rule.id), std::string_view(detection.rule.name),
                                         std::string_view(detection.rule.title)}) {
      if (!known.empty()) names.push_back(known);
    }
  }
  const std::string_view near = rules::did_you_mean(name, names);
  if (!near.empty()) return "; did you mean " + std::string(near) + "?";
  const std::string pattern = pattern_like(rules, name);
  return pattern.empty() ? "; `tripline rules` lists them all" : "; did you mean '" + pattern + "'?";
}

bool is_named(const engine::Rule& rule, const std::string& name) {
  const std::string folded = engine::fold(name);
  if (engine::equals_folded(rule.id, folded) || (!rule.name.empty() && engine::equals_folded(rule.name, folded))) {
    return true;
  }
  return engine::Pattern(rules::parse_sigma_string(name), false).matches(rule.title);
}

engine::Result<std::shared_ptr<const engine::RuleSet>> select_rules(std::shared_ptr<const engine::RuleSet> rules,
                                                                    const RuleSelection& selection) {
  const auto is_chosen = [&](const engine::Rule& rule) {
    return std::any_of(selection.names.begin(), selection.names.end(),
                       [&](const auto& name) { return is_named(rule, name); });
  };
  // Informational rules open signals when they are asked for; and base rules do, as nobody evaluates correlations yet.
  const auto opens = [&](const engine::Rule& rule) {
    return rule.level != engine::Level::kInformational || selection.level == engine::Level::kInformational ||
           is_chosen(rule);
  };
  const bool as_they_are = std::all_of(rules->detections.begin(), rules->detections.end(), [&](const auto& detection) {
    return detection.opens_signals == opens(detection.rule);
  });
  if (as_they_are && !selection.level && selection.names.empty() && selection.fields.empty()) return rules;
  for (const auto& name : selection.names) {
    const bool known = std::any_of(rules->detections.begin(), rules->detections.end(),
                                   [&](const auto& detection) { return is_named(detection.rule, name); });
    if (!known) return engine::fail(engine::ErrorCode::kUsage, "no rule is named " + name + meant_by(*rules, name));
  }
  auto selected = std::make_shared<engine::RuleSet>(*rules);
  std::erase_if(selected->detections, [&](const engine::Detection& detection) {
    if (selection.level && detection.rule.level < *selection.level) return true;
    return !selection.names.empty() && !is_chosen(detection.rule);
  });
  for (auto& detection : selected->detections) detection.opens_signals = opens(detection.rule);
  std::vector<engine::FieldId> shown;
  for (const auto& field : selection.fields) shown.push_back(selected->fields.intern(field));
  if (!shown.empty()) {
    for (auto& detection : selected->detections) detection.shown = shown;
  }
  return std::shared_ptr<const engine::RuleSet>(std::move(selected));
}

}  // namespace tripline::app
