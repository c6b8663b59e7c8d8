#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/delivery.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::alerts {

/// How many signals each rule has opened in the last hour, as far as somebody wants to know: up to `most`.
///
/// Memory: 8 bytes an opening of the last hour, most + 1 a rule. Threads: not synchronised.
class NoisyRules {
 public:
  static constexpr std::chrono::hours kSpan{1};

  explicit NoisyRules(std::uint64_t most) : most_(most) {}

  /// Times do not go back; one that does counts as the latest.
  void opened(const std::string& rule, engine::EventTime now);

  /// Whether it has opened more than `limit` in (now - kSpan, now]. Requires limit <= most.
  bool noisy(const std::string& rule, std::uint64_t limit, engine::EventTime now) const;

  /// Forgets rules that have opened nothing for kSpan.
  void forget_quiet(engine::EventTime now);

  /// Rules that have opened more than that.
  std::size_t count(std::uint64_t limit, engine::EventTime now) const;

  // --- what stays beyond the process ---

  static constexpr std::string_view kRows = "rule/";  // what keys begin with
  void take_rows(std::vector<RoutingRow>& into);
  engine::Result<void> restore(std::string_view blob);

 private:
  std::uint64_t most_;
  std::map<std::string, std::deque<engine::EventTime>> openings_;  // by rule id, the oldest first
  std::set<std::string> touched_;
};

}  // namespace tripline::alerts
