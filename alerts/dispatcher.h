#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/delivery.h"
#include "alerts/firing.h"
#include "alerts/lane.h"
#include "alerts/message.h"
#include "alerts/outbox.h"
#include "alerts/sender.h"
#include "alerts/sink_bounds.h"
#include "alerts/sink_status.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::alerts {

/// Sends what the outbox holds: a Lane for each sink, so that no sink waits for another. It sends by calling Senders
/// and never waits for them; whoever runs it calls step() at next(), or as soon as `wake` is called.
///
/// A delivery is deleted from the store once its receiver has taken it, and before anything else of its thread is sent.
/// After a kill between the two it is sent again, with its key.
///
/// Threads: one, but for what Senders call.
class Dispatcher {
 public:
  /// One sink.
  struct End {
    std::string name;
    std::size_t batch = 1;                                  // SinkKind::batch
    std::optional<std::chrono::milliseconds> refresh = {};  // SinkKind::refresh
    /// Sender::send(), without the accounts.
    std::function<void(std::vector<Message>, engine::EventTime now, Sender::Done done)> send;
    std::optional<SinkBounds> bounds = {};  // else those of Options::lane
  };
  struct Options {
    Lane::Options lane{};  // `batch` and `seed` are set for each sink
    std::uint64_t seed = 1;
    std::size_t most_firing = 100'000;   // open signals of a sink that are told again
    std::function<void()> wake = [] {};  // from any thread: something came back
  };

  /// Borrows the outbox.
  Dispatcher(Outbox& outbox, std::vector<End> ends, Options options);
  ~Dispatcher();

  /// Takes up what waits in the store. What is for a sink that is not there is parked, until the sink is there again.
  /// To be called once, first. kStore: it cannot be read, or not written.
  engine::Result<void> load(engine::EventTime now);
  /// An open signal that a sink with `refresh` has been told of before the start.
  void fires(std::string_view sink, const Message& message, engine::EventTime now);
  /// These are in the outbox now. `numbers`: as Outbox::commit() returned them. Those of a sink that is not there are
  /// parked by the next step().
  void add(std::span<const Delivery> deliveries, std::span<const std::uint64_t> numbers);

  /// Takes what came back, makes it durable, and sends what is due. kStore: something could not be made durable or
  /// read; the next call tries again, and nothing is lost or sent meanwhile.
  engine::Result<void> step(engine::EventTime now);
  /// When step() is to be called at the latest; the end of time: when something is added or comes back.
  engine::EventTime next() const;

  /// Parked deliveries wait again, as far as the sink's bound allows. Returns how many.
  engine::Result<std::uint64_t> retry(std::span<const OutboxEntry> entries, engine::EventTime now);
  /// These are not delivered, whether they wait or are parked.
  engine::Result<void> drop(std::span<const OutboxEntry> entries);

  /// Begins no attempts any more.
  void close() { closed_ = true; }
  void open() { closed_ = false; }
  /// Attempts that have not come back.
  std::size_t under_way() const { return attempts_.size(); }

  std::vector<SinkStatus> status() const;
  /// What the outbox has for sinks that are not there.
  const std::vector<engine::store::OutboxCount>& stranded() const { return stranded_; }
  /// Attempts of a delivery that waits, which failed; nothing: it does not wait.
  std::optional<std::uint64_t> attempts(const OutboxEntry& entry) const;

 private:
  struct SinkState;
  struct Inbox;
  struct Attempt {
    std::size_t sink = 0;
    std::vector<std::uint64_t> numbers{};  // empty: what is open is told again
    std::vector<engine::EventTime> written{};
    std::vector<Message> messages{};  // where the sink is told again of open signals
    engine::EventTime began;
  };

  SinkState* find(std::string_view sink) const;
  void take_back(engine::EventTime now);
  void settle(const Attempt& attempt, std::vector<Verdict> verdicts, engine::EventTime now);
  void record(SinkState& sink, Lane::Outcome outcome, engine::EventTime now);
  void take_away(SinkState& sink, std::uint64_t number, DeliveryEnd end);
  engine::Result<void> write();
  engine::Result<void> settle_strangers(const std::vector<engine::store::SettledRow>& rows);
  engine::Result<void> count_parked(engine::EventTime now);
  engine::Result<void> send_due(SinkState& sink, engine::EventTime now);
  engine::Result<void> begin(SinkState& sink, std::vector<std::uint64_t> numbers, engine::EventTime now);
  bool may_tell_again(const SinkState& sink) const;
  void tell_again(SinkState& sink, engine::EventTime now);
  void send(SinkState& sink, std::vector<Message> messages, Attempt attempt);

  Outbox& outbox_;
  Options options_;
  std::vector<std::unique_ptr<SinkState>> sinks_;
  std::map<std::uint64_t, Attempt> attempts_;  // by a number of ours
  std::uint64_t last_attempt_ = 0;
  std::shared_ptr<Inbox> inbox_;
  std::vector<engine::store::SettledRow> unwritten_;
  std::deque<std::string> reasons_;  // that it views
  std::vector<engine::store::OutboxCount> stranded_;
  engine::EventTime counted_at_ = engine::EventTime::min();
  bool closed_ = false;
};

}  // namespace tripline::alerts
