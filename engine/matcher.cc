#include "engine/matcher.h"

#include <algorithm>

#include "engine/condition_table.h"
#include "engine/match_index.h"

namespace tripline::engine {
struct Matcher::Compiled {
  explicit Compiled(const RuleSet& rules) : index(needs_of(rules)), conditions(rules) {
    for (const auto& detection : rules.detections) one_category |= detection.categories != kAnyCategory;
  }

  MatchIndex index;
  ConditionTable conditions;
  bool one_category = false;  // some detection wants one; else the event's need not be read
};

Matcher::Matcher(std::shared_ptr<const RuleSet> rules)
    : rules_(std::move(rules)),
      compiled_(std::make_shared<const Compiled>(*rules_)),
      detection_stamps_(rules_->detections.size(), 0),
      predicate_stamps_(rules_->predicates.size(), 0) {}

const std::vector<std::uint32_t>& Matcher::match(Event& event) {
  found_.clear();
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
  compiled_->index.candidates(event, [&](std::uint32_t detection) {
    if (detection_stamps_[detection] == stamp_) return;
    detection_stamps_[detection] = stamp_;
    if ((rules_->detections[detection].categories & category) == 0) return;
    ++counts_.candidates;
    if (compiled_->conditions.holds(detection, predicate_holds)) found_.push_back(detection);
  });
  std::sort(found_.begin(), found_.end());
  return found_;
}

std::size_t Matcher::unindexed() const { return compiled_->index.unindexed(); }

}  // namespace tripline::engine
