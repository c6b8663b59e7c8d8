#include "app/serve/watchdog.h"

namespace tripline::app {

bool Movement::seen(const LiveEngine::Progress& now) {
  const bool state_moves = now.rounds != last_.rounds;
  const bool workers_move = !now.waiting || now.finished != last_.finished;
  if (!state_moves || !workers_move) return false;
  last_ = now;
  return true;
}

Watchdog::Watchdog(const Notify& notify, const LiveEngine& engine) {
  const auto limit = notify.watchdog();
  if (!limit) return;
  // Four looks within it, as the last may have come just before something moved.
  thread_ = std::jthread([this, &notify, &engine, pause = *limit / 4](const std::stop_token& stop) {
    Movement movement;
    while (!stop.stop_requested()) {
      if (movement.seen(engine.progress())) notify.alive();
      std::unique_lock lock(mutex_);
      woken_.wait_for(lock, stop, pause, [] { return false; });
    }
  });
}

Watchdog::~Watchdog() = default;

}  // namespace tripline::app
