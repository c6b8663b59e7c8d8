#include "app/rule_notes.h"

#include <string>

#include "app/quantity.h"
#include "engine/correlator.h"
#include "engine/rule_counts.h"

namespace tripline::app {
namespace {

using engine::RuleCounts;

/// What of a correlation's counts is worth a note.
struct NoteRow {
  std::uint64_t RuleCounts::*count;
  const char* one;
  const char* many;
};
constexpr NoteRow kNotes[] = {
    {&RuleCounts::late, "event that came when it no longer waited for it",
     "events that came when it no longer waited for them"},
    {&RuleCounts::future, "event dated after its delivery", "events dated after their delivery"},
    {&RuleCounts::without_field, "event without a field that it wants", "events without a field that it wants"},
    {&RuleCounts::cut_matches, "event with more groups or values than are taken",
     "events with more groups or values than are taken"},
    {&RuleCounts::evicted_groups, "group given up, as there were too many", "groups given up, as there were too many"},
    {&RuleCounts::evicted_entries, "event given up, as its group had too many",
     "events given up, as their groups had too many"},
};

void print_of_correlations(const engine::RuleSet& rules, const engine::State& state, Console& console) {
  const engine::Correlator* correlator = state.correlator();
  if (correlator == nullptr) return;
  for (std::uint32_t i = 0; i < rules.correlations.size(); ++i) {
    std::string said;
    const RuleCounts counts = state.counts_of_correlation(i);
    for (const NoteRow& row : kNotes) {
      const std::uint64_t count = counts.*row.count;
      if (count > 0) said += (said.empty() ? "" : "; ") + counted(count, row.one, row.many);
    }
    const auto learns_until = correlator->held(i).learns_until;
    if (learns_until && *learns_until > state.latest_event()) {
      said += (said.empty() ? "" : "; ") + ("it learns until " + engine::format_time(*learns_until));
    }
    if (!said.empty()) console.note(rules.correlations[i].rule.title + ": " + said);
  }
}

void print_of_filters(const engine::RuleSet& rules, const engine::State& state, Console& console) {
  for (std::uint32_t detection = 0; detection < rules.detections.size(); ++detection) {
    const auto& filters = rules.detections[detection].filters;
    for (std::uint32_t filter = 0; filter < filters.size(); ++filter) {
      const std::uint64_t count = state.taken_away(detection, filter);
      if (count == 0) continue;
      console.note(rules.detections[detection].rule.title + ": " + counted(count, "match", "matches") +
                   " taken away by the filter " + rules.filters[filters[filter].filter].title);
    }
  }
}

}  // namespace

void print_rule_notes(const engine::RuleSet& rules, const engine::State& state, Console& console) {
  print_of_filters(rules, state, console);
  print_of_correlations(rules, state, console);
}

}  // namespace tripline::app
