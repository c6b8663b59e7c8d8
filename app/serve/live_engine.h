#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "app/serve/dead_letters.h"
#include "app/serve/live_status.h"
#include "app/serve/live_worker.h"
#include "app/serve/rule_tally.h"
#include "app/serve/thread_tasks.h"
#include "connectors/intake.h"
#include "connectors/limits.h"
#include "engine/recent_events.h"
#include "engine/state.h"
#include "engine/store.h"
#include "engine/watermark.h"

namespace tripline::app {

/// The engine of a running server: takes deliveries from the Intake, works on each wholly on one thread, and makes what
/// comes of them durable on the state thread, one commit for all that have been worked on. Then, and only then, they
/// are settled.
///
/// When a commit fails (the disk is full), everything in it is settled as failed, to be delivered again, and the state
/// is read back from the store before the next commit, as it holds what was not committed.
/// Threads: its own; all calls from any thread. Borrows intake and store, which outlive it; the store is the state
/// thread's from start() to stop().
class LiveEngine {
 public:
  struct Options {
    unsigned workers = 1;
    connectors::Limits limits;
    engine::Watermark::Options watermark;
    engine::StateOptions state;
    std::function<engine::EventTime()> now;     // the wall clock
    std::chrono::milliseconds tick{1000};       // how long the state thread rests at most
    std::chrono::milliseconds idle_step{5000};  // of the watermark, between commits that hold nothing else
    /// The earliest delivery time of what sources have and the intake has not taken yet; may be empty.
    std::function<std::optional<engine::EventTime>()> oldest_to_come{};
    std::function<std::vector<engine::Mark>()> forgotten_marks{};  // asked before each commit; may be empty
    std::function<void()> committed{};  // after each commit, on the state thread, which it holds up
    std::string dead_letter_folder;
    std::uint64_t dead_letter_bytes = std::uint64_t{64} << 20;
  };

  LiveEngine(connectors::Intake& intake, engine::Store& store, Options options);
  ~LiveEngine();
  LiveEngine(const LiveEngine&) = delete;
  LiveEngine& operator=(const LiveEngine&) = delete;

  /// Takes up what the store holds and begins to work. kStore: it cannot be read.
  engine::Result<void> start(std::shared_ptr<const engine::RuleSet> rules,
                             std::shared_ptr<const engine::Accounts> accounts);

  /// From the next delivery on these rules hold, with the state of those whose shape has not changed. Waits for the
  /// deliveries that are being worked on. kStore: the state cannot be read; the old rules stay.
  engine::Result<void> replace(std::shared_ptr<const engine::RuleSet> rules,
                               std::shared_ptr<const engine::Accounts> accounts);

  /// After start(). Runs `task` on the state thread between two commits, and waits for it: the one way for others to
  /// use the store's writer. False: the engine has stopped.
  bool run_on_state_thread(const ThreadTasks::Task& task) { return tasks_.run(task); }

  /// To be called once, by who called start(). Closes the intake, works off what it holds, writes a checkpoint and
  /// ends. What is not worked off within `limit` is settled as failed. Whether all was.
  bool stop(std::chrono::milliseconds limit);

  LiveStatus status() const;
  /// By rule id. Waits for the commit that is being made.
  std::map<std::string, RuleStatus> rules();

  /// What shows whether its threads go on. Any thread.
  struct Progress {
    std::uint64_t rounds = 0;    // of the state thread, which goes round once a tick at least
    std::uint64_t finished = 0;  // deliveries that workers have worked on
    bool waiting = false;        // some wait for a worker, or are being worked on
  };
  Progress progress() const;

 private:
  using Lock = std::unique_lock<std::mutex>;

  void work();
  void keep_state();
  void commit(std::vector<Worked> batch);
  std::optional<engine::EventTime> oldest() const;
  void give_marks(std::vector<Worked>& batch);
  void account_for(const std::vector<Worked>& batch, engine::EventTime now);
  void drop_state();
  void settle(std::span<const Worked> batch, const engine::Result<void>& outcome);
  void save_dead_letters(std::vector<Worked>& batch, engine::EventTime now);
  engine::Result<void> load_state(const Generation& generation);
  engine::Result<void> swap(std::shared_ptr<const Generation> next);
  void quiesce();
  bool tend(bool at_once = false);
  void write_checkpoint();
  std::shared_ptr<const Generation> generation() const;

  connectors::Intake& intake_;
  engine::Store& store_;
  Options options_;
  DeadLetters dead_letters_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const Generation> generation_;
  std::vector<Worked> finished_;
  ThreadTasks tasks_{mutex_, changed_};
  unsigned in_work_ = 0;  // deliveries
  unsigned workers_ = 0;  // that have not ended
  bool paused_ = false;   // no worker begins with a delivery
  LiveStatus status_;

  // The state thread's own.
  std::unique_ptr<engine::State> state_;                    // null: it is to be read back
  std::shared_ptr<const engine::Accounts> state_accounts_;  // that it borrows
  RuleTally tally_;
  std::optional<engine::Watermark> watermark_;
  engine::RecentEvents recent_;
  engine::EventTime committed_watermark_ = engine::EventTime::min();
  std::optional<engine::Error> trouble_;
  std::atomic<bool> give_up_ = false;
  std::atomic<std::uint64_t> rounds_ = 0;
  std::atomic<std::uint64_t> worked_ = 0;  // deliveries

  std::vector<std::jthread> threads_;
};

}  // namespace tripline::app
