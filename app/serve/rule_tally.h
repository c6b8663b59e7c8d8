#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/correlator.h"
#include "engine/rule_counts.h"
#include "engine/rule_set.h"
#include "engine/state.h"

namespace tripline::app {

/// Of one rule, since the start of the process.
struct RuleStatus {
  engine::RuleCounts counts;
  std::map<std::string, std::uint64_t> taken_away;  // matches, by the filter's id, each delivery of an event
  engine::Correlator::Held held{};                  // of a correlation, now
};

/// What rules have come to over the States that a server has one after the other: a reload makes a new one, and so does
/// a commit that failed, whose events come again and are counted then.
/// Memory: about 100 bytes a rule, copied at each commit. Threads: one.
class RuleTally {
 public:
  /// After a commit. Borrows nothing.
  void note(const engine::State& state, const std::shared_ptr<const engine::RuleSet>& rules);
  /// The State goes, and with it what it has counted since the last note().
  void end_state();

  std::map<std::string, RuleStatus> by_id() const;

 private:
  struct Counts {
    std::shared_ptr<const engine::RuleSet> rules;
    std::vector<engine::RuleCounts> detections;
    std::vector<engine::RuleCounts> correlations;
    std::vector<std::uint64_t> taken_away;  // of all filters of the first detection, then those of the next
  };
  static void add(const Counts& counts, std::map<std::string, RuleStatus>& to);

  Counts now_;
  std::map<std::string, RuleStatus> before_;
};

}  // namespace tripline::app
