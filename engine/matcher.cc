#include "engine/matcher.h"

#include <algorithm>

#include "engine/condition_table.h"
#include "engine/match_index.h"

namespace tripline::engine {
struct Matcher::Compiled {
  Compiled(const RuleSet& rules, Origins origins)
      : index(needs_of(rules, origins)),
        conditions(rules),
        of_origin(rules.detections.size()),
        unknown(rules.predicates.size()) {
    for (const auto& detection : rules.detections) one_category |= detection.categories != kAnyCategory;
    if (origins == Origins::kKnown || !rules.cloudtrail) return;
    for (std::uint32_t i = 0; i < of_origin.size(); ++i) of_origin[i] = needs_lineage(rules.detections[i], rules);
    for (PredicateId id = 0; id < unknown.size(); ++id) unknown[id] = needs_lineage(rules.predicates[id], rules.fields);
  }

  MatchIndex index;
  ConditionTable conditions;
  std::vector<bool> of_origin;  // by detection: it is undecided while the origin is not known
  std::vector<bool> unknown;    // by predicate: nobody knows while the origin is not known
  bool one_category = false;    // some detection wants one; else the event's need not be read
};

Matcher::Matcher(std::shared_ptr<const RuleSet> rules, Origins origins)
    : rules_(std::move(rules)),
      compiled_(std::make_shared<const Compiled>(*rules_, origins)),
      origins_(origins),
      detection_stamps_(rules_->detections.size(), 0),
      predicate_stamps_(rules_->predicates.size(), 0) {}

const std::vector<std::uint32_t>& Matcher::match(Event& event) {
  found_.clear();
  undecided_.clear();
  taken_away_.clear();
  ++stamp_;
  ++counts_.events;
  const Category category = compiled_->one_category ? event.category() : kAnyCategory;
  auto predicate_holds = [&](PredicateId id) {
    std::uint64_t& stamp = predicate_stamps_[id];
    if (stamp >> 1 != stamp_) {
      ++counts_.predicates;
      stamp = stamp_ << 1 | static_cast<std::uint64_t>(evaluate(rules_->predicates[id], event));
    }
    return (stamp & 1) != 0;
  };
  auto is_unknown = [&](PredicateId id) -> bool { return compiled_->unknown[id]; };
  compiled_->index.candidates(event, [&](std::uint32_t detection) {
    if (detection_stamps_[detection] == stamp_) return;
    detection_stamps_[detection] = stamp_;
    if ((rules_->detections[detection].categories & category) == 0) return;
    ++counts_.candidates;
    const auto takes_away = [&](std::uint32_t filter) {
      const bool again = !taken_away_.empty() && taken_away_.back().detection == detection;
      taken_away_.push_back({detection, filter, again});
    };
    if (compiled_->of_origin[detection]) {
      if (compiled_->conditions.may_hold(detection, predicate_holds, is_unknown)) undecided_.push_back(detection);
    } else if (compiled_->conditions.holds(detection, predicate_holds, takes_away)) {
      found_.push_back(detection);
    }
  });
  std::sort(found_.begin(), found_.end());
  std::sort(undecided_.begin(), undecided_.end());
  return found_;
}

std::size_t Matcher::unindexed() const { return compiled_->index.unindexed(); }

}  // namespace tripline::engine
