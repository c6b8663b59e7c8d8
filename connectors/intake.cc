#include "connectors/intake.h"

#include <utility>

namespace tripline::connectors {

Intake::Offer Intake::offer(engine::Envelope envelope, engine::EventTime now, Settled settled) {
  const std::lock_guard lock(mutex_);
  if (closed_) return Offer::kClosed;
  const std::size_t bytes = envelope.body ? envelope.body->size() : 0;
  if (!fits(bytes)) return Offer::kFull;
  envelope.sequence = first_ + waiting_.size();
  if (!envelope.delivered) envelope.delivered = now;
  bytes_ += bytes;
  waiting_.push_back({*envelope.delivered, bytes, std::move(settled)});
  queue_.push_back(std::move(envelope));
  changed_.notify_all();
  return Offer::kTaken;
}

bool Intake::has_room(std::size_t bytes) const {
  const std::lock_guard lock(mutex_);
  return fits(bytes);
}

std::optional<engine::Envelope> Intake::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_ || !queue_.empty(); });
  if (queue_.empty()) return std::nullopt;
  engine::Envelope envelope = std::move(queue_.front());
  queue_.pop_front();
  return envelope;
}

void Intake::settle(std::uint64_t sequence, const engine::Result<void>& outcome) {
  Settled settled;
  {
    const std::lock_guard lock(mutex_);
    if (sequence < first_ || sequence - first_ >= waiting_.size()) return;
    Waiting& one = waiting_[static_cast<std::size_t>(sequence - first_)];
    if (std::exchange(one.done, true)) return;
    settled = std::move(one.settled);
    bytes_ -= one.bytes;
    while (!waiting_.empty() && waiting_.front().done) {
      waiting_.pop_front();
      ++first_;
    }
    changed_.notify_all();
  }
  if (settled) settled(outcome);
}

void Intake::abandon() {
  std::uint64_t end = 0;
  std::uint64_t next = 0;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    next = first_;
    end = first_ + waiting_.size();
    queue_.clear();
    changed_.notify_all();
  }
  for (; next < end; ++next) settle(next, engine::fail(engine::ErrorCode::kIo, "the server stops"));
}

void Intake::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

bool Intake::wait_until_empty(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return waiting_.empty(); });
}

std::size_t Intake::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::size_t Intake::deliveries() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

std::size_t Intake::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

std::optional<engine::EventTime> Intake::oldest() const {
  const std::lock_guard lock(mutex_);
  std::optional<engine::EventTime> oldest;
  for (const Waiting& one : waiting_) {
    if (!one.done && (!oldest || one.delivered < *oldest)) oldest = one.delivered;
  }
  return oldest;
}

}  // namespace tripline::connectors
