#include "connectors/net/request_ids.h"

namespace tripline::connectors::net {

RequestIds::Met RequestIds::meet(const engine::Digest& id, engine::EventTime now, Waiter waiter) {
  const std::lock_guard lock(mutex_);
  forget_old(now);
  const auto [at, is_new] = deliveries_.try_emplace(id);
  Delivery& delivery = at->second;
  if (delivery.done) return Met::kDone;
  if (delivery.waiting.size() >= options_.max_waiting) return Met::kTooMany;
  delivery.waiting.push_back(std::move(waiter));
  return is_new ? Met::kNew : Met::kUnderWay;
}

void RequestIds::finish(const engine::Digest& id, engine::EventTime now, WayOutcome outcome) {
  std::vector<Waiter> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto at = deliveries_.find(id);
    if (at == deliveries_.end() || at->second.done) return;
    waiting = std::move(at->second.waiting);
    if (outcome == WayOutcome::kAccepted) {
      at->second = {.done = true, .waiting = {}};
      done_.emplace_back(now, id);
    } else {
      deliveries_.erase(at);
    }
    forget_old(now);
  }
  for (const Waiter& waiter : waiting) waiter(outcome);
}

std::size_t RequestIds::size() const {
  const std::lock_guard lock(mutex_);
  return deliveries_.size();
}

void RequestIds::forget_old(engine::EventTime now) {
  while (!done_.empty() && (done_.size() > options_.max_ids || done_.front().first < now - options_.keep)) {
    deliveries_.erase(done_.front().second);
    done_.pop_front();
  }
}

}  // namespace tripline::connectors::net
