#include "alerts/dispatcher.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace tripline::alerts {

using engine::EventTime;
using engine::Result;
using engine::store::SettledRow;

namespace {

constexpr std::chrono::minutes kCountAgain{1};
constexpr std::size_t kMostSettled = 1'000;  // in one step, as intake waits for it
constexpr std::string_view kStranded = "its sink is not configured any more";

/// Of what is not in the lane any more.
DeliveryEnd end_of(Lane::End end) {
  switch (end) {
    case Lane::End::kRefused:
      return DeliveryEnd::kRefused;
    case Lane::End::kOverdue:
      return DeliveryEnd::kOverdue;
    case Lane::End::kFull:
      return DeliveryEnd::kFull;
    default:
      return DeliveryEnd::kDelivered;
  }
}

}  // namespace

struct Dispatcher::SinkState {
  SinkState(std::size_t at, End its_end, const Lane::Options& lane_options, std::size_t most_firing)
      : index(at), end(std::move(its_end)), most(lane_options.most), lane(lane_options) {
    if (end.refresh) firing.emplace(*end.refresh, most_firing);
  }

  std::uint64_t& ended(DeliveryEnd how) { return status.ends[static_cast<std::size_t>(how)]; }

  std::size_t index;
  End end;
  std::size_t most;  // that wait
  Lane lane;
  std::optional<Firing> firing;
  bool telling_again = false;  // such an attempt is under way
  SinkStatus status;           // what is counted here
};

/// What came back, from other threads.
struct Dispatcher::Inbox {
  std::mutex mutex;
  std::vector<std::pair<std::uint64_t, Sent>> sent;  // by attempt
  std::function<void()> wake;                        // empty: nobody listens any more

  void put(std::uint64_t attempt, Sent what) {
    const std::lock_guard lock(mutex);
    sent.emplace_back(attempt, std::move(what));
    if (wake) wake();
  }
};

Dispatcher::Dispatcher(Outbox& outbox, std::vector<End> ends, Options options)
    : outbox_(outbox), options_(std::move(options)), inbox_(std::make_shared<Inbox>()) {
  inbox_->wake = options_.wake;
  for (End& end : ends) {
    Lane::Options lane = options_.lane;
    lane.batch = end.batch;
    if (end.bounds) {
      lane.concurrency = static_cast<std::size_t>(end.bounds->concurrency);
      lane.most = static_cast<std::size_t>(end.bounds->most_waiting);
      lane.give_up_after = end.bounds->give_up_after;
    }
    lane.seed = options_.seed + sinks_.size();
    const std::size_t index = sinks_.size();
    sinks_.push_back(std::make_unique<SinkState>(index, std::move(end), lane, options_.most_firing));
    sinks_.back()->status.name = sinks_.back()->end.name;
  }
}

Dispatcher::~Dispatcher() {
  const std::lock_guard lock(inbox_->mutex);
  inbox_->wake = nullptr;
}

Dispatcher::SinkState* Dispatcher::find(std::string_view sink) const {
  for (const auto& one : sinks_) {
    if (one->end.name == sink) return one.get();
  }
  return nullptr;
}

// --- what is to be delivered ---

Result<void> Dispatcher::load(EventTime now) {
  std::vector<SettledRow> rows;
  const auto read = outbox_.each({}, [&](const OutboxEntry& entry) {
    SinkState* sink = find(entry.delivery.sink);
    if (!entry.parked_at) {
      if (sink == nullptr) {
        rows.push_back({.number = entry.number, .kind = SettledRow::Kind::kParked, .at = now, .why = kStranded});
      } else {
        sink->lane.add(entry.number, entry.delivery.thread, entry.delivery.written_at);
      }
    } else if (sink != nullptr && entry.why == kStranded) {
      rows.push_back({.number = entry.number, .kind = SettledRow::Kind::kWaiting});
      sink->lane.add(entry.number, entry.delivery.thread, now);
    }
  });
  if (!read) return read;
  if (const auto done = settle_strangers(rows); !done) return done;
  return count_parked(now);
}

Result<void> Dispatcher::settle_strangers(const std::vector<SettledRow>& rows) {
  const std::span<const SettledRow> all(rows);
  for (std::size_t at = 0; at < all.size(); at += kMostSettled) {
    const auto done = outbox_.settle(all.subspan(at, std::min(kMostSettled, all.size() - at)));
    if (!done) return done;
  }
  return {};
}

void Dispatcher::fires(std::string_view sink, const Message& message, EventTime now) {
  SinkState* state = find(sink);
  if (state != nullptr && state->firing) state->firing->delivered(message, now);
}

void Dispatcher::add(std::span<const Delivery> deliveries, std::span<const std::uint64_t> numbers) {
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    SinkState* sink = find(deliveries[i].sink);
    if (numbers[i] == 0) continue;
    if (sink != nullptr) {
      sink->lane.add(numbers[i], deliveries[i].thread, deliveries[i].written_at);
    } else {  // it waited in a batch while its sink was taken out of the configuration
      unwritten_.push_back(
          {.number = numbers[i], .kind = SettledRow::Kind::kParked, .at = deliveries[i].written_at, .why = kStranded});
      counted_at_ = EventTime::min();
    }
  }
}

