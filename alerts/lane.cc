#include "alerts/lane.h"

#include <algorithm>
#include <cassert>
#include <functional>

namespace tripline::alerts {

using engine::EventTime;

namespace {

std::string overdue(const std::string& why) {
  return "not delivered in time" + (why.empty() ? why : "; at last: " + why);
}

}  // namespace

void Lane::add(std::uint64_t number, const std::string& thread, EventTime since) {
  const std::size_t hash = std::hash<std::string>{}(thread);
  if (!waiting_.emplace(number, Waiting{.thread = hash, .since = since}).second) return;
  by_age_.emplace(since, number);
  Thread& others = threads_[hash];
  if (!others.numbers.empty()) {  // one that was parked and waits again may stand before the first
    const std::uint64_t first = *others.numbers.begin();
    ready_.erase({waiting_.at(first).next, first});
  }
  others.numbers.insert(number);
  make_ready(others);
}

void Lane::make_ready(const Thread& thread) {
  if (thread.busy || thread.numbers.empty()) return;
  const std::uint64_t first = *thread.numbers.begin();
  ready_.emplace(waiting_.at(first).next, first);
}

void Lane::erase(Place at) {
  const auto& [number, one] = *at;
  ready_.erase({one.next, number});
  by_age_.erase({one.since, number});
  tried_by_age_.erase({one.since, number});
  failed_by_themselves_.erase(number);
  const auto thread = threads_.find(one.thread);
  thread->second.busy &= !one.began;
  thread->second.numbers.erase(number);
  waiting_.erase(at);
  if (thread->second.numbers.empty() && !thread->second.busy) {
    threads_.erase(thread);
  } else {
    make_ready(thread->second);
  }
}

bool Lane::occupy(const std::string& thread) {
  const auto [at, fresh] = threads_.try_emplace(std::hash<std::string>{}(thread));
  if (!fresh) return false;
  at->second.busy = true;
  return true;
}

void Lane::release(const std::string& thread) {
  const auto at = threads_.find(std::hash<std::string>{}(thread));
  at->second.busy = false;
  if (at->second.numbers.empty()) {
    threads_.erase(at);
  } else {
    make_ready(at->second);
  }
}

void Lane::remove(std::uint64_t number) {
  const auto at = waiting_.find(number);
  if (at != waiting_.end()) erase(at);
}

std::vector<std::uint64_t> Lane::take(EventTime now) {
  std::vector<std::uint64_t> taken;
  if (now < paused_until_ || attempts_ >= most_attempts()) return taken;
  while (taken.size() < options_.batch && !ready_.empty() && ready_.begin()->first <= now) {
    const std::uint64_t number = ready_.begin()->second;
    ready_.erase(ready_.begin());
    Waiting& one = waiting_.at(number);
    one.began = now;
    threads_.at(one.thread).busy = true;
    taken.push_back(number);
  }
  if (!taken.empty()) ++attempts_;
  return taken;
}

void Lane::sink_failed(const std::string& why, std::optional<std::chrono::seconds> after, EventTime now) {
  ++failures_;
  failed_at_ = now;
  trouble_ = why;
  std::chrono::milliseconds wait = options_.back_off.wait(failures_, random_);
  if (after) wait = std::max<std::chrono::milliseconds>(wait, *after);
  paused_until_ = std::max(paused_until_, now + wait);
}

void Lane::sink_is_well() {
  failures_ = 0;
  paused_until_ = EventTime::min();
  failed_by_themselves_.clear();
  trouble_.clear();
}

void Lane::heard(const Verdict& verdict, EventTime began, EventTime now) {
  if (began <= failed_at_) return;
  if (verdict.kind == Verdict::Kind::kDelivered) {
    sink_is_well();
  } else if (verdict.of_sink) {
    sink_failed(verdict.why, verdict.after, now);
  }
}

Lane::Outcome Lane::settle_one(Place at, const Verdict& verdict, EventTime now) {
  Waiting& one = at->second;
  Outcome outcome{at->first, End::kDelivered, verdict.why};
  if (verdict.kind != Verdict::Kind::kDelivered) {
    outcome.end = verdict.refuses_message() ? End::kRefused : End::kRetry;
  }
  // Once is no proof that a failure said to be of the sink is of the message.
  const bool by_itself = !verdict.of_sink || one.failures + 1 >= options_.opens_after;
  if (outcome.end == End::kRetry && by_itself && now >= give_up_at(one.since)) {
    outcome = {at->first, End::kOverdue, overdue(verdict.why)};
  }
  if (outcome.end != End::kRetry) {
    erase(at);
    return outcome;
  }
  one.began.reset();
  one.why = verdict.why;
  ++one.failures;
  tried_by_age_.emplace(one.since, at->first);
  if (!verdict.of_sink) failed_by_themselves_.insert(at->first);
  // When the sink is blamed, too: a message that no receiver can take looks like that, and other threads go first.
  std::chrono::milliseconds wait = options_.back_off.wait(one.failures, random_);
  if (verdict.after) wait = std::max<std::chrono::milliseconds>(wait, *verdict.after);
  one.next = now + wait;
  Thread& thread = threads_.at(one.thread);
  thread.busy = false;
  make_ready(thread);
  return outcome;
}

std::vector<Lane::Outcome> Lane::settle(std::span<const std::uint64_t> numbers, std::span<const Verdict> verdicts,
                                        EventTime now) {
  assert(numbers.size() == verdicts.size());
  assert(attempts_ > 0);
  --attempts_;
  std::vector<Outcome> outcomes;
  const Verdict* of_sink = nullptr;
  bool well = false;
  EventTime began = now;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const Verdict& verdict = verdicts[i];
    if (verdict.kind != Verdict::Kind::kDelivered && verdict.of_sink) of_sink = &verdict;
    well |= verdict.kind == Verdict::Kind::kDelivered || verdict.refuses_message();
    const auto at = waiting_.find(numbers[i]);
    if (at == waiting_.end()) continue;  // removed meanwhile
    began = std::min(began, at->second.began.value_or(now));
    outcomes.push_back(settle_one(at, verdict, now));
  }
  // Of attempts side by side that fail together, one counts.
  if (numbers.empty() || began <= failed_at_) return outcomes;
  if (of_sink != nullptr) {
    sink_failed(of_sink->why, of_sink->after, now);
  } else if (well) {
    sink_is_well();
  } else if (failed_by_themselves_.size() >= kDistinct) {
    sink_failed(verdicts.back().why, {}, now);
  }
  return outcomes;
}

