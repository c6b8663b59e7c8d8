#include "app/pipeline.h"

#include "engine/matcher.h"
#include "engine/processor.h"

namespace tripline::app {

namespace {

struct MatchPart : InputPart {
  std::vector<engine::Match> matches;
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
  if (!options.parse_all && !options.span.bounded()) {
    auto made = std::make_shared<const engine::RecordFilter>(engine::needs_of(*rules), rules->fields);
    if (made->usable()) filter = std::move(made);
  }
  Totals totals;
  const auto make_process = [&] {
    auto processor = std::make_shared<engine::Processor>(rules, matcher, filter, knowledge);
    return [&options, processor](const engine::Record& record, MatchPart& part) -> engine::Result<Outcome> {
      const std::size_t before = part.matches.size();
      if (const auto done = processor->process(record, part.matches); !done) return done.error();
      if (!options.span.bounded() || lies_in(options.span, processor->event())) return Outcome::kTaken;
      part.matches.resize(before);
      return Outcome::kOutOfSpan;
    };
  };
  const auto consume = [&](const engine::Envelope&, MatchPart part) {
    totals.matches += part.matches.size();
    if (on_match) {
      for (const auto& match : part.matches) on_match(match);
    }
    if (const auto applied = state.apply(std::move(part.matches)); !applied) throw StoreFailed{applied.error()};
  };
  try {
    const auto read = read_records<MatchPart>(source, options, make_process, consume, listener);
    if (!read) return read.error();
    totals.input = *read;
    return totals;
  } catch (const StoreFailed& failed) {
    return failed.error;
  }
}

}  // namespace tripline::app
