#include "app/rule_selection.h"

#include <algorithm>

#include "engine/pattern.h"
#include "engine/text.h"
#include "rules/diagnostic.h"
#include "rules/sigma_string.h"

namespace tripline::app {

namespace {

/// Calls `visit` with what each detection and correlation says of itself.
template <class Visit>
void each_rule(const engine::RuleSet& rules, const Visit& visit) {
  for (const auto& detection : rules.detections) visit(detection.rule);
  for (const auto& correlation : rules.correlations) visit(correlation.rule);
}

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
  each_rule(rules, [&](const engine::Rule& rule) {
    const auto words = words_of(rule.title);
    for (std::size_t i = 0; i + length <= words.size(); ++i) {
      const std::string_view last = words[i + length - 1];
      runs.push_back({words[i].data(), static_cast<std::size_t>(last.data() + last.size() - words[i].data())});
    }
  });
  const std::string_view near = rules::did_you_mean(name, runs);
  return near.empty() ? "" : "*" + std::string(near) + "*";
}

bool has_one_of(const engine::Rule& rule, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [&](const auto& name) { return is_named(rule, name); });
}

/// What of a RuleSelection concerns one rule.
class Choice {
 public:
  explicit Choice(const RuleSelection& selection) : selection_(selection) {}

  bool runs(const engine::Rule& rule) const { return is_selected(rule, selection_); }
  /// Informational rules and those that correlations are built on open signals when they are asked for.
  template <class Compiled>
  bool opens(const Compiled& compiled) const {
    if (!runs(compiled.rule)) return false;
    if (has_one_of(compiled.rule, selection_.names)) return true;
    const bool asked = selection_.level == engine::Level::kInformational;
    return !compiled.silenced && (asked || compiled.rule.level != engine::Level::kInformational);
  }

 private:
  const RuleSelection& selection_;
};

/// Moves those that are kept to the front; the new place of each of them.
template <class Compiled>
std::vector<std::uint32_t> compact(std::vector<Compiled>& all, const std::vector<bool>& kept) {
  std::vector<std::uint32_t> places(all.size());
  std::vector<Compiled> rest;
  for (std::size_t i = 0; i < all.size(); ++i) {
    places[i] = static_cast<std::uint32_t>(rest.size());
    if (kept[i]) rest.push_back(std::move(all[i]));
  }
  all = std::move(rest);
  return places;
}

/// Leaves the rules that run, and what correlations among them are built on.
void keep_chosen(engine::RuleSet& rules, const Choice& choice) {
  std::vector<bool> detections;
  std::vector<bool> correlations;
  for (auto& detection : rules.detections) {
    detections.push_back(choice.runs(detection.rule));
    detection.opens_signals = choice.opens(detection);
  }
  for (auto& correlation : rules.correlations) {
    correlations.push_back(choice.runs(correlation.rule));
    correlation.opens_signals = choice.opens(correlation);
  }
  for (std::size_t i = correlations.size(); i-- > 0;) {  // what others are built on stands before them
    if (!correlations[i]) continue;
    for (const auto& input : rules.correlations[i].inputs) {
      (input.is_correlation ? correlations : detections)[input.index] = true;
    }
  }
  const auto detection_places = compact(rules.detections, detections);
  const auto correlation_places = compact(rules.correlations, correlations);
  for (auto& correlation : rules.correlations) {
    for (auto& input : correlation.inputs) {
      input.index = (input.is_correlation ? correlation_places : detection_places)[input.index];
    }
  }
  engine::link(rules);
}

}  // namespace

std::string meant_by(const engine::RuleSet& rules, const std::string& name) {
  std::vector<std::string_view> names;
  each_rule(rules, [&](const engine::Rule& rule) {
    for (const std::string_view known :
         {std::string_view(rule.id), std::string_view(rule.name), std::string_view(rule.title)}) {
      if (!known.empty()) names.push_back(known);
    }
  });
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

bool is_selected(const engine::Rule& rule, const RuleSelection& selection) {
  if (selection.level && rule.level < *selection.level) return false;
  return selection.names.empty() || has_one_of(rule, selection.names);
}

engine::Result<void> check_names(const engine::RuleSet& rules, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    bool known = false;
    each_rule(rules, [&](const engine::Rule& rule) { known |= is_named(rule, name); });
    if (!known) return engine::fail(engine::ErrorCode::kUsage, "no rule is named " + name + meant_by(rules, name));
  }
  return {};
}

engine::Result<std::shared_ptr<const engine::RuleSet>> select_rules(std::shared_ptr<const engine::RuleSet> rules,
                                                                    const RuleSelection& selection) {
  if (!selection.level && selection.names.empty() && selection.fields.empty()) return rules;
  if (const auto known = check_names(*rules, selection.names); !known) return known.error();
  auto selected = std::make_shared<engine::RuleSet>(*rules);
  keep_chosen(*selected, Choice(selection));
  std::vector<engine::FieldId> shown;
  for (const auto& field : selection.fields) shown.push_back(selected->fields.intern(field));
  if (!shown.empty()) {
    for (auto& detection : selected->detections) detection.shown = shown;
  }
  return std::shared_ptr<const engine::RuleSet>(std::move(selected));
}

}  // namespace tripline::app
