#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "engine/interner.h"
#include "engine/mint.h"
#include "engine/mint_table.h"
#include "engine/origin.h"
#include "engine/packing.h"
#include "engine/store/rows.h"

namespace tripline::engine {

/// Remembers which credentials were minted by whom, and tells who started the chain that a call was made with.
///
/// Mints come in any order, late and twice; what is answered depends on the set of them alone. A mint precedes all use
/// of what it issued (clocks of AWS' services may differ by 2 s), so once all events up to a time are in, what is known
/// of a call at that time is final.
///
/// A call's credentials are found by their access key; else by the session and when it began (± 2 s), as console and
/// IAM Identity Center sessions change keys. Where a record shows the session's ARN or id alone, as SwitchRole does of
/// the one that was left and the owner's copy of a call from another account, the sessions of that name that live at
/// the time decide, if one caller minted them all. What is decided where logs say strange things:
///   a key minted twice      the last mint before the call counts; of different callers in one second none does, and
///                           the session may tell
///   a session minted twice  by different callers, with no mint at the very second: the session tells nothing
///   credentials in a circle no member of the circle has a known caller
///   an expired session      is unknown from 15 min after its end (calls are logged when they end)
/// The owner's copy of a mint or call stands back behind the caller's copy (same sharedEventID), which knows the
/// caller.
///
/// Memory: at most 160 bytes a remembered mint beside the texts of actors and origins, each kept once; the two copies
/// of one mint are kept as one where they agree. Threads: one. Time is passed in.
class Lineage {
 public:
  struct Options {
    std::size_t max_mints = 4'000'000;  // further ones are counted and dropped
  };

  Lineage() : Lineage(Options{}) {}
  explicit Lineage(Options options) : options_(options) {}

  /// A mint, or the caller's copy of a call (shared_call_of). False: it was known, tells nothing, or there is no room.
  /// `row`, which may be null, gets what restore() takes if it is new.
  bool add(const Mint& mint, Packer* row = nullptr);

  /// With all that is known by now.
  Origin origin_of(const Bearer& bearer) const;

  /// Whether no delivery to come can change origin_of(bearer), if all events up to the time given to settle() are in.
  /// That AWS might issue one key twice is not reckoned with before that time.
  bool is_final(const Bearer& bearer) const { return !awaited(bearer); }

  /// What a mint that would tell more of the bearer issues as its key or session, or has as its sharedEventID: a hash.
  /// 0: no single one would, so that it takes settle(). Nothing: it is final.
  std::optional<std::uint64_t> awaited(const Bearer& bearer) const;

  /// Whether all mints that calls at `time` may have come from are in, by what settle() was told.
  bool is_complete(EventTime time) const;

  /// Whether the bearer is of the owner's copy of a call, and the caller's copy is known.
  bool knows_callers_copy(const Bearer& bearer) const { return table_.find_shared(bearer.shared) != kNone; }

  /// The mint (Mint::event) that issued the bearer's credentials; 0: none is known.
  std::uint64_t mint_behind(const Bearer& bearer) const;

  /// A mint and the one that issued its caller's credentials, as Mint::event; 0: none is known.
  struct Link {
    std::uint64_t mint;
    std::uint64_t above;
    bool same_bearer;  // the caller goes on under new credentials
    bool operator==(const Link&) const = default;
  };
  void each_link(const std::function<void(const Link&)>& visit) const;

  /// All mints up to `complete` have been added: decides what that leaves no doubt about. Never goes back.
  void settle(EventTime complete);

  /// Nobody asks for calls before `before` any more. Looks at a part of the memory each call.
  void forget(EventTime before);

  // --- what a store keeps (engine/lineage_rows.cc) ---

  /// From now on remembers what changes.
  void track() { tracks_ = true; }
  /// All that has changed since the last call, in no order.
  void take_changes(std::vector<store::StateRow>& rows);
  /// Takes back what add() wrote, or the value of a row without its version. `is_new`: no row has it yet. False: it is
  /// damaged. To be called with rows first, then with what was added later, before all else.
  bool restore(Unpacker& in, bool is_new);

  std::size_t mints() const { return table_.size(); }
  std::uint64_t dropped() const { return dropped_; }
  std::size_t memory_bytes() const;  // without the texts

 private:
  using Index = MintTable::Index;
  using Seconds = MintTable::Seconds;
  static constexpr Index kNone = MintTable::kNone;

  /// An actor in its place: what stands before it is looked up by `mint`'s caller or by a bearer.
  struct Step {
    const ChainActor& actor;
    Behind behind;
    const ChainActor* other;  // null: there is none
  };

  struct ActorHash {
    std::size_t operator()(const ChainActor& actor) const;
  };
  struct OriginHash {
    std::size_t operator()(const Origin& origin) const;
  };

  Index insert(const StoredMint& mint, const ChainActor& caller, const ChainActor& other);
  void pack(Index index, Packer& out) const;
  void note_change(Index index);
  void drop(const StoredMint& mint);
  void release_texts(const StoredMint& mint);
  Origin of_caller(Index mint, int steps) const;
  Origin through(Index mint, const Step& step, int steps) const;
  bool settle_from(Index first);

  Options options_;
  MintTable table_;
  Interner<ChainActor, ActorHash> actors_;
  Interner<Origin, OriginHash> origins_;
  std::uint64_t dropped_ = 0;
  bool tracks_ = false;
  std::vector<Index> changed_;       // since take_changes()
  std::vector<std::string> erased_;  // keys of rows, likewise

  struct Pending {
    Seconds time;
    Index index;
    bool operator>(const Pending& other) const { return time > other.time; }
  };
  // Not settled, the earliest first. A deque grows by small steps, where a vector doubles.
  std::priority_queue<Pending, std::deque<Pending>, std::greater<>> pending_;
  std::vector<Index> walk_;  // scratch of settle()
  Seconds complete_ = 0;
  Index sweep_ = 0;  // where forget() goes on
};

}  // namespace tripline::engine
