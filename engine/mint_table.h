#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/bearer.h"
#include "engine/event_time.h"

namespace tripline::engine {

struct Mint;

/// A mint as it is remembered. Actors and origins are numbers that engine/lineage.h gives meaning to.
struct StoredMint {
  using Seconds = std::uint32_t;  // since 1970
  static constexpr std::uint32_t kNone = static_cast<std::uint32_t>(-1);

  /// The ways to find it.
  enum Way { kByKey, kBySessionId, kBySessionArn, kByShared, kByHourOfId, kByHourOfArn, kWays };

  std::uint64_t hash(Way way) const;  // 0: not to be found that way

  std::uint64_t key, session_id, session_arn, shared;
  std::uint64_t event;
  std::uint64_t caller_key, caller_session_id, caller_session_arn;
  std::array<std::uint32_t, kWays> next;  // in the same bucket
  Seconds time, expires, caller_created;
  std::uint32_t caller, other, origin;
  std::uint32_t caller_label;  // hash of its label and account: stays when `caller` goes
  Behind behind;
  bool in_use : 1, caller_has_created : 1, same_bearer : 1, outside_view : 1;
  bool on_walk : 1, in_circle : 1;  // while origins are settled
  bool changed : 1;                 // since the store was told
};
static_assert(sizeof(StoredMint) == 120, "a remembered mint has 160 bytes with its share of the buckets");

StoredMint stored(const Mint& mint);
StoredMint::Seconds seconds_of(EventTime time);

/// Remembers mints and finds the one that a call's credentials came from. Threads: one.
class MintTable {
 public:
  using Index = std::uint32_t;
  using Seconds = StoredMint::Seconds;
  using Way = StoredMint::Way;
  static constexpr Index kNone = StoredMint::kNone;

  static constexpr Seconds kClockSkew = 2;
  static constexpr Seconds kGrace = 900;

  /// The credentials that a call was made with.
  struct Ask {
    std::uint64_t key, session_id, session_arn, sign_in;
    bool has_created;
    Seconds created, time;
    Index self;            // the mint whose caller is looked for: neither it nor its other view is to be found
    std::uint64_t shared;  // of that mint

    bool is_by_beginning() const { return has_created && (session_id != 0 || session_arn != 0); }
    bool is_session_alone() const {
      return key == 0 && sign_in == 0 && !has_created && (session_id != 0 || session_arn != 0);
    }
  };

  /// Nothing when the same mint is there already, or the caller's view of it. The owner's views of it that stood in for
  /// the caller's go: `dropped` is called with each before it does.
  template <class Dropped>
  Index add(const StoredMint& mint, Dropped dropped) {
    const Same same = same_as(mint);
    if (same.known) return kNone;
    for (const Index index : same.stands_back) {
      dropped(at(index));
      erase(index);
    }
    return insert(mint);
  }
  void erase(Index index);

  /// By the access key, else by the sign-in, else by session and beginning, else by the session alone; of two views of
  /// one mint the caller's. A way tells nothing where different callers minted the same in one second.
  Index find(const Ask& ask) const;
  Index find_by_key(const Ask& ask, std::uint64_t key) const;

  /// The caller's copy of a mint or call.
  Index find_shared(std::uint64_t shared) const;

  StoredMint& at(Index index) { return blocks_[index / kBlock][index % kBlock]; }
  const StoredMint& at(Index index) const { return blocks_[index / kBlock][index % kBlock]; }

  std::size_t size() const { return size_; }
  Index end() const { return used_; }  // all indices are below it
  std::size_t memory_bytes() const;

 private:
  struct Same {
    bool known = false;
    std::vector<Index> stands_back;
  };

  template <class Visit>
  void each(Way way, std::uint64_t hash, Visit visit) const;
  Same same_as(const StoredMint& mint) const;
  Index insert(const StoredMint& mint);
  void link(Index index);
  void grow_buckets();
  bool may_be(const Ask& ask, Index index) const;
  Index by_session(const Ask& ask, Way way, std::uint64_t session) const;
  Index by_live_session(const Ask& ask) const;
  Index inside_view(const Ask& ask, Index index) const;

  static constexpr std::size_t kBlock = 4096;
  std::vector<std::unique_ptr<StoredMint[]>> blocks_;
  Index used_ = 0;      // of blocks_, ever
  Index free_ = kNone;  // linked by next[kByKey]
  std::size_t size_ = 0;
  std::array<std::vector<Index>, StoredMint::kWays> buckets_;
};

}  // namespace tripline::engine
