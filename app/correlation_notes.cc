#include "app/correlation_notes.h"

#include <string>

#include "app/quantity.h"
#include "engine/correlator.h"

namespace tripline::app {
namespace {

struct NoteRow {
  std::uint64_t engine::Correlator::Counters::*counter;
  const char* one;
  const char* many;
};
constexpr NoteRow kNotes[] = {
    {&engine::Correlator::Counters::without_field, "event without a field that it wants",
     "events without a field that it wants"},
    {&engine::Correlator::Counters::cut_matches, "event with more groups or values than are taken",
     "events with more groups or values than are taken"},
    {&engine::Correlator::Counters::evicted_groups, "group given up, as there were too many",
     "groups given up, as there were too many"},
    {&engine::Correlator::Counters::evicted_entries, "event given up, as its group had too many",
     "events given up, as their groups had too many"},
};

}  // namespace

void print_correlation_notes(const engine::RuleSet& rules, const engine::State& state, Console& console) {
  const engine::Correlator* correlator = state.correlator();
  if (correlator == nullptr) return;
  for (std::uint32_t i = 0; i < rules.correlations.size(); ++i) {
    std::string said;
    const auto& counters = correlator->counters(i);
    for (const NoteRow& row : kNotes) {
      const std::uint64_t count = counters.*row.counter;
      if (count > 0) said += (said.empty() ? "" : "; ") + counted(count, row.one, row.many);
    }
    const auto learns_until = correlator->learns_until(i);
    if (learns_until && *learns_until > state.latest_event()) {
      said += (said.empty() ? "" : "; ") + ("it learns until " + engine::format_time(*learns_until));
    }
    if (!said.empty()) console.note(rules.correlations[i].rule.title + ": " + said);
  }
}

}  // namespace tripline::app
