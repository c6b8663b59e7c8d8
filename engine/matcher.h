#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/event.h"
#include "engine/rule_set.h"

namespace tripline::engine {

/// Finds the detections that hold on an event. Candidates come from an index over the detections' Needs; each distinct
/// predicate is evaluated at most once per event, and only when a candidate asks for it.
///
/// Threads: one per worker (it has scratch memory); the RuleSet and the index are shared and immutable.
class Matcher {
 public:
  explicit Matcher(std::shared_ptr<const RuleSet> rules);
  ~Matcher();

  /// Detections that hold, as indices into RuleSet::detections, ascending. Valid until the next call.
  const std::vector<std::uint32_t>& match(Event& event);

  /// How many detections no index can dismiss, so that they are evaluated on every event.
  std::size_t unindexed() const;

 private:
  struct Index;
  std::shared_ptr<const RuleSet> rules_;
  std::shared_ptr<const Index> index_;
  std::vector<std::uint32_t> found_;
  std::vector<std::uint64_t> candidate_stamps_;  // by detection
  std::vector<std::uint32_t> candidates_;
  std::vector<std::uint64_t> predicate_stamps_;  // by predicate: 2 * stamp + its value
  std::uint64_t stamp_ = 0;

  bool holds(const Expression& expression, Event& event);
};

/// The oracle: every detection, every predicate from scratch, no index and no memory. Same result as Matcher::match.
std::vector<std::uint32_t> full_scan(const RuleSet& rules, Event& event);

/// The oracle for one expression; what `explain` prints.
bool holds(const Expression& expression, const RuleSet& rules, Event& event);

}  // namespace tripline::engine
