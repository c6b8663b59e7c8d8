#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/event.h"
#include "engine/rule_set.h"
#include "engine/taken_away.h"

namespace tripline::engine {

/// Finds the detections that hold on an event. Candidates come from an index over the detections' Needs; each distinct
/// predicate is evaluated at most once per event, and only when a candidate asks for it.
///
/// The index is built once, by the first constructor; a copy of a Matcher shares it, so that each worker has one.
/// Threads: one per worker (it has scratch memory); the RuleSet and the index are shared and immutable.
class Matcher {
 public:
  /// `origins`: kLater puts detections that read an origin apart (undecided()).
  explicit Matcher(std::shared_ptr<const RuleSet> rules, Origins origins = Origins::kKnown);

  /// Detections that hold, as indices into RuleSet::detections, ascending. Valid until the next call. `event` reads
  /// the fields of the same RuleSet. Nothing is allocated once the first events have been seen, but by the event.
  const std::vector<std::uint32_t>& match(Event& event);

  /// Those that may match the event of the last match(), once its origin is known: all that read an origin and hold
  /// for some origin, and some that hold for none. Ascending.
  const std::vector<std::uint32_t>& undecided() const { return undecided_; }

  Origins origins() const { return origins_; }
  /// What filters took away from the event of the last match(): one for each filter and detection. It costs nothing
  /// where a detection does not match without its filters either.
  const std::vector<TakenAway>& taken_away() const { return taken_away_; }

  /// How many detections no index can dismiss, so that they are evaluated on every event.
  std::size_t unindexed() const;

  /// Counters since this Matcher was made or copied.
  struct Counts {
    std::uint64_t events = 0;
    std::uint64_t candidates = 0;  // detections whose condition was evaluated
    std::uint64_t predicates = 0;  // evaluated; each at most once per event
  };
  const Counts& counts() const { return counts_; }

 private:
  struct Compiled;

  std::shared_ptr<const RuleSet> rules_;
  std::shared_ptr<const Compiled> compiled_;
  Origins origins_;
  std::vector<std::uint32_t> found_;
  std::vector<std::uint32_t> undecided_;
  std::vector<TakenAway> taken_away_;
  std::vector<std::uint64_t> detection_stamps_;  // by detection: the event that it was judged on
  std::vector<std::uint64_t>
      predicate_stamps_;  // by predicate: twice the event that it was evaluated on, plus its answer
  std::uint64_t stamp_ = 0;
  Counts counts_;
};

/// The oracle: every detection, every predicate from scratch, no index and no memory. Same result as Matcher::match.
std::vector<std::uint32_t> full_scan(const RuleSet& rules, Event& event);

/// The oracle for one expression; what `explain` prints.
bool holds(const Expression& expression, const RuleSet& rules, Event& event);

}  // namespace tripline::engine
