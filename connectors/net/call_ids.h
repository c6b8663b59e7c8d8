#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "engine/event_time.h"

namespace tripline::connectors::net {

/// Names for calls, in the form of UUIDs. Made of when the run started and a count, so that no other call of any run
/// has the same; they are no secrets. Threads: any.
class CallIds {
 public:
  explicit CallIds(engine::EventTime started) : started_(started) {}

  std::string next();
  engine::EventTime started() const { return started_; }

 private:
  engine::EventTime started_;
  std::atomic<std::uint64_t> calls_{0};
};

}  // namespace tripline::connectors::net
