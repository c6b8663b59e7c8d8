#include "app/pipeline.h"

#include "engine/matcher.h"
#include "engine/processor.h"
#include "engine/recent_events.h"

namespace tripline::app {

namespace {

struct MatchPart : InputPart {
  engine::Batch batch;
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
                                    const engine::Knowledge& knowledge, engine::Origins origins) {
  const engine::Matcher matcher(rules, origins);
  std::shared_ptr<const engine::RecordFilter> filter;
  if (!options.parse_all && !options.span.bounded()) filter = engine::filter_of(*rules, origins);
  Totals totals;
  const auto make_process = [&] {
    engine::Processor::Options parts{.filter = filter, .spare_evidence = false, .knowledge = knowledge};
    // Who hears of every match wants to know all of it; and matches outside the span are not to use up the evidence.
    if (!options.all_evidence && !options.span.bounded()) parts.spare_evidence = true;
    parts.records = options.records;
    auto processor = std::make_shared<engine::Processor>(rules, matcher, std::move(parts));
    return [&options, processor](const engine::Record& record, MatchPart& part) -> engine::Result<Outcome> {
      const std::size_t before = part.batch.matches.size();
      const std::size_t undecided = part.batch.undecided.size();
      const std::size_t taken_away = part.batch.taken_away.size();
      if (const auto done = processor->process(record, part.batch); !done) return done.error();
      if (options.span.bounded() && !lies_in(options.span, processor->event())) {
        part.batch.matches.resize(before);
        part.batch.undecided.resize(undecided);
        part.batch.taken_away.resize(taken_away);
        return Outcome::kOutOfSpan;
      }
      part.events.emplace_back(record.index, event_key(processor->identity(), record));
      return Outcome::kTaken;
    };
  };
  engine::RecentEvents recent;
  constexpr std::size_t kCommit = 1024;  // matches and mints: a commit may have to wait for the disk
  engine::Batch pending;
  const auto commit = [&] {
    const auto now = options.now ? std::optional(options.now()) : std::nullopt;
    if (const auto applied = state.apply(std::exchange(pending, {}), engine::EventTime::min(), now); !applied) {
      throw StoreFailed{applied.error()};
    }
    if (const auto tended = state.tend(); !tended) throw StoreFailed{tended.error()};
  };
  const auto consume = [&](const engine::Envelope&, MatchPart part) {
    auto& matches = part.batch.matches;
    auto match = matches.begin();
    for (const auto& [index, key] : part.events) {
      const bool again = recent.knew(key);
      totals.duplicates += again ? 1 : 0;
      for (; match != matches.end() && match->index == index; ++match) match->duplicate = again;
    }
    totals.matches += matches.size();
    if (on_match) {
      for (const auto& one : matches) on_match(one);
    }
    pending.append(std::move(part.batch));
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
