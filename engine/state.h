#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/match.h"
#include "engine/store.h"

namespace tripline::engine {

/// The state thread's part: Matches in, duplicates out, the rest folded into Signals, one Store commit a call.
/// Threads: one. Borrows the store, which outlives it.
class State {
 public:
  /// `period`: how long one signal gathers the matches of its rule and group; aligned to the epoch.
  explicit State(Store& store, std::chrono::seconds period = std::chrono::hours{1}) : store_(store), period_(period) {}

  /// Applies the matches of whole Envelopes and commits. Afterwards those Envelopes may be acknowledged.
  Result<void> apply(std::vector<Match> matches);

  std::chrono::seconds period() const { return period_; }
  std::uint64_t duplicates() const { return duplicates_; }  // matches of events that were delivered before
  std::uint64_t without_time() const { return without_time_; }

 private:
  const std::string& id_of(const Match& match, EventTime start);

  Store& store_;
  std::chrono::seconds period_;
  std::uint64_t duplicates_ = 0;
  std::uint64_t without_time_ = 0;
  std::unordered_map<std::string, std::string> ids_;  // of recent signals, by what they are a digest of
};

}  // namespace tripline::engine
