#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/match.h"
#include "engine/rule_set.h"
#include "engine/store.h"

namespace tripline::tests {

/// An event as plain data: the record has `d` (names of the detections that it matches), `g` and `h` (texts), `v`
/// (whole numbers).
struct PlainEvent {
  int at = 0;                     // ticks after kStart
  int delay = 0;                  // ticks from `at` to its delivery, at most kLateness
  std::vector<int> detections{};  // indices
  std::vector<std::string> g{};
  std::vector<std::string> h{};
  std::vector<int> v{};
  int copies = 0;  // how often it is delivered again, some time later
};

/// What all runs of one history must agree on.
struct PlainSignal {
  std::string rule;
  std::vector<std::string> group;
  std::int64_t period_start = 0;  // milliseconds since 1970
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::uint64_t triggers = 0;
  double peak = 0;
  auto operator<=>(const PlainSignal&) const = default;
};
std::ostream& operator<<(std::ostream& out, const PlainSignal& signal);
using PlainSignals = std::set<PlainSignal>;

/// Random rules and what happens to them.
struct History {
  static constexpr int kDetections = 4;
  static constexpr int kTicks = 240;    // events lie within
  static constexpr int kLateness = 40;  // ticks

  std::shared_ptr<const engine::RuleSet> rules;  // detection i matches when `d` has "d<i>"
  int tick_seconds = 1;
  std::vector<PlainEvent> events;

  engine::EventTime time_of(const PlainEvent& event) const;
};

/// What a random rule set may have.
enum class Wanted { kAnyType, kEventCountAlone, kNewValue };

/// Correlations over the detections and over one another; of one seed always the same.
std::shared_ptr<const engine::RuleSet> random_rules(std::uint32_t seed, Wanted wanted, int& tick_seconds);

/// What the engine knows the event with this index by.
std::uint64_t event_id(std::size_t index);

/// The matches that the production way makes of each event, in order.
std::vector<std::vector<engine::Match>> matches_of(const History& history);

/// One way to deliver a history: which events, in which order, come in which commits, and the watermark after each.
struct Delivery {
  struct Part {
    std::vector<std::size_t> events;
    engine::EventTime watermark;
    engine::EventTime arrived{};  // when its first event came
  };
  std::vector<Part> parts;  // the last one's watermark is EventTime::max()
};
Delivery deliver(const History& history, std::uint32_t seed);

/// The same deliveries as a server with so many workers commits them: whoever is ready first goes first, some go into
/// one commit, and engine::Watermark says up to when everything has come.
Delivery worked_on(const History& history, const Delivery& delivery, unsigned workers, std::uint32_t seed);

/// The correlations' signals that are left in the end, each process seeing all matches and telling of its groups.
PlainSignals run(const History& history, const Delivery& delivery, unsigned processes);

/// Which of the processes have a durable store, start again after random commits and after power cuts at random
/// moments, and write checkpoints in between.
enum class Restarts { kOfOneProcess, kOfAll };
PlainSignals run_with_restarts(const History& history, const Delivery& delivery, unsigned processes, std::uint32_t seed,
                               Restarts restarts);

PlainSignals correlation_signals(const engine::Store& store);

}  // namespace tripline::tests
