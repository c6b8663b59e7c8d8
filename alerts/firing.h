#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "alerts/message.h"
#include "engine/event_time.h"

namespace tripline::alerts {

/// What a receiver that forgets (SinkKind::refresh) is to be told again: what it holds open, a thread (rule and group)
/// each, every `interval` until the thread's closing is delivered. It holds the last message of each, and no clock.
/// Filled anew at a start, from the store's open signals.
///
/// Memory: a message and its signal a thread, at most `most`; beyond that the one that is due last is given up, which
/// is counted. Threads: not synchronised.
class Firing {
 public:
  Firing(std::chrono::milliseconds interval, std::size_t most) : interval_(interval), most_(most) {}

  /// The receiver has got this message at `now`. What is told of several signals together opens nothing, nor does what
  /// comes after the signal has closed.
  void delivered(const Message& message, engine::EventTime now);

  /// At most `count` messages whose time has come, each of one signal; they are due again an interval later, whatever
  /// becomes of them.
  std::vector<Message> due(engine::EventTime now, std::size_t count);

  /// When due() next has something; the end of time: never.
  engine::EventTime next() const;

  std::size_t size() const { return by_thread_.size(); }
  std::uint64_t given_up() const { return given_up_; }

 private:
  using Due = std::multimap<engine::EventTime, Message>;

  void forget(const std::string& thread);

  std::chrono::milliseconds interval_;
  std::size_t most_;
  std::uint64_t given_up_ = 0;
  Due due_;
  std::map<std::string, Due::iterator> by_thread_;
};

}  // namespace tripline::alerts
