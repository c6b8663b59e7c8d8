#pragma once

#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

#include "engine/match.h"
#include "engine/mint.h"
#include "engine/taken_away.h"
#include "engine/undecided.h"

namespace tripline::engine {

/// What workers make of the records of whole Envelopes, for the State; in order of delivery.
struct Batch {
  std::vector<Match> matches;         // one record's side by side
  std::vector<TakenAway> taken_away;  // matches that filters took away, to be counted
  // Of workers that leave origins to the State (Origins::kLater):
  std::vector<Mint> mints;           // of all records, and the callers' copies of calls (shared_call_of)
  std::vector<Undecided> undecided;  // one a record at most

  Batch() = default;
  Batch(std::vector<Match> some) : matches(std::move(some)) {}
  Batch(std::initializer_list<Match> some) : matches(some) {}

  /// Appends what was delivered after it.
  void append(Batch more);
  std::size_t size() const { return matches.size() + mints.size() + undecided.size(); }
};

}  // namespace tripline::engine
