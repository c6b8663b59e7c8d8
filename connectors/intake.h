#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "engine/envelope.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::connectors {

/// Where all deliveries of a running server wait until they are durable: one bound for all ways in. It refuses what
/// does not fit, and never drops what it has taken. Source: design 4, "Intake has one bound". Threads: any; all calls
/// are short but take().
class Intake {
 public:
  struct Options {
    std::size_t max_bytes = std::size_t{256} << 20;  // of bodies that are not settled
  };
  /// Told once: everything of the delivery is durable, or it is not and must be delivered again (kStore, kIo).
  /// Called without a lock, on the thread that settles; it must not block.
  using Settled = std::function<void(const engine::Result<void>&)>;
  enum class Offer { kTaken, kFull, kClosed };

  explicit Intake(Options options) : options_(options) {}

  /// Takes the delivery, or leaves all as it was. A delivery larger than the bound is taken when nothing else is there.
  /// Sets `sequence`, and `delivered` where it is absent: to `now`, the wall clock.
  Offer offer(engine::Envelope envelope, engine::EventTime now, Settled settled);

  /// Whether a delivery of that size would be taken now.
  bool has_room(std::size_t bytes) const;

  /// The next delivery that no worker has; waits for it. Nothing: the intake is closed, and all were taken.
  std::optional<engine::Envelope> take();

  /// The delivery of that sequence is done with.
  void settle(std::uint64_t sequence, const engine::Result<void>& outcome);

  /// Closes it and settles all that is there as failed: nobody works on it any more.
  void abandon();

  /// Takes no more; what was taken is still to be worked on.
  void close();

  /// Waits until the intake is empty, or for `limit`; whether it is.
  bool wait_until_empty(std::chrono::milliseconds limit);

  std::size_t bytes() const;
  std::size_t max_bytes() const { return options_.max_bytes; }
  std::size_t deliveries() const;
  /// Of them, those that no worker has.
  std::size_t queued() const;
  /// The earliest `delivered` of those that are not settled; nothing: there are none.
  std::optional<engine::EventTime> oldest() const;

 private:
  bool fits(std::size_t bytes) const { return bytes_ == 0 || bytes_ + bytes <= options_.max_bytes; }

  struct Waiting {
    engine::EventTime delivered;
    std::size_t bytes;
    Settled settled;
    bool done = false;
  };

  Options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<engine::Envelope> queue_;  // that no worker has
  std::deque<Waiting> waiting_;         // not settled, or behind one that is not; in order of sequence
  std::uint64_t first_ = 0;             // the sequence of waiting_.front()
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace tripline::connectors
