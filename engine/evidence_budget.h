#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/match.h"
#include "engine/signal.h"

namespace tripline::engine {

/// Spares a worker the evidence that no signal will keep: of the matches of one rule, group and period it wants those
/// of the first Signal::kMaxEvidence events, and those that bring the signal a value that it gathers. They come before
/// all later ones of this worker wherever parts are taken in their order, and each is kept or is of an event whose
/// evidence is.
/// Memory: some 150 bytes a signal, of the last kSignals at most. Threads: one per worker.
class EvidenceBudget {
 public:
  /// What kScopes gathers of the event, in their order.
  using Scopes = std::array<std::string_view, std::size(kScopes)>;

  /// Whether the match, of a rule that opens signals, is to have evidence.
  bool wants(const Match& match, const Scopes& scopes);

 private:
  static constexpr std::size_t kSignals = 16'384;
  struct Taken {
    std::array<std::uint64_t, Signal::kMaxEvidence> events{};  // their keys' low halves
    std::uint32_t count = 0;
    std::vector<std::uint64_t> values{};                       // of all scopes, hashed
    std::array<std::uint8_t, std::size(kScopes)> values_of{};  // how many, by scope; at most kMaxScope + 1
  };

  static bool take_new(Taken& taken, const Scopes& scopes);

  boost::unordered_flat_map<std::uint64_t, Taken> taken_;  // by hash of rule, group and period
};

}  // namespace tripline::engine
