#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/lineage.h"
#include "engine/packing.h"
#include "engine/recent_set.h"
#include "engine/result.h"
#include "engine/store/rows.h"
#include "engine/undecided_codec.h"
#include "engine/waiting_records.h"

namespace tripline::engine {

/// What the State knows of origins: who minted which credentials, and which records wait to be judged until that tells
/// who started their chain. docs/identity.md, "While logs come in".
///
/// A record waits until Lineage::is_final(bearer): its chain is known up to who needs no credentials of others, or all
/// that could tell more of it is in. So it waits until the watermark is a few seconds past its time at the longest.
/// Whose mint was waited for in vain makes nobody wait again, as far as memory goes: that AWS might issue a key that
/// was in use is not reckoned with. Threads: one, the state thread.
class OriginState {
 public:
  struct Limits {
    std::size_t mints = 4'000'000;
    std::size_t waiting = 100'000;  // records
    std::size_t waiting_bytes = std::size_t{256} << 20;
    std::size_t record_bytes = std::size_t{256} << 10;  // CloudTrail's own bound is 256 KB
    std::size_t in_vain = 100'000;                      // at about 80 bytes; what is forgotten is waited for once more
  };
  struct Counters {
    std::uint64_t waited = 0;         // records
    std::uint64_t without_room = 0;   // records that would have waited; they were judged by what was known
    std::uint64_t without_rules = 0;  // records that waited for rules that are gone
  };

  /// `rules`: those that the records wait for. `durable`: remembers what changes, for a store.
  OriginState(std::shared_ptr<const RuleSet> rules, const Limits& limits, bool durable);

  void add(const std::vector<Mint>& mints);

  /// Whether the record is to wait; it was taken then. One that is late, has no time or is dated after its delivery by
  /// more than `future` is not.
  bool lets_wait(Undecided& record, EventTime watermark, std::chrono::milliseconds future);

  /// No event before `watermark` comes any more.
  void settle(EventTime watermark);

  /// Those that need not wait any more, in order of event time.
  std::vector<Undecided> take_decided();
  /// All of them.
  std::vector<Undecided> take_all();

  /// Up to where everything is judged: the watermark, or the earliest event that waits. Never goes back.
  EventTime judged_until(EventTime watermark) const { return std::min(watermark, waiting_.earliest()); }

  const Lineage& lineage() const { return lineage_; }
  std::size_t waiting() const { return waiting_.size(); }
  const Counters& counters() const { return counters_; }

  // --- what a store keeps (engine/origin_state_rows.cc) ---

  /// What changed since the last call, for a journal; replay() does it again. `watermark`: of the commit.
  std::string take_journal() { return journal_.take(); }
  /// False: it is damaged.
  bool replay(std::string_view journal);

  /// All that has changed since the last call, in no order.
  void take_changes(EventTime watermark, std::vector<store::StateRow>& rows);
  /// Takes back a row of an earlier process. kStore: it is damaged.
  Result<void> restore(std::int64_t space, std::string_view key, std::string_view value);
  static bool keeps(std::int64_t space);
  /// That take_changes() was told of; to be called after all rows.
  EventTime stored_watermark() const { return stored_watermark_; }

 private:
  using Place = WaitingRecords::Place;

  void keep(Undecided record, std::uint64_t awaited);
  Undecided take(const Place& place);
  void note_in_vain(const Bearer& bearer, std::uint64_t awaited);
  void note_change(const Place& place);
  bool take_back(Unpacker& in, bool is_new);

  std::shared_ptr<const RuleSet> rules_;
  DetectionPlaces places_;
  Limits limits_;
  bool durable_;
  Lineage lineage_;
  WaitingRecords waiting_;
  std::set<Place> woken_;
  RecentSet in_vain_;
  Counters counters_;
  Packer journal_;
  std::set<Place> changed_;  // that came or went since take_changes()
  EventTime stored_watermark_ = EventTime::min();
};

}  // namespace tripline::engine
