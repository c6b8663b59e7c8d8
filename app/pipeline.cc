#include "app/pipeline.h"

#include "app/ordered_work.h"
#include "connectors/record_reader.h"

namespace tripline::app {

namespace {

/// What came of one RecordBatch.
struct Part {
  std::vector<engine::Match> matches;
  std::vector<connectors::SetAside> set_aside;
  std::vector<connectors::Skipped> skipped;
  std::vector<std::string> warnings;
  std::uint64_t records = 0;
  std::uint64_t out_of_range = 0;
  std::uint64_t inflated_bytes = 0;
};

class Worker {
 public:
  Worker(const std::shared_ptr<const engine::RuleSet>& rules, const engine::Matcher& matcher,
         const PipelineOptions& options)
      : processor_(rules, matcher), options_(options), cloudtrail_(rules->cloudtrail) {}

  void work(const engine::Envelope& envelope, const OrderedWork<Part>::Emit& emit) {
    connectors::RecordReader reader(envelope, options_.limits, cloudtrail_);
    while (true) {
      Part part;
      const auto more = reader.next(batch_);
      if (!more) {
        part.set_aside.push_back({more.error().code, 0, 0, more.error().message});
        emit(std::move(part));
        return;
      }
      if (!*more) return;
      for (const engine::Record& record : batch_.records) process(record, part);
      part.set_aside.insert(part.set_aside.end(), batch_.set_aside.begin(), batch_.set_aside.end());
      part.skipped = batch_.skipped;
      part.warnings = batch_.warnings;
      part.inflated_bytes = batch_.inflated_bytes;
      emit(std::move(part));
    }
  }

 private:
  void process(const engine::Record& record, Part& part) {
    const std::size_t before = part.matches.size();
    if (const auto done = processor_.process(record, part.matches); !done) {
      part.set_aside.push_back({done.error().code, record.offset, record.json.size(), done.error().message});
      return;
    }
    ++part.records;
    if (!options_.from && !options_.to) return;
    const auto time = engine::parse_time(processor_.event().find_text("eventTime"));
    if (!time || (options_.from && *time < *options_.from) || (options_.to && *time >= *options_.to)) {
      part.matches.resize(before);
      ++part.out_of_range;
    }
  }

  engine::Processor processor_;
  const PipelineOptions& options_;
  bool cloudtrail_;
  connectors::RecordBatch batch_;
};

}  // namespace

engine::Result<Totals> run_pipeline(engine::Source& source, const std::shared_ptr<const engine::RuleSet>& rules,
                                    engine::State& state, const PipelineOptions& options,
                                    const PipelineListener& listener) {
  const engine::Matcher matcher(rules);
  Totals totals;
  std::optional<engine::Error> store_error;
  const auto make_worker = [&] {
    auto worker = std::make_shared<Worker>(rules, matcher, options);
    return [worker](const engine::Envelope& envelope, const OrderedWork<Part>::Emit& emit) {
      worker->work(envelope, emit);
    };
  };
  const auto consume = [&](const engine::Envelope& envelope, Part part) {
    totals.records += part.records;
    totals.out_of_range += part.out_of_range;
    totals.inflated_bytes += part.inflated_bytes;
    totals.set_aside += part.set_aside.size();
    totals.matches += part.matches.size();
    for (const auto what : part.skipped) ++totals.skipped[static_cast<std::size_t>(what)];
    if (listener.set_aside) {
      for (auto& what : part.set_aside) listener.set_aside({envelope.path, std::move(what)});
    }
    if (listener.warning) {
      for (const auto& warning : part.warnings) listener.warning(envelope.path, warning);
    }
    if (listener.match) {
      for (const auto& match : part.matches) listener.match(match);
    }
    if (auto applied = state.apply(std::move(part.matches)); !applied && !store_error) store_error = applied.error();
    if (listener.progress) listener.progress(totals);
  };
  const auto finished = [&](const engine::Envelope& envelope) {
    ++totals.envelopes;
    source.acknowledge(envelope);
  };
  const auto ran = OrderedWork<Part>::run(source, options.threads, make_worker, consume, finished);
  if (!ran) return ran.error();
  if (store_error) return *store_error;
  return totals;
}

}  // namespace tripline::app