std::vector<Lane::Outcome> Lane::park_overdue(EventTime now) {
  std::vector<Outcome> parked;
  for (auto age = tried_by_age_.begin(); open() && age != tried_by_age_.end() && now >= give_up_at(age->first);) {
    const auto at = waiting_.find(age->second);
    ++age;
    if (at->second.began) continue;
    parked.push_back({at->first, End::kOverdue, overdue(at->second.why.empty() ? trouble_ : at->second.why)});
    erase(at);
  }
  for (auto next = waiting_.begin(); waiting_.size() > options_.most && next != waiting_.end();) {
    const auto at = next++;
    if (at->second.began) continue;
    parked.push_back({at->first, End::kFull,
                      "the sink's outbox was full" + (trouble_.empty() ? trouble_ : "; at last: " + trouble_)});
    erase(at);
  }
  return parked;
}

EventTime Lane::next() const {
  EventTime next = EventTime::max();
  if (!ready_.empty() && attempts_ < most_attempts()) next = std::max(ready_.begin()->first, paused_until_);
  for (const auto& [since, number] : tried_by_age_) {
    if (!open()) break;
    if (waiting_.at(number).began) continue;
    return std::min(next, give_up_at(since));
  }
  return next;
}

std::optional<EventTime> Lane::oldest() const {
  if (by_age_.empty()) return std::nullopt;
  return by_age_.begin()->first;
}

std::optional<std::uint64_t> Lane::attempts(std::uint64_t number) const {
  const auto at = waiting_.find(number);
  if (at == waiting_.end()) return std::nullopt;
  return at->second.failures;
}

}  // namespace tripline::alerts
