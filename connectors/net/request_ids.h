#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "connectors/net/way_counters.h"
#include "engine/digest.h"
#include "engine/event_time.h"

namespace tripline::connectors::net {

/// What became of the deliveries of the last hours, so that one that comes again, as its answer was lost, is answered
/// at once; while the first is under way, both are answered by what becomes of it. That nothing counts twice does not
/// rest on this but on the events' own keys: ids may be forgotten at any time. Memory: about 100 bytes an id. Threads:
/// any.
class RequestIds {
 public:
  struct Options {
    std::size_t max_ids = 100'000;   // that are done with
    std::chrono::minutes keep{120};  // Firehose sends a batch again for two hours at most
    std::size_t max_waiting = 16;    // for one delivery under way, the first included
  };
  /// Told what became of the delivery. Called without a lock.
  using Waiter = std::function<void(WayOutcome)>;
  enum class Met {
    kNew,       // nobody has it: the caller takes it and calls finish()
    kUnderWay,  // the waiter will be told
    kDone,      // it was accepted before; the waiter is not called
    kTooMany,   // as kUnderWay, but too many wait already; the waiter is not called
  };

  explicit RequestIds(Options options) : options_(options) {}

  Met meet(const engine::Digest& id, engine::EventTime now, Waiter waiter);

  /// Tells all who wait. What was not accepted is forgotten.
  void finish(const engine::Digest& id, engine::EventTime now, WayOutcome outcome);

  std::size_t size() const;

 private:
  struct Delivery {
    bool done = false;
    std::vector<Waiter> waiting;
  };
  void forget_old(engine::EventTime now);

  Options options_;
  mutable std::mutex mutex_;
  std::unordered_map<engine::Digest, Delivery, engine::DigestHash> deliveries_;
  std::deque<std::pair<engine::EventTime, engine::Digest>> done_;  // in the order they were done
};

}  // namespace tripline::connectors::net
