#include "connectors/net/pending_reply.h"

#include <utility>

namespace tripline::connectors::net {
namespace {

/// Shared by all copies of a Reply.
struct Ticket {
  explicit Ticket(std::shared_ptr<PendingReply> p) : pending(std::move(p)) {}
  ~Ticket() { pending->drop(); }
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  std::shared_ptr<PendingReply> pending;
};

}  // namespace

Reply PendingReply::reply_to(std::shared_ptr<PendingReply> pending) {
  return [ticket = std::make_shared<Ticket>(std::move(pending))](HttpResponse answer) {
    ticket->pending->settle(State::kAnswered, std::move(answer));
  };
}

void PendingReply::settle(State state, std::optional<HttpResponse> answer) {
  std::function<void()> wake;  // dies without the lock, as it may hold the last of the connection
  const std::lock_guard lock(mutex_);
  if (state_ != State::kWaiting) return;
  state_ = state;
  answer_ = std::move(answer);
  wake = std::exchange(wake_, {});
  if (wake) wake();
}

PendingReply::State PendingReply::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::optional<HttpResponse> PendingReply::close() {
  std::function<void()> wake;
  const std::lock_guard lock(mutex_);
  if (state_ == State::kWaiting) state_ = State::kDropped;
  wake = std::exchange(wake_, {});
  return std::exchange(answer_, std::nullopt);
}

}  // namespace tripline::connectors::net
