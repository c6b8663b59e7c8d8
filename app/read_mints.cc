#include "app/read_mints.h"

#include <algorithm>
#include <functional>
#include <iterator>
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
  std::vector<std::string> shared;  // sharedEventIDs of calls that the owner's copy was read of
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
  auto lineage = std::make_unique<engine::Lineage>(engine::Lineage::Options{.max_mints = kMostMints});
  std::vector<std::uint64_t> picked;
  std::vector<std::string> shared;
  const auto consume = [&](const engine::Envelope&, MintPart part) {
    for (const engine::Mint& mint : part.mints) lineage->add(mint);
    picked.insert(picked.end(), part.picked.begin(), part.picked.end());
    std::move(part.shared.begin(), part.shared.end(), std::back_inserter(shared));
  };
  const auto take_mint = [&](engine::Event& event, MintPart& part) {
    auto mint = engine::mint_of(event);
    if (mint) {
      if (picks && picks(event, *mint)) part.picked.push_back(mint->event);
      part.mints.push_back(std::move(*mint));
    } else if (engine::is_owners_copy(event)) {
      if (const auto id = event.find_text("sharedEventID"); !id.empty()) part.shared.emplace_back(id);
    }
  };
  const auto take_shared_call = [&](engine::Event& event, MintPart& part) {
    const bool is_wanted =
        std::binary_search(shared.begin(), shared.end(), event.find_text("sharedEventID"), std::less<>{});
    if (!is_wanted || engine::mint_of(event)) return;
    if (auto call = engine::shared_call_of(event)) part.mints.push_back(std::move(*call));
  };
  const auto read = [&](const engine::Needs& needs, const engine::FieldTable& fields,
                        const std::function<void(engine::Event&, MintPart&)>& take) -> engine::Result<void> {
    const auto source = connectors::FileSource::open(paths);
    if (!source) return source.error();
    const engine::RecordFilter filter({needs}, fields);
    const auto make_process = [&] {
      auto event = std::make_shared<engine::Event>(fields);
      return [event, &filter, &take](const engine::Record& record, MintPart& part) -> engine::Result<Outcome> {
        engine::EventIdentity identity;
        if (filter.usable() && filter.dismisses(record.json, identity)) return Outcome::kTaken;
        if (const auto parsed = event->read(record); !parsed) return parsed.error();
        take(*event, part);
        return Outcome::kTaken;
      };
    };
    InputReport report(console);
    InputListener progress_alone;
    progress_alone.progress = report.listener(**source, shows_progress).progress;
    const auto done = read_records<MintPart>(**source, options, make_process, consume, progress_alone);
    report.finish();
    if (!done) return done.error();
    if (standard_input) rewind_standard_input(*standard_input);
    return {};
  };

  engine::FieldTable fields, fields_of_calls;
  if (const auto done = read(engine::needs_of_mints(fields), fields, take_mint); !done) return done.error();
  if (!shared.empty()) {
    std::sort(shared.begin(), shared.end());
    shared.erase(std::unique(shared.begin(), shared.end()), shared.end());
    const engine::Needs needs = engine::needs_of_shared_calls(fields_of_calls, shared);
    if (const auto done = read(needs, fields_of_calls, take_shared_call); !done) return done.error();
  }
  lineage->settle(engine::EventTime::max());
  if (lineage->dropped() > 0) {
    console.warning("more than " + grouped(kMostMints) + " credentials were issued; origins of " +
                    grouped(lineage->dropped()) + " further ones are not known");
  }
  return Mints{.lineage = std::move(lineage), .picked = std::move(picked)};
}

}  // namespace tripline::app
