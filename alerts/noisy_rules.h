#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/delivery.h"
#include "engine/digest.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::alerts {

/// Of how many different signals of each rule there was something to tell to each sink in the last hour, as far as
/// somebody wants to know: up to `most`. It does not matter what makes a sink hear of a signal: that it opens, widens
/// or goes on, that a silence has ended, that the sink is new, or that it is time to tell it again.
///
/// Memory: 24 bytes a signal of the last hour, most + 1 a sink and rule. Threads: not synchronised.
class NoisyRules {
 public:
  static constexpr std::chrono::hours kSpan{1};

  explicit NoisyRules(std::uint64_t most) : most_(most) {}

  /// There is something to tell to that sink. Times do not go back; one that does counts as the latest.
  void tell(const std::string& sink, const std::string& rule, const engine::Digest& signal, engine::EventTime now);

  /// Whether they were more than `limit` in (now - kSpan, now]. Requires limit <= most.
  bool noisy(const std::string& sink, const std::string& rule, std::uint64_t limit, engine::EventTime now) const;

  /// Forgets rules of which there was nothing to tell for kSpan.
  void forget_quiet(engine::EventTime now);

  /// Rules that are noisy() for some sink.
  std::size_t count(std::uint64_t limit, engine::EventTime now) const;

  // --- what stays beyond the process ---

  static constexpr std::string_view kRows = "rule/";  // what keys begin with
  void take_rows(std::vector<RoutingRow>& into);
  /// `key`: whole.
  engine::Result<void> restore(std::string_view key, std::string_view blob);

 private:
  using Name = std::pair<std::string, std::string>;  // of the sink, id of the rule
  struct Telling {
    engine::EventTime at;
    engine::Digest signal;
  };
  using Tellings = std::deque<Telling>;  // the oldest first, each signal once: the last of it

  static bool noisy(const Tellings& tellings, std::uint64_t limit, engine::EventTime now);

  std::uint64_t most_;
  std::map<Name, Tellings> tellings_;
  std::set<Name> touched_;
  std::set<std::string> outdated_;  // keys of rows that an earlier version wrote
};

}  // namespace tripline::alerts
