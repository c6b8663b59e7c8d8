#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/console.h"
#include "engine/match.h"
#include "engine/rule_set.h"

namespace tripline::app {

/// Matches by rule and by actor, for the end of `scan`. Memory: at most kActors actors; those beyond are counted
/// together.
class ScanSummary {
 public:
  static constexpr std::size_t kActors = 10'000;
  static constexpr std::size_t kRows = 20;  // of each table; the rest is one line

  explicit ScanSummary(std::shared_ptr<const engine::RuleSet> rules)
      : rules_(std::move(rules)), by_rule_(rules_->detections.size()) {}

  void match(const engine::Match& match);

  /// The tables by rule and by actor, on standard error.
  void print_tables(std::uint64_t events, Console& console) const;

 private:
  struct Actor {
    std::uint64_t matches = 0;
    engine::Level highest = engine::Level::kInformational;
  };

  void print_rules(std::uint64_t events, Console& console) const;
  void print_actors(Console& console) const;

  std::shared_ptr<const engine::RuleSet> rules_;
  std::vector<std::uint64_t> by_rule_;                             // by detection
  std::map<std::pair<std::string, std::string>, Actor> by_actor_;  // account and name
  std::uint64_t other_actors_ = 0;                                 // matches
};

}  // namespace tripline::app
