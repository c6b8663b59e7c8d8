#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "alerts/dispatcher.h"
#include "tests/support/alert_store.h"

namespace tripline::tests {

/// A receiver that takes each key once, as receivers that know Idempotency-Key do.
struct Receiver {
  std::vector<std::string> keys;                              // in the order they were taken
  std::map<std::string, std::vector<std::string>> by_thread;  // the same
  std::uint64_t repeated = 0;

  void take(const alerts::Message& message);

 private:
  std::map<std::string, bool> known_;
};

/// An engine's alerts in virtual time: a store to which signals come, a Dispatcher, and sinks that do as the test says.
/// Nothing waits; run_until() goes from one moment at which something happens to the next.
class SinkWorld {
 public:
  /// What a sink makes of one message that has reached it.
  struct Answer {
    alerts::Verdict verdict;
    std::chrono::milliseconds after{10};
    bool taken = true;  // the receiver has it, whatever it says
  };
  using Behaviour = std::function<Answer(const alerts::Message&, engine::EventTime now)>;
  struct Sink {
    std::string name;
    std::size_t batch = 1;
    std::optional<std::chrono::milliseconds> refresh{};
    Behaviour behaviour{};
  };

  SinkWorld(engine::EventTime start, std::vector<Sink> sinks, alerts::Dispatcher::Options options = {});

  /// Signals change now.
  void change(const std::vector<AlertStore::Change>& changes) { store_.commit(changes); }
  /// What has changed goes to all sinks; run_until() does it by itself.
  void route();
  /// kill -9 and a start: what is under way comes to nobody; receivers may have got it.
  void kill();
  /// Everything that happens up to then.
  void run_until(engine::EventTime end);

  alerts::SinkStatus status(std::size_t sink = 0) const { return dispatcher_->status()[sink]; }
  alerts::Dispatcher& dispatcher() { return *dispatcher_; }
  alerts::Outbox& outbox() { return *outbox_; }
  AlertStore& store() { return store_; }
  engine::EventTime now() const { return store_.now; }
  Receiver& receiver(std::size_t sink = 0) { return receivers_[sink]; }
  /// In flight at the same time, at the most; by sink.
  std::size_t most_under_way(std::size_t sink = 0) const { return most_under_way_[sink]; }

 private:
  void start();
  void send(std::size_t sink, std::vector<alerts::Message> messages, engine::EventTime now, alerts::Sender::Done done);

  AlertStore store_;
  std::vector<Sink> sinks_;
  alerts::Dispatcher::Options options_;
  std::vector<Receiver> receivers_;
  std::vector<std::size_t> under_way_, most_under_way_;
  std::unique_ptr<alerts::Outbox> outbox_;
  std::unique_ptr<alerts::Dispatcher> dispatcher_;
  std::uint64_t position_ = 0;
  std::uint64_t life_ = 0;
  std::multimap<engine::EventTime, std::function<void()>> to_come_;
};

}  // namespace tripline::tests
