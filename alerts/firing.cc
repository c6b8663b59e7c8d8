#include "alerts/firing.h"

#include <iterator>
#include <utility>

namespace tripline::alerts {

void Firing::forget(const std::string& thread) {
  const auto at = by_thread_.find(thread);
  if (at == by_thread_.end()) return;
  due_.erase(at->second);
  by_thread_.erase(at);
}

void Firing::delivered(const Message& message, engine::EventTime now) {
  if (message.test || message.grouped()) return;
  const Told& told = message.told.front();
  const std::string thread = thread_of(message);
  if (told.change == Change::kClosed) return forget(thread);
  if (told.signal->closed) return;  // told late, or again by hand; its closing may have gone before
  forget(thread);
  Message again;
  again.key = told.signal->id + "." + std::to_string(told.revision);
  again.told = {told};
  by_thread_[thread] = due_.emplace(now + interval_, std::move(again));
  if (by_thread_.size() <= most_) return;
  const auto last = std::prev(due_.end());
  by_thread_.erase(thread_of(last->second));
  due_.erase(last);
  ++given_up_;
}

std::vector<Message> Firing::due(engine::EventTime now, std::size_t count) {
  std::vector<Message> messages;
  while (messages.size() < count && !due_.empty() && due_.begin()->first <= now) {
    auto entry = due_.extract(due_.begin());
    messages.push_back(entry.mapped());
    entry.key() = now + interval_;
    by_thread_[thread_of(messages.back())] = due_.insert(std::move(entry));
  }
  return messages;
}

engine::EventTime Firing::next() const { return due_.empty() ? engine::EventTime::max() : due_.begin()->first; }

}  // namespace tripline::alerts