Result<std::uint64_t> Dispatcher::retry(std::span<const OutboxEntry> entries, EventTime now) {
  std::vector<SettledRow> rows;
  std::vector<const OutboxEntry*> again;
  std::map<const SinkState*, std::size_t> room;
  for (const auto& sink : sinks_) {
    room[sink.get()] = sink->most - std::min(sink->most, sink->lane.waiting());
  }
  for (const OutboxEntry& entry : entries) {
    const SinkState* sink = find(entry.delivery.sink);
    if (sink == nullptr || !entry.parked_at || room[sink] == 0) continue;
    --room[sink];
    again.push_back(&entry);
    rows.push_back({.number = entry.number, .kind = SettledRow::Kind::kWaiting});
  }
  if (const auto done = outbox_.settle(rows); !done) return done.error();
  for (const OutboxEntry* entry : again) {
    find(entry->delivery.sink)->lane.add(entry->number, entry->delivery.thread, now);
  }
  if (const auto counted = count_parked(now); !counted) return counted.error();
  return std::uint64_t{rows.size()};
}

Result<void> Dispatcher::drop(std::span<const OutboxEntry> entries) {
  std::vector<SettledRow> rows;
  for (const OutboxEntry& entry : entries) rows.push_back({.number = entry.number});
  if (const auto done = outbox_.settle(rows); !done) return done;
  for (const OutboxEntry& entry : entries) {
    SinkState* sink = find(entry.delivery.sink);
    if (sink == nullptr) continue;
    sink->lane.remove(entry.number);
    ++sink->ended(DeliveryEnd::kDropped);
  }
  counted_at_ = EventTime::min();
  return {};
}

// --- what comes back ---

void Dispatcher::take_back(EventTime now) {
  std::vector<std::pair<std::uint64_t, Sent>> sent;
  {
    const std::lock_guard lock(inbox_->mutex);
    sent.swap(inbox_->sent);
  }
  for (auto& [number, what] : sent) {
    const auto at = attempts_.find(number);
    if (at == attempts_.end()) continue;
    settle(at->second, std::move(what.verdicts), now);
    attempts_.erase(at);
  }
}

void Dispatcher::settle(const Attempt& attempt, std::vector<Verdict> verdicts, EventTime now) {
  SinkState& sink = *sinks_[attempt.sink];
  if (attempt.numbers.empty()) {
    sink.telling_again = false;
    for (const Message& message : attempt.messages) sink.lane.release(thread_of(message));
    for (const Verdict& verdict : verdicts) {
      sink.lane.heard(verdict, attempt.began, now);
      sink.status.refreshed += verdict.kind == Verdict::Kind::kDelivered ? 1 : 0;
    }
    return;
  }
  verdicts.resize(attempt.numbers.size(), Verdict::retry("nothing is known of it", {}, true));
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i].kind != Verdict::Kind::kDelivered) continue;
    sink.status.took.add(std::chrono::duration<double>(now - attempt.written[i]).count());
    if (sink.firing) sink.firing->delivered(attempt.messages[i], now);
  }
  for (auto& outcome : sink.lane.settle(attempt.numbers, verdicts, now)) record(sink, std::move(outcome), now);
}

void Dispatcher::record(SinkState& sink, Lane::Outcome outcome, EventTime now) {
  if (outcome.end == Lane::End::kRetry) {
    ++sink.status.retries;
    return;
  }
  ++sink.ended(end_of(outcome.end));
  if (outcome.end == Lane::End::kDelivered) {
    unwritten_.push_back({.number = outcome.number});
    return;
  }
  ++sink.status.parked;
  reasons_.push_back(std::move(outcome.why));
  unwritten_.push_back(
      {.number = outcome.number, .kind = SettledRow::Kind::kParked, .at = now, .why = reasons_.back()});
}

void Dispatcher::take_away(SinkState& sink, std::uint64_t number, DeliveryEnd end) {
  sink.lane.remove(number);
  ++sink.ended(end);
  unwritten_.push_back({.number = number});
}

Result<void> Dispatcher::write() {
  if (const auto done = outbox_.settle(unwritten_); !done) return done;
  unwritten_.clear();
  reasons_.clear();
  return {};
}

/// Parked deliveries also go with their signals, which nobody tells us.
Result<void> Dispatcher::count_parked(EventTime now) {
  const auto counts = outbox_.counts();
  if (!counts) return counts.error();
  for (const auto& sink : sinks_) sink->status.parked = 0;
  stranded_.clear();
  for (const auto& count : *counts) {
    if (SinkState* sink = find(count.sink)) {
      sink->status.parked = count.parked;
    } else {
      stranded_.push_back(count);
    }
  }
  counted_at_ = now;
  return {};
}

// --- sending ---

