#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/match.h"
#include "engine/signal.h"

namespace tripline::engine {

/// Spares a worker the evidence and the records that no signal will keep. Evidence: of the matches of one rule, group
/// and period it wants those of the first kEvents events, and those that bring the signal a value that kScopes gathers.
/// They come before all later ones of this worker wherever parts are taken in their order, and each is kept or is of an
/// event whose evidence is. Records: those of the events that are the first or the last by time of this worker's so
/// far, as the first of all is among them. Memory: some 320 bytes a signal, of the last kSignals at most. Threads: one
/// per worker.
class EvidenceBudget {
 public:
  /// What kScopes gathers of the event, in their order.
  using Scopes = std::array<std::string_view, std::size(kScopes)>;

  struct Wanted {
    bool evidence = false;
    bool record = false;
  };
  /// What the match, of a rule that opens signals, is to have.
  Wanted wants(const Match& match, const Scopes& scopes);

 private:
  static constexpr std::size_t kSignals = 16'384;
  static constexpr std::size_t kEvents = kMaxResources;  // more than Signal::kMaxEvidence, for what they are about
  using Moment = std::pair<EventTime, std::uint64_t>;    // of an event: its time, and what decides between equal ones
  struct Taken {
    std::array<std::uint64_t, kEvents> events{};  // their keys' low halves
    std::uint32_t count = 0;
    std::vector<std::uint64_t> values{};                       // of all scopes, hashed
    std::array<std::uint8_t, std::size(kScopes)> values_of{};  // how many, by scope; at most kMaxScope + 1
    Moment first{EventTime::max(), UINT64_MAX};
    Moment last{EventTime::min(), 0};
  };

  static bool take_new(Taken& taken, const Scopes& scopes);
  Wanted wants(const Match& match, const std::vector<std::string>& group, const Scopes& scopes);

  boost::unordered_flat_map<std::uint64_t, Taken> taken_;  // by hash of rule, group and period
};

}  // namespace tripline::engine
