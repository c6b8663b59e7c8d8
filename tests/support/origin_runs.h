#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/matcher.h"
#include "engine/processor.h"
#include "engine/state.h"
#include "engine/store.h"
#include "tests/support/histories.h"
#include "tests/support/places.h"

namespace tripline::tests {

/// Rules over DescribeRegions and RunInstances that name the origin in every way there is:
///   any     DescribeRegions, by anybody; no origin
///   alice   DescribeRegions, by alice
///   others  DescribeRegions, by nobody who is called alice
///   people  RunInstances; one signal a person
/// and of informational ones: `many` and `few` count DescribeRegions by origin (at least two within 10 min; at most
/// one), `both` asks for `any` and `alice` within 10 min in one region, and `either` for a trigger of `many` or `both`.
std::shared_ptr<const engine::RuleSet> rules_of_origin();

/// A worker that leaves origins to the State, and that State.
class OriginRun {
 public:
  /// `durable`: with a store that outlives restart().
  explicit OriginRun(std::shared_ptr<const engine::RuleSet> rules, bool durable = false,
                     engine::StateOptions options = {});

  /// One delivery; it fails the test when a record cannot be read.
  void deliver(const std::vector<std::string>& records, engine::EventTime watermark = engine::EventTime::min(),
               std::optional<engine::EventTime> delivered = std::nullopt);
  /// What the worker makes of a record alone.
  engine::Batch batch_of(const std::string& record, std::optional<engine::EventTime> delivered = std::nullopt);
  /// Another process takes up the store, after a crash.
  void restart();
  /// Writes a checkpoint, or a part of one.
  void tend(int steps);

  engine::State& state() { return *state_; }
  /// All signals.
  PlainSignals signals() const;
  /// Those of one rule: `first last triggers`, with hours, minutes and seconds.
  std::vector<std::string> signals_of(const std::string& rule) const;
  const engine::Store& store() const { return *store_; }
  /// Where the durable store has its files.
  const TemporaryFolder& folder() const { return *folder_; }

 private:
  void start();

  std::shared_ptr<const engine::RuleSet> rules_;
  engine::StateOptions options_;
  engine::Matcher matcher_;
  engine::Processor processor_;
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<engine::Store> store_;
  std::optional<engine::State> state_;
  std::uint64_t deliveries_ = 0;
};

/// What comes of the records when all of them are known, in order of time and each once, before any is judged.
PlainSignals expected_origin_signals(const std::shared_ptr<const engine::RuleSet>& rules,
                                     std::vector<std::string> records);

}  // namespace tripline::tests
