#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include "rules/condition.h"
#include "rules/feed.h"
#include "rules/head_reader.h"
#include "rules/loading.h"

namespace tripline::rules {
namespace {

using State = RuleState::State;

bool has_not(const Condition& condition) {
  return condition.kind == Condition::Kind::kNot ||
         std::any_of(condition.children.begin(), condition.children.end(), has_not);
}

/// Whether some condition, or some `neq` field, takes events away by what they are.
bool negates(const DetectionBody& body) {
  for (const ConditionText& text : body.conditions) {
    const auto parsed = parse_condition(text.text);
    if (const auto* condition = std::get_if<Condition>(&parsed); !condition || has_not(*condition)) return true;
  }
  for (const Search& search : body.searches) {
    for (const auto& map : search.any) {
      for (const FieldItem& item : map) {
        if (std::find(item.modifiers.begin(), item.modifiers.end(), "neq") != item.modifiers.end()) return true;
      }
    }
  }
  return false;
}

class FilterStep {
 public:
  FilterStep(Loading& loading, const FilterRule& filter, std::size_t state)
      : loading_(loading), filter_(filter), state_(state) {}

  void run() {
    if (has_ended()) {
      loading_.diagnostics.append(std::move(found_));
      return;
    }
    if (filter_.rules.empty()) {
      take_all();
    } else {
      for (const Reference& reference : filter_.rules) take(reference);
    }
    std::sort(targets_.begin(), targets_.end());
    targets_.erase(std::unique(targets_.begin(), targets_.end()), targets_.end());
    auto& into = targets_.empty() ? loading_.others : loading_.rules;
    auto condition = lower(filter_.body, filter_.rule.title, loading_.lists, loading_.options.fields, into, found_);
    if (found_.errors() == 0 && condition) {
      warn_if_it_negates_nothing();
      apply(std::move(*condition));
    } else {
      loading_.leave_out(state_, State::kFailed, found_.first_error());
    }
    loading_.diagnostics.append(std::move(found_));
  }

 private:
  /// Whether the filter's last day is over. It says so, and also when it will be within a week.
  bool has_ended() {
    const auto& settings = filter_.tripline.settings;
    const auto text = settings.find("expires");
    const auto expires = text == settings.end() ? std::nullopt : parse_date(text->second);
    const auto& today = loading_.options.today;
    constexpr std::chrono::days kWarned{7};
    if (!today || !expires || *expires - *today > kWarned) return false;
    const auto reason = settings.find("reason");
    const std::string when = text->second + (reason == settings.end() ? "" : " (" + reason->second + ")");
    const std::string hint = "set a later date if it is still needed";
    if (*expires > *today) {
      report("filter-expires-soon", filter_.at, "the filter `" + filter_.rule.title + "` ends on " + when, hint);
      return false;
    }
    report("filter-expired", filter_.at, "the filter `" + filter_.rule.title + "` ended on " + when,
           "remove it, or " + hint);
    loading_.leave_out(state_, State::kSkippedStatus, "it ended on " + text->second);
    return true;
  }

  void report(std::string_view code, const Position& at, std::string message, std::string hint) {
    found_.add(code, at, std::move(message), std::move(hint), filter_.rule.title);
  }

  bool fits(const engine::Rule& rule) const { return engine::feeds(rule.log_source, filter_.rule.log_source); }

  void take_all() {
    for (std::size_t state = 0; state < loading_.states.size(); ++state) {
      if (!fits(loading_.states[state].rule) || loading_.states[state].kind != DocumentKind::kDetection) continue;
      if (loading_.loaded[state]) targets_.push_back(*loading_.loaded[state]);
      if (loading_.is(state, State::kOtherLogSource)) other_ = true;
    }
    if (targets_.empty() && !other_) {
      report("filter-unknown-rule", filter_.head.log_source_at, "no loaded rule is of the filter's log source",
             "it applies to rules whose log source has " + describe(filter_.rule.log_source));
    }
  }

  void take(const Reference& reference) {
    const auto found = loading_.index.find(reference.name);
    if (!found) {
      report("filter-unknown-rule", reference.at, "no loaded rule has the id or name `" + reference.name + "`",
             hint_for(loading_, reference.name, "load the rule with the filter, or remove the reference"));
      return;
    }
    const RuleState& state = loading_.states[found->place];
    if (found->by_title) {
      report("filter-unknown-rule", reference.at, "filters name rules by id or name, not by title",
             "write `" + state.rule.id + "`");
    } else if (state.kind == DocumentKind::kCorrelation) {
      report("filter-names-correlation", reference.at,
             "`" + reference.name + "` is a correlation, and filters work on detections",
             "name its base rules: " + base_rules_of(found->place));
    } else if (state.kind == DocumentKind::kFilter) {
      report("filter-unknown-rule", reference.at, "`" + reference.name + "` is a filter itself", "name a detection");
    } else if (!fits(state.rule)) {
      report("filter-other-log-source", reference.at,
             "`" + reference.name + "` is of another log source (" + describe(state.rule.log_source) + ")",
             "the filter's log source may only have attributes that are the rule's");
    } else if (loading_.loaded[found->place]) {
      targets_.push_back(*loading_.loaded[found->place]);
    } else if (state.state == State::kOtherLogSource) {
      other_ = true;
    } else {
      report("filter-unknown-rule", reference.at, "`" + reference.name + "` is not loaded: " + state.why, "");
    }
  }

  std::string base_rules_of(std::size_t correlation) const {
    std::string names;
    for (const auto& item : loading_.items) {
      if (item.state != correlation) continue;
      for (const Reference& base : std::get<CorrelationRule>(item.document).rules) {
        names += (names.empty() ? "`" : ", `") + base.name + "`";
      }
    }
    return names.empty() ? "it did not load, so that they are not known" : names;
  }

  void warn_if_it_negates_nothing() {
    if (negates(filter_.body)) return;
    const ConditionText& condition = filter_.body.conditions.front();
    const bool one_name = condition.text.find_first_of(" ()") == std::string::npos;
    report("filter-negates-nothing", condition.at,
           "the filter negates nothing, so that rules keep only the events that it names",
           "did you mean `not " + (one_name ? condition.text : "(" + condition.text + ")") + "`?");
  }

  void apply(engine::Expression condition) {
    if (condition.label.empty()) condition.label = "filter " + filter_.rule.title;
    auto& filters = loading_.rules.filters;
    const auto place = static_cast<std::uint32_t>(filters.size());
    if (!targets_.empty()) filters.push_back(filter_.rule);
    for (const std::uint32_t target : targets_) loading_.rules.detections[target].add_filter({place, condition});
    if (targets_.empty() && other_) {
      loading_.leave_out(state_, State::kOtherLogSource, "the rules that it filters are of another log source");
    }
  }

  Loading& loading_;
  const FilterRule& filter_;
  const std::size_t state_;
  Diagnostics found_;
  std::vector<std::uint32_t> targets_;  // places in rules.detections
  bool other_ = false;                  // some rule that it filters is of another log source than the feed
};

}  // namespace

void apply_filters(Loading& loading) {
  for (const auto& item : loading.items) {
    const auto* filter = std::get_if<FilterRule>(&item.document);
    if (filter && loading.is(item.state, State::kLoaded)) FilterStep(loading, *filter, item.state).run();
  }
}

}  // namespace tripline::rules
