#include "alerts/firing.h"

#include <iterator>
#include <utility>

namespace tripline::alerts {

void Firing::forget(const std::string& signal) {
  const auto at = by_signal_.find(signal);
  if (at == by_signal_.end()) return;
  due_.erase(at->second);
  by_signal_.erase(at);
}

void Firing::remember(const std::string& signal, Message message, engine::EventTime due) {
  forget(signal);
  by_signal_[signal] = due_.emplace(due, std::move(message));
  if (by_signal_.size() <= most_) return;
  const auto last = std::prev(due_.end());
  by_signal_.erase(last->second.told.front().signal->id);
  due_.erase(last);
  ++given_up_;
}

void Firing::delivered(const Message& message, engine::EventTime now) {
  for (const Told& told : message.told) {
    const std::string& id = told.signal->id;
    if (told.change == Change::kClosed) {
      forget(id);
    } else if (!message.test) {
      Message again;
      again.key = id + "." + std::to_string(told.revision);
      again.told = {told};
      remember(id, std::move(again), now + interval_);
    }
  }
}

std::vector<Message> Firing::due(engine::EventTime now, std::size_t count) {
  std::vector<Message> messages;
  while (messages.size() < count && !due_.empty() && due_.begin()->first <= now) {
    auto entry = due_.extract(due_.begin());
    messages.push_back(entry.mapped());
    entry.key() = now + interval_;
    by_signal_[messages.back().told.front().signal->id] = due_.insert(std::move(entry));
  }
  return messages;
}

engine::EventTime Firing::next() const { return due_.empty() ? engine::EventTime::max() : due_.begin()->first; }

}  // namespace tripline::alerts
