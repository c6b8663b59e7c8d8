#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/correlator.h"
#include "engine/facts_block.h"
#include "engine/facts_codec.h"
#include "engine/facts_index.h"
#include "engine/facts_spill.h"
#include "engine/recent_blocks.h"
#include "engine/store.h"

namespace tripline::engine {

/// Facts of the events that a Correlator has let go of: in the journal of a durable store, or in a file that is gone
/// with the process. docs/store.md has the rows. Borrows the store. Threads: one.
class FactsArchive {
 public:
  /// `shapes`: of the rule set's correlations. `in_memory`: of so many events the facts stay at hand all the same.
  FactsArchive(Store& store, std::vector<Digest> shapes, std::size_t in_memory);

  const FactsCodec& codec() const { return codec_; }

  /// Null: there are none any more, or the store could not be read, which take_failure() tells.
  std::shared_ptr<const EventFacts> find(const EventRef& event);
  std::optional<Error> take_failure() { return std::exchange(failure_, std::nullopt); }

  /// Takes over what the correlator has in memory: of a durable store at once, as it is on its way into the journal;
  /// else once it is much. kStore: the file cannot be written.
  Result<void> take_from(Correlator& correlator);

  // --- of a durable store ---

  /// For the commit in the making.
  void journal(const EventFacts& facts);
  /// What the commit's row of the journal is to hold of it.
  std::string take_block();
  /// That row, `number`, is committed and has `block`.
  void committed(std::uint64_t number, std::string block, const Correlator* correlator);

  /// Takes back the facts that a row of the journal has, and hands them to `take` one by one. False: it is damaged.
  using Take = std::function<void(std::shared_ptr<const EventFacts>)>;
  bool replay(std::uint64_t number, std::string_view block, const Correlator* correlator, const Take& take);
  /// Of a store of before, whose rows had facts one by one up to their end.
  bool replay_plain(std::uint64_t number, Unpacker& in, const Correlator* correlator, const Take& take);

  /// As of FactsIndex.
  Result<void> restore(std::string_view key, std::string_view value) { return index_.restore(key, value); }
  void take_changes(EventTime watermark, EventTime edge, std::vector<store::StateRow>& rows) {
    index_.take_changes(store_.last_journal(), watermark, edge, rows);
  }
  std::uint64_t wanted_from() const { return index_.wanted_from(); }
  void release() { index_.release(); }

 private:
  using Found = Result<std::shared_ptr<const EventFacts>>;  // null: there are none any more
  Found stored(const EventRef& event);
  Found journaled(std::uint64_t number, std::uint64_t event);
  Found in_block(const FactsBlock& block, std::uint64_t event) const;
  void note(const EventRef& event, std::uint64_t number, const Correlator* correlator);

  Store& store_;
  std::size_t in_memory_;
  FactsCodec codec_;
  FactsSpill spill_;                    // beside a store that is not durable
  FactsBlockWriter journaled_;          // for a durable one: facts of the commit in the making...
  std::vector<EventRef> journaled_of_;  // ...and whose they are
  FactsIndex index_;                    // of those that were committed...
  RecentBlocks blocks_;                 // ...and the last of them
  std::optional<Error> failure_;
};

}  // namespace tripline::engine
