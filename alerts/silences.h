#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/delivery.h"
#include "alerts/silence.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::alerts {

/// The silences that there are, and those that were, for a while. Threads: not synchronised.
class Silences {
 public:
  static constexpr std::chrono::hours kKept{24 * 30};  // after they ended, for people to see

  explicit Silences(std::size_t most) : most_(most) {}

  /// A new one, or one in the place of that with its id. kBadInput: check(), or there are too many.
  engine::Result<void> put(const Silence& silence, engine::EventTime now);
  /// kBadInput: there is none with this id that has not ended.
  engine::Result<void> end(const std::string& id, engine::EventTime now);

  bool cover(const SignalTraits& traits, engine::EventTime now) const;
  /// Those that end last first.
  std::vector<Silence> all() const;
  std::size_t active(engine::EventTime now) const;
  void forget_old(engine::EventTime now);

  // --- what stays beyond the process ---

  static constexpr std::string_view kRows = "silence/";  // what keys begin with
  void take_rows(std::vector<RoutingRow>& into);
  engine::Result<void> restore(std::string_view blob);

 private:
  std::size_t most_;
  std::map<std::string, std::pair<Silence, SignalMatcher>> silences_;  // by id
  std::set<std::string> touched_;
};

}  // namespace tripline::alerts
