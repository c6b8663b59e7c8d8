#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/notify.h"
#include "app/serve/live_engine.h"

namespace tripline::app {

/// Whether an engine has moved since it was last seen to: its state thread has gone round, and where deliveries wait or
/// are being worked on, some have been finished. A disk that is full is no standstill; a thread that hangs is.
class Movement {
 public:
  /// False: something stands still since the last call that said true.
  bool seen(const LiveEngine::Progress& now);

 private:
  LiveEngine::Progress last_;
};

/// Feeds the service manager's watchdog for as long as the engine moves, on a thread of its own, so that neither a long
/// reload nor a thread that has nothing to do with the work can starve or feed it. Does nothing where no watchdog
/// watches. Borrows both.
class Watchdog {
 public:
  Watchdog(const Notify& notify, const LiveEngine& engine);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable_any woken_;
  std::jthread thread_;  // last, so that the others outlive it
};

}  // namespace tripline::app
