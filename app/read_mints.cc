#include "app/read_mints.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "app/input_report.h"
#include "app/quantity.h"
#include "app/standard_input.h"
#include "connectors/file_source.h"
#include "engine/mint.h"
#include "engine/record_filter.h"

namespace tripline::app {

namespace {

struct MintPart : InputPart {
  std::vector<engine::Mint> mints;
  std::vector<std::uint64_t> picked;
};

}  // namespace

engine::Result<Mints> read_mints(const std::vector<std::string>& paths, const ReadOptions& options, Console& console,
                                 bool shows_progress,
                                 const std::function<bool(engine::Event&, const engine::Mint&)>& picks) {
  std::optional<std::int64_t> standard_input;
  if (std::find(paths.begin(), paths.end(), "-") != paths.end()) {
    const auto begin = hold_standard_input();
    if (!begin) return begin.error();
    standard_input = *begin;
  }
  const auto source = connectors::FileSource::open(paths);
  if (!source) return source.error();

  auto lineage = std::make_unique<engine::Lineage>(engine::Lineage::Options{.max_mints = kMostMints});
  std::vector<std::uint64_t> picked;
  engine::FieldTable fields;
  const engine::RecordFilter filter({engine::needs_of_mints(fields)}, fields);
  const auto make_process = [&] {
    auto event = std::make_shared<engine::Event>(fields);
    return [event, &filter, &picks](const engine::Record& record, MintPart& part) -> engine::Result<Outcome> {
      engine::EventIdentity identity;
      if (filter.usable() && filter.dismisses(record.json, identity)) return Outcome::kTaken;
      if (const auto read = event->read(record); !read) return read.error();
      auto mint = engine::mint_of(*event);
      if (!mint) return Outcome::kTaken;
      if (picks && picks(*event, *mint)) part.picked.push_back(mint->event);
      part.mints.push_back(std::move(*mint));
      return Outcome::kTaken;
    };
  };
  const auto consume = [&](const engine::Envelope&, const MintPart& part) {
    for (const engine::Mint& mint : part.mints) lineage->add(mint);
    picked.insert(picked.end(), part.picked.begin(), part.picked.end());
  };
  InputReport report(console);
  InputListener progress_alone;
  progress_alone.progress = report.listener(**source, shows_progress).progress;
  const auto read = read_records<MintPart>(**source, options, make_process, consume, progress_alone);
  report.finish();
  if (!read) return read.error();
  if (standard_input) rewind_standard_input(*standard_input);
  lineage->settle(engine::EventTime::max());
  if (lineage->dropped() > 0) {
    console.warning("more than " + grouped(kMostMints) + " credentials were issued; origins of " +
                    grouped(lineage->dropped()) + " further ones are not known");
  }
  return Mints{.lineage = std::move(lineage), .picked = std::move(picked)};
}

}  // namespace tripline::app
