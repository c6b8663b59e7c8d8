#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "alerts/back_off.h"
#include "alerts/request.h"
#include "engine/event_time.h"

namespace tripline::alerts {

/// When which delivery of one sink is tried. It knows deliveries by their numbers, sends nothing, keeps nothing and has
/// no clock.
///
/// - Of a thread one delivery is under way at a time, the one with the lowest number; the next one waits for what
///   becomes of it.
/// - A delivery that fails is tried again after a time of its own (BackOff), and holds up its thread alone.
/// - When the sink fails (Verdict::of_sink, or kDistinct deliveries fail and none succeeds), everything waits, and then
///   one attempt shows whether it is well again: a circuit breaker. A number of failures in a row opens it. What has
///   not been tried makes that attempt before what has failed: one message that resets every connection stops no other.
/// - Retry-After is obeyed, in the place of a shorter wait.
/// - What waits for longer than give_up_after is parked once an attempt of it has failed: by itself, with the breaker
///   open, or opens_after times. What waited while nobody was there to deliver it has an attempt before. The oldest
///   beyond `most` are parked, too.
///
/// Memory: some 300 bytes a delivery. Threads: one.
class Lane {
 public:
  struct Options {
    std::size_t concurrency = 4;  // attempts at a time
    std::size_t batch = 1;        // deliveries in an attempt, each of another thread
    std::size_t most = 100'000;   // that wait
    BackOff back_off{};
    std::chrono::milliseconds give_up_after{std::chrono::hours{24}};
    std::uint64_t opens_after = 5;  // failures of the sink in a row
    std::uint64_t seed = 1;
  };
  static constexpr std::size_t kDistinct = 5;

  enum class End {
    kDelivered,
    kRetry,    // it waits for another attempt
    kRefused,  // the receiver takes others, and not this one; it is parked, as all that follow
    kOverdue,  // it waited for longer than give_up_after
    kFull,     // there were too many
  };
  struct Outcome {
    std::uint64_t number = 0;
    End end = End::kDelivered;
    std::string why{};  // not of kDelivered
  };

  explicit Lane(const Options& options) : options_(options), random_(options.seed) {}

  /// A delivery waits, since `since`. Numbers that are there already are passed over.
  void add(std::uint64_t number, const std::string& thread, engine::EventTime since);
  /// It does not wait any more, whatever it is doing.
  void remove(std::uint64_t number);

  /// Somebody else is to send something of this thread, of which nothing is under way meanwhile. False: something of it
  /// waits, or is under way.
  bool occupy(const std::string& thread);
  /// It has come back.
  void release(const std::string& thread);

  /// The deliveries of one attempt that is to begin now; empty: none is. To be called until it returns none.
  std::vector<std::uint64_t> take(engine::EventTime now);

  /// What came of an attempt: a verdict for each of its deliveries. What is delivered or parked is not in the lane any
  /// more.
  std::vector<Outcome> settle(std::span<const std::uint64_t> numbers, std::span<const Verdict> verdicts,
                              engine::EventTime now);

  /// Those that are parked because they are too old, or too many; none of an attempt that goes on.
  std::vector<Outcome> park_overdue(engine::EventTime now);

  /// When take() or park_overdue() may have something, if nothing is added or settled; the end of time: never.
  engine::EventTime next() const;

  /// An attempt of somebody else came back.
  void heard(const Verdict& verdict, engine::EventTime began, engine::EventTime now);

  std::size_t waiting() const { return waiting_.size(); }
  std::size_t under_way() const { return attempts_; }
  bool open() const { return failures_ >= options_.opens_after; }
  std::uint64_t failures() const { return failures_; }              // of the sink, in a row
  engine::EventTime paused_until() const { return paused_until_; }  // in the past: it is not
  const std::string& trouble() const { return trouble_; }           // of the last failure; empty: none since a success
  std::optional<engine::EventTime> oldest() const;                  // since when the oldest waits
  /// Attempts that failed; nothing: it does not wait.
  std::optional<std::uint64_t> attempts(std::uint64_t number) const;

 private:
  struct Waiting {
    std::size_t thread = 0;  // a hash; two threads of one hash wait for each other, which does no harm
    engine::EventTime since;
    engine::EventTime next = engine::EventTime::min();
    std::uint64_t failures = 0;
    std::string why{};                         // of the last
    std::optional<engine::EventTime> began{};  // under way since
  };
  using Numbers = std::set<std::uint64_t>;
  struct Thread {
    Numbers numbers;
    bool busy = false;  // one of them is under way, or somebody else's
  };
  using Place = std::map<std::uint64_t, Waiting>::iterator;

  void make_ready(const Thread& thread);
  void erase(Place at);
  Outcome settle_one(Place at, const Verdict& verdict, engine::EventTime now);
  void sink_failed(const std::string& why, std::optional<std::chrono::seconds> after, engine::EventTime now);
  void sink_is_well();
  engine::EventTime give_up_at(engine::EventTime since) const { return since + options_.give_up_after; }
  std::size_t most_attempts() const { return failures_ > 0 ? 1 : options_.concurrency; }

  Options options_;
  std::mt19937_64 random_;
  std::map<std::uint64_t, Waiting> waiting_;  // by number
  std::unordered_map<std::size_t, Thread> threads_;
  std::set<std::pair<engine::EventTime, std::uint64_t>> ready_;  // by when: the first of each thread, not under way
  std::set<std::pair<engine::EventTime, std::uint64_t>> by_age_;
  std::set<std::pair<engine::EventTime, std::uint64_t>> tried_by_age_;  // those that have failed
  std::size_t attempts_ = 0;                                            // under way
  std::uint64_t failures_ = 0;
  engine::EventTime failed_at_ = engine::EventTime::min();
  engine::EventTime paused_until_ = engine::EventTime::min();
  Numbers failed_by_themselves_;  // since a success
  std::string trouble_;
};

}  // namespace tripline::alerts
