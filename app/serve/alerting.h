#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "alerts/dispatcher.h"
#include "alerts/outbox.h"
#include "alerts/router.h"
#include "app/serve/alerts_status.h"
#include "app/serve/thread_tasks.h"
#include "engine/accounts.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::app {

/// Which deliveries of the outbox somebody means.
struct DeliverySelection {
  std::vector<std::uint64_t> numbers{};
  std::string sink{};        // if there are no numbers: those of this sink
  bool waiting_too = false;  // and not the parked ones alone; of the sink
};

/// Takes signals from the log of transitions to their sinks, on a thread of its own: Outbox, Router and Dispatcher, one
/// of each. What fails for want of the store is tried again after a second.
///
/// Threads: any, but load(), start() and stop() by one. Waits for the state thread (Outbox::Writer), which never waits
/// for it.
class Alerting {
 public:
  struct Options {
    std::string store_path;
    alerts::Outbox::Writer writer;
    std::function<engine::EventTime()> now;
    std::function<std::shared_ptr<const engine::Accounts>()> accounts;  // null: there are no names
    alerts::Router::Options routing;
    std::vector<alerts::Dispatcher::End> ends;
    alerts::Dispatcher::Options dispatch;  // `wake` is its own
  };

  explicit Alerting(Options options);
  ~Alerting();
  Alerting(const Alerting&) = delete;
  Alerting& operator=(const Alerting&) = delete;

  /// Before anything is committed to the store: takes up what is there. kStore: it cannot be read.
  engine::Result<void> load();
  /// Once, after load().
  void start();
  /// Something has been committed. Never waits.
  void wake();
  /// Begins nothing any more, waits for what is under way, at most `limit`, and ends. What is left goes on at the next
  /// start.
  void stop(std::chrono::milliseconds limit);

  AlertsStatus status() const;

  /// From the next change on these routes and sinks hold, and what waits for sinks goes on by them. Waits for attempts
  /// under way, at most kDrain; what has not come back by then is sent again, with its key. kStore: what is there
  /// cannot be read, and the old ones stay; kIo: the server stops.
  engine::Result<void> replace(alerts::Router::Options routing, std::vector<alerts::Dispatcher::End> ends);
  static constexpr std::chrono::seconds kDrain{5};

  /// Parked deliveries are to be tried again. Returns how many. Errors: kStore; kIo when the server stops; kUsage: one
  /// is for a sink that is not configured.
  engine::Result<std::uint64_t> retry(const DeliverySelection& selection);
  /// They are not to be delivered. Returns how many. Errors: kStore, kIo.
  engine::Result<std::uint64_t> drop(const DeliverySelection& selection);
  /// Failed attempts of each that waits. Likewise.
  engine::Result<std::vector<std::optional<std::uint64_t>>> attempts(const std::vector<alerts::OutboxEntry>& entries);

  /// Changes silences, durably.
  using Change = std::function<engine::Result<alerts::RoutingStep>(alerts::Router&, engine::EventTime now)>;
  engine::Result<void> change(const Change& change);
  engine::Result<std::vector<alerts::Silence>> silences();

 private:
  using Lock = std::unique_lock<std::mutex>;

  void run();
  engine::Result<void> turn(bool& more);
  engine::Result<void> make_router();
  engine::Result<void> make_dispatcher();
  engine::Result<void> swap(Options options);
  void drain(std::chrono::steady_clock::time_point by);
  engine::Result<void> commit_position();
  void forget_router();
  std::vector<alerts::SinkStatus> sink_counts() const;
  engine::Result<void> tell_what_fires();
  engine::Result<void> commit(const alerts::RoutingStep& step);
  void publish(const engine::Result<void>& outcome);
  engine::Result<void> check_sinks(std::span<const alerts::OutboxEntry> entries) const;
  engine::Result<std::uint64_t> each_of(
      const DeliverySelection& selection,
      const std::function<engine::Result<std::uint64_t>(std::span<const alerts::OutboxEntry>)>& act);

  Options options_;
  alerts::Outbox outbox_;
  std::unique_ptr<alerts::Router> router_;  // null: it is to be made anew
  std::unique_ptr<alerts::Dispatcher> dispatcher_;
  std::uint64_t committed_ = 0;  // the last transition that the store has as routed
  AlertsStatus earlier_;         // what routers and dispatchers of before have counted

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point stop_by_;
  ThreadTasks tasks_{mutex_, changed_};
  AlertsStatus status_;
  std::jthread thread_;
};

}  // namespace tripline::app
