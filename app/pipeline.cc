#include "app/pipeline.h"

#include "engine/matcher.h"
#include "engine/processor.h"
#include "engine/recent_events.h"

namespace tripline::app {

namespace {

struct MatchPart : InputPart {
  std::vector<engine::Match> matches;
  std::vector<std::pair<std::uint32_t, engine::EventKey>> events;  // by their records' place in the delivery
};

/// Ends the work: the store cannot be written.
struct StoreFailed {
  engine::Error error;
};

}  // namespace

engine::Result<Totals> run_pipeline(engine::Source& source, const std::shared_ptr<const engine::RuleSet>& rules,
                                    engine::State& state, const ReadOptions& options, const InputListener& listener,
                                    const std::function<void(const engine::Match&)>& on_match,
                                    const engine::Knowledge& knowledge) {
  const engine::Matcher matcher(rules);
  std::shared_ptr<const engine::RecordFilter> filter;
  if (rules->cloudtrail && !options.parse_all && !options.span.bounded()) {
    auto made = std::make_shared<const engine::RecordFilter>(engine::needs_of(*rules), rules->fields);
    if (made->usable()) filter = std::move(made);
  }
  Totals totals;
  const auto make_process = [&] {
    engine::Processor::Options parts{.filter = filter, .spare_evidence = false, .knowledge = knowledge};
    // Who hears of every match wants to know all of it; and matches outside the span are not to use up the evidence.
    if (!options.all_evidence && !options.span.bounded()) parts.spare_evidence = true;
    auto processor = std::make_shared<engine::Processor>(rules, matcher, std::move(parts));
    return [&options, processor](const engine::Record& record, MatchPart& part) -> engine::Result<Outcome> {
      const std::size_t before = part.matches.size();
      if (const auto done = processor->process(record, part.matches); !done) return done.error();
      if (options.span.bounded() && !lies_in(options.span, processor->event())) {
        part.matches.resize(before);
        return Outcome::kOutOfSpan;
      }
      part.events.emplace_back(record.index, event_key(processor->identity(), record));
      return Outcome::kTaken;
    };
  };
  engine::RecentEvents recent;
  constexpr std::size_t kCommit = 1024;  // matches: a commit may have to wait for the disk
  std::vector<engine::Match> pending;
  const auto commit = [&] {
    if (const auto applied = state.apply(std::exchange(pending, {})); !applied) throw StoreFailed{applied.error()};
    if (const auto tended = state.tend(); !tended) throw StoreFailed{tended.error()};
  };
  const auto consume = [&](const engine::Envelope&, MatchPart part) {
    auto match = part.matches.begin();
    for (const auto& [index, key] : part.events) {
      const bool again = recent.knew(key);
      totals.duplicates += again ? 1 : 0;
      for (; match != part.matches.end() && match->index == index; ++match) match->duplicate = again;
    }
    totals.matches += part.matches.size();
    if (on_match) {
      for (const auto& one : part.matches) on_match(one);
    }
    pending.insert(pending.end(), std::make_move_iterator(part.matches.begin()),
                   std::make_move_iterator(part.matches.end()));
    if (pending.size() >= kCommit) commit();
  };
  try {
    const auto read = read_records<MatchPart>(source, options, make_process, consume, listener);
    if (!read) return read.error();
    commit();
    totals.input = *read;
    return totals;
  } catch (const StoreFailed& failed) {
    return failed.error;
  }
}

}  // namespace tripline::app