Result<void> Dispatcher::step(EventTime now) {
  take_back(now);
  for (const auto& sink : sinks_) {
    for (auto& outcome : sink->lane.park_overdue(now)) record(*sink, std::move(outcome), now);
  }
  if (const auto done = write(); !done) return done;
  const bool some_parked = !stranded_.empty() || std::any_of(sinks_.begin(), sinks_.end(),
                                                             [](const auto& sink) { return sink->status.parked > 0; });
  if (counted_at_ == EventTime::min() || (some_parked && now - counted_at_ >= kCountAgain)) {
    if (const auto counted = count_parked(now); !counted) return counted;
  }
  if (closed_) return {};
  for (const auto& sink : sinks_) {
    if (const auto done = send_due(*sink, now); !done) return done;
  }
  return write();
}

Result<void> Dispatcher::send_due(SinkState& sink, EventTime now) {
  for (auto numbers = sink.lane.take(now); !numbers.empty(); numbers = sink.lane.take(now)) {
    if (const auto begun = begin(sink, std::move(numbers), now); !begun) return begun;
  }
  // What is new goes first. What has been told is told again beside it, an attempt at a time.
  if (may_tell_again(sink) && sink.firing->next() <= now && now >= sink.lane.paused_until()) tell_again(sink, now);
  return {};
}

/// Whether a sink is well again shows by what waits for it, if something does.
bool Dispatcher::may_tell_again(const SinkState& sink) const {
  return sink.firing && !sink.telling_again && (sink.lane.failures() == 0 || sink.lane.waiting() == 0);
}

Result<void> Dispatcher::begin(SinkState& sink, std::vector<std::uint64_t> numbers, EventTime now) {
  Attempt attempt{.sink = sink.index, .began = now};
  std::vector<Message> messages;
  Result<void> trouble;
  for (const std::uint64_t number : numbers) {
    const auto entry = outbox_.find(number);
    if (!entry || !*entry) {
      if (!entry) trouble = entry.error();
      if (entry) take_away(sink, number, DeliveryEnd::kForgotten);
      continue;
    }
    auto message = outbox_.message((*entry)->delivery);
    if (!message) {
      trouble = message.error();
    } else if (!*message) {
      take_away(sink, number, DeliveryEnd::kForgotten);
    } else {
      attempt.numbers.push_back(number);
      attempt.written.push_back((*entry)->delivery.written_at);
      messages.push_back(*std::move(*message));
    }
  }
  if (!trouble) {
    sink.lane.settle(numbers, std::vector(numbers.size(), Verdict::retry(trouble.error().message, {}, true)), now);
  } else if (attempt.numbers.empty()) {
    sink.lane.settle({}, {}, now);
  } else {
    send(sink, std::move(messages), std::move(attempt));
  }
  return trouble;
}

void Dispatcher::tell_again(SinkState& sink, EventTime now) {
  std::vector<Message> messages;
  for (Message& message : sink.firing->due(now, sink.end.batch)) {
    // No older word on a thread beside a newer one, nor before it.
    if (sink.lane.occupy(thread_of(message))) messages.push_back(std::move(message));
  }
  if (messages.empty()) return;
  sink.telling_again = true;
  send(sink, std::move(messages), {.sink = sink.index, .began = now});
}

void Dispatcher::send(SinkState& sink, std::vector<Message> messages, Attempt attempt) {
  const EventTime now = attempt.began;
  if (sink.firing) attempt.messages = messages;
  const std::uint64_t number = ++last_attempt_;
  attempts_.emplace(number, std::move(attempt));
  sink.end.send(std::move(messages), now, [inbox = inbox_, number](Sent sent) { inbox->put(number, std::move(sent)); });
}

EventTime Dispatcher::next() const {
  EventTime next = EventTime::max();
  if (closed_) return next;
  for (const auto& sink : sinks_) {
    next = std::min(next, sink->lane.next());
    if (may_tell_again(*sink)) {
      next = std::min(next, std::max(sink->firing->next(), sink->lane.paused_until()));
    }
  }
  return next;
}

std::vector<SinkStatus> Dispatcher::status() const {
  std::vector<SinkStatus> all;
  for (const auto& sink : sinks_) {
    SinkStatus& one = all.emplace_back(sink->status);
    one.waiting = sink->lane.waiting();
    one.under_way = sink->lane.under_way() + (sink->telling_again ? 1 : 0);
    one.oldest = sink->lane.oldest();
    one.open = sink->lane.open();
    one.failures = sink->lane.failures();
    one.paused_until = sink->lane.paused_until();
    one.trouble = sink->lane.trouble();
    one.firing = sink->firing ? sink->firing->size() : 0;
    one.firing_given_up = sink->firing ? sink->firing->given_up() : 0;
  }
  return all;
}

std::optional<std::uint64_t> Dispatcher::attempts(const OutboxEntry& entry) const {
  const SinkState* sink = find(entry.delivery.sink);
  return sink == nullptr ? std::nullopt : sink->lane.attempts(entry.number);
}

}  // namespace tripline::alerts
