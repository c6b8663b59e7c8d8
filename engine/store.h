#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/result.h"
#include "engine/signal.h"

namespace tripline::engine {

/// What happened to a signal in one commit: at most one opening or update, and one closing.
struct Transition {
  enum class Kind : std::uint8_t { kOpened, kUpdated, kClosed };
  std::uint64_t number = 0;  // from 1, without gaps, in the order of commits
  Kind kind = Kind::kOpened;
  std::string signal;    // its id
  bool widened = false;  // an update that adds an account, region or address
};

/// What the state thread makes durable in one step, before any Envelope in it is acknowledged.
struct Commit {
  std::vector<EventKey> keys;       // of matched events, against duplicates
  std::vector<Signal> signals;      // new and changed ones, whole
  std::vector<std::string> closed;  // ids of signals: no trigger of their period can come any more
  std::vector<Transition> transitions;
  EventTime watermark = EventTime::min();
};

/// Where state lives. The state thread is the only caller.
class Store {
 public:
  virtual ~Store() = default;

  /// All of `commit` or nothing. kStore: it could not be written.
  virtual Result<void> commit(Commit commit) = 0;

  virtual bool seen(const EventKey& key) const = 0;
  /// Null: there is none. Valid until the next call. kStore: it cannot be read.
  virtual Result<const Signal*> find(const std::string& id) const = 0;

  /// In order of first event time, then id. kStore: one cannot be read; those before it were visited.
  virtual Result<void> each_signal(const std::function<void(const Signal&)>& visit) const = 0;
};

}  // namespace tripline::engine
