#pragma once

#include <cstdint>
#include <string_view>

namespace tripline::engine {

/// What one rule has come to since its State was made. Who shows it (a summary, metrics, the API) goes by kRuleCounts.
struct RuleCounts {
  std::uint64_t matches = 0;         // of a detection: without duplicates; of a correlation: triggers that open signals
  std::uint64_t duplicates = 0;      // matches of events that were delivered before
  std::uint64_t taken_away = 0;      // matches that its filters took away, each delivery of an event
  std::uint64_t signals = 0;         // opened
  std::uint64_t widened = 0;         // signals, each time that one was
  std::uint64_t without_time = 0;    // matches whose event has no time that can be read
  std::uint64_t late = 0;            // events that correlations do not wait for any more
  std::uint64_t future = 0;          // events dated after their delivery, which correlations do not see
  std::uint64_t without_field = 0;   // events that lack a group-by or counted field
  std::uint64_t cut_matches = 0;     // events with more groups or values than one may have
  std::uint64_t evicted_groups = 0;  // for a bound on groups
  std::uint64_t evicted_entries = 0;  // events, for a bound on those of one group

  bool operator==(const RuleCounts&) const = default;
  RuleCounts& operator+=(const RuleCounts& more);
};

/// `name`: in JSON, and tripline_rule_<name>_total is the metric; `help`: what is counted, a sentence without its full
/// stop.
struct RuleCountRow {
  std::string_view name;
  std::uint64_t RuleCounts::*count;
  std::string_view help;
};
inline constexpr RuleCountRow kRuleCounts[] = {
    {"matches", &RuleCounts::matches, "Matches of detections, triggers of correlations, without duplicates"},
    {"duplicates", &RuleCounts::duplicates, "Matches of events that were delivered before"},
    {"filtered", &RuleCounts::taken_away, "Matches that filters took away"},
    {"signals", &RuleCounts::signals, "Signals opened"},
    {"widened", &RuleCounts::widened,
     "Updates that added an account, region, address, agent, actor or resource to a signal"},
    {"without_time", &RuleCounts::without_time, "Matches of events without a time that can be read"},
    {"late", &RuleCounts::late, "Events that came when correlations no longer waited for them"},
    {"future", &RuleCounts::future, "Events dated after their delivery, kept out of correlations"},
    {"without_field", &RuleCounts::without_field, "Events without a field that the correlation wants"},
    {"cut_matches", &RuleCounts::cut_matches, "Events with more groups or values than are taken"},
    {"evicted_groups", &RuleCounts::evicted_groups, "Groups given up, as there were too many"},
    {"evicted_entries", &RuleCounts::evicted_entries, "Events given up, as their groups had too many"},
};

inline RuleCounts& RuleCounts::operator+=(const RuleCounts& more) {
  for (const RuleCountRow& row : kRuleCounts) this->*row.count += more.*row.count;
  return *this;
}

}  // namespace tripline::engine
