#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/batches.h"
#include "alerts/delivery.h"
#include "alerts/noisy_rules.h"
#include "alerts/route.h"
#include "alerts/silences.h"
#include "alerts/told_threads.h"
#include "engine/accounts.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::alerts {

/// What came of a change: counted for each sink that it is for, once where it is for none.
enum class Routed : std::uint8_t {
  kDelivered,  // a message of its own
  kGrouped,    // waits for others of its group
  kDigested,   // its rule is noisy
  kHeldBack,   // beyond the route's rate: messages, not changes
  kUnwanted,   // its route does not tell such changes
  kUnrouted,   // no route takes the signal, or none of its sinks is there
  kSilenced,
  kDryRun,
  kForgotten,  // the store did not have the signal any more
};
struct RoutedRow {
  std::string_view name;
  Routed routed;
};
inline constexpr RoutedRow kRouted[] = {
    {"delivered", Routed::kDelivered}, {"grouped", Routed::kGrouped},   {"digested", Routed::kDigested},
    {"held_back", Routed::kHeldBack},  {"unwanted", Routed::kUnwanted}, {"unrouted", Routed::kUnrouted},
    {"silenced", Routed::kSilenced},   {"dry_run", Routed::kDryRun},    {"forgotten", Routed::kForgotten},
};

/// Decides what is told to which sink, and when: from changes of signals to deliveries. It has no clock and writes
/// nothing; what step() returns is made durable by the caller before the next call. When that fails, the Router is
/// made anew from the rows that are there, and the same changes are given again.
///
/// One transition is told to one sink at most once, whatever routes lead there.
/// Threads: not synchronised.
class Router {
 public:
  struct Options {
    std::vector<Route> routes;  // in order; names of sinks among `sinks`
    std::vector<RoutedSink> sinks;
    std::size_t most_batches = 10'000;   // beyond it a new group is told by itself at once; there is room for digests
    std::size_t most_threads = 100'000;  // of ToldThreads
    std::size_t most_silences = 1'000;
  };

  explicit Router(Options options);
  Router(const Router&) = delete;  // ways_ names what options_ holds
  Router& operator=(const Router&) = delete;

  /// What an earlier process left. kStore: a row is damaged, or written by a newer Tripline.
  engine::Result<void> restore(std::uint64_t position, std::span<const RoutingRow> rows);

  /// Routes changes, in the order of their numbers, and tells what is due. Both may be nothing. `accounts` may be null.
  RoutingStep step(std::span<const SignalChange> changes, const engine::Accounts* accounts, engine::EventTime now);

  /// When step() has something to do though nothing has changed; the end of time: never.
  engine::EventTime next() const { return batches_.next(); }
  std::uint64_t position() const { return position_; }

  /// Silences::put() and end(). They hold once the step is durable.
  engine::Result<RoutingStep> silence(const Silence& silence, engine::EventTime now);
  engine::Result<RoutingStep> end_silence(const std::string& id, engine::EventTime now);
  std::vector<Silence> silences() const { return silences_.all(); }

  /// The sink holds something open for the signal's thread, and the signal is one of those that keep it so. For those
  /// of SinkKind::closes.
  bool holds_open(std::string_view sink, const engine::Signal& signal) const;

  struct Status {
    std::array<std::uint64_t, std::size(kRouted)> routed{};
    std::uint64_t batches = 0;          // that wait
    std::uint64_t waiting = 0;          // changes in them
    std::uint64_t noisy_rules = 0;      // that are told as a digest somewhere
    std::uint64_t active_silences = 0;  //
    std::uint64_t threads = 0;          // that ToldThreads knows
    std::uint64_t threads_given_up = 0;
  };
  Status status(engine::EventTime now) const;

 private:
  struct Lead {  // from a route to a sink
    const Route* route;
    const RoutedSink* sink;
    Pace pace;
  };
  struct Way {  // a route made ready
    SignalMatcher matcher;
    const Route* route;
    std::vector<Lead> leads;
  };
  struct Turn;  // one change that is being routed

  void route(const SignalChange& change, const engine::Accounts* accounts, engine::EventTime now);
  void follow(Turn& turn);
  bool wants(const Lead& lead, const Turn& turn) const;
  void tell(const Lead& lead, Turn& turn);
  void tell_alone(const Lead& lead, const Turn& turn);
  void remember(const Lead& lead, const Turn& turn, engine::EventTime due);

  void wait(Batch::Kind kind, const Lead& lead, const Turn& turn, std::string group, engine::EventTime due);
  bool counts(const Batch& batch, const Waiting& one) const;
  void will_tell(const Batch& batch, const Waiting& one);
  void tell_waiting(const std::string& id, engine::EventTime now);
  void send(const Lead& lead, const Batch& batch, const std::string& thread, std::string reason, engine::EventTime now);
  void write(const Batch& batch, const std::string& thread, std::string reason, engine::EventTime now);
  void open(const std::string& name, const Waiting& one, engine::EventTime now);
  void close(const std::string& sink, const engine::Digest& thread, const Member& member, engine::EventTime now);

  const Lead* find_lead(const std::string& route, const std::string& sink) const;
  const RoutedSink* find_sink(const std::string& name) const;
  void forget_old(engine::EventTime now);
  RoutingStep take();
  void count(Routed routed) { ++status_.routed[static_cast<std::size_t>(routed)]; }

  Options options_;
  std::vector<Way> ways_;
  std::uint64_t position_ = 0;
  Batches batches_;
  NoisyRules noisy_;
  ToldThreads told_;
  Silences silences_;
  engine::EventTime forgot_at_ = engine::EventTime::min();
  Status status_;
  std::vector<Delivery> deliveries_;
};

}  // namespace tripline::alerts
