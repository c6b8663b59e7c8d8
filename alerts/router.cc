#include "alerts/router.h"

#include <algorithm>
#include <set>
#include <utility>

namespace tripline::alerts {

using engine::EventTime;
using engine::Result;

namespace {

/// Until the first digest of a rule that has become noisy: soon enough to act on, long enough to say how noisy it is.
constexpr std::chrono::minutes kFirstDigest{1};

std::uint64_t most_digest_above(const Router::Options& options) {
  std::uint64_t most = 0;
  for (const Route& route : options.routes) {
    for (const RoutedSink& sink : options.sinks) most = std::max(most, pace_of(route, *sink.kind).digest_above);
  }
  return most;
}

std::string grouped_key(const Batch& batch) {
  std::string members;
  for (const Waiting& one : batch.listed) {
    members += to_hex(one.member.signal) + "." + std::to_string(one.member.revision);
  }
  return "g-" + to_hex(engine::digest_128({"grouped", members, std::to_string(batch.more)}));
}

}  // namespace

/// One change that is being routed.
struct Router::Turn {
  const SignalChange& change;
  const engine::Signal& signal;
  EventTime now;
  SignalTraits traits;
  std::string thread;
  Waiting one{};
  /// It opens, and continues the period before: an update to whoever was told of that.
  bool goes_on_from_another = false;
  bool silenced = false;
  std::set<std::string_view> served{};  // sinks

  /// An event has come for it after it closed; it does not close again.
  bool is_late() const { return signal.closed && change.change != Change::kOpened && change.change != Change::kClosed; }
};

// --- what goes where ---

Router::Router(Options options)
    : options_(std::move(options)),
      noisy_(most_digest_above(options_)),
      told_(options_.most_threads),
      silences_(options_.most_silences) {
  for (const Route& route : options_.routes) {
    Way& way = ways_.emplace_back(Way{SignalMatcher(route.match), &route, {}});
    for (const std::string& name : route.sinks) {
      for (const RoutedSink& sink : options_.sinks) {
        if (sink.name == name) way.leads.push_back({&route, &sink, pace_of(route, *sink.kind)});
      }
    }
  }
}

RoutingStep Router::step(std::span<const SignalChange> changes, const engine::Accounts* accounts, EventTime now) {
  forget_old(now);
  for (const SignalChange& change : changes) {
    if (change.number <= position_) continue;
    route(change, accounts, now);
    position_ = change.number;
  }
  while (const std::string* id = batches_.due(now)) tell_waiting(std::string(*id), now);
  return take();
}

void Router::route(const SignalChange& change, const engine::Accounts* accounts, EventTime now) {
  if (change.signal == nullptr) return count(Routed::kForgotten);
  const engine::Signal& signal = *change.signal;
  Turn turn{.change = change,
            .signal = signal,
            .now = now,
            .traits = SignalTraits::of(signal, accounts),
            .thread = thread_of(signal)};
  turn.goes_on_from_another = change.change == Change::kOpened && !signal.continues.empty();
  turn.one.member = {engine::from_hex(signal.id), change.number,
                     turn.goes_on_from_another ? Change::kUpdated : change.change};
  turn.one.thread = engine::from_hex(turn.thread);
  turn.silenced = silences_.cover(turn.traits, now);
  follow(turn);
  if (signal.rule().dry_run) return count(Routed::kDryRun);
  bool taken = false, kept_silent = false;
  for (const Way& way : ways_) {
    if (way.matcher.misfit(turn.traits) != nullptr) continue;
    taken = taken || !way.leads.empty();
    for (const Lead& lead : way.leads) {
      if (turn.served.contains(lead.sink->name) || !wants(lead, turn)) continue;
      turn.served.insert(lead.sink->name);
      kept_silent = kept_silent || turn.silenced;
      if (!turn.silenced) tell(lead, turn);
    }
    if (!way.route->goes_on) break;
  }
  if (kept_silent) count(Routed::kSilenced);
  if (turn.served.empty()) count(taken ? Routed::kUnwanted : Routed::kUnrouted);
}

/// What a receiver holds open ends with the last signal of its thread, whoever was told of that one, and whatever
/// routes and silences say by now.
void Router::follow(Turn& turn) {
  const bool opened = turn.change.change == Change::kOpened;
  if (!opened && turn.change.change != Change::kClosed) return;
  const engine::Digest& signal = turn.one.member.signal;
  for (const RoutedSink& sink : options_.sinks) {
    const ToldThreads::Told* found = sink.kind->closes ? told_.find(sink.name, turn.thread) : nullptr;
    if (found == nullptr) continue;
    ToldThreads::Told told = *found;
    const bool known = std::erase(told.live, signal) > 0;
    if (opened) told.live.push_back(signal);
    if (known && turn.change.goes_on) {
      const engine::Digest next = engine::from_hex(next_signal_id(turn.signal));
      std::erase(told.live, next);
      told.live.push_back(next);
    }
    if (!told.live.empty()) {
      if (told.live != found->live) told_.put(sink.name, turn.thread, std::move(told));
      continue;
    }
    told_.forget(sink.name, turn.thread);
    batches_.end(sink.name, turn.one.thread, turn.change.number);
    if (!told.holds) continue;
    close(sink.name, turn.one.thread, turn.one.member, turn.now);
    turn.served.insert(sink.name);
    count(Routed::kDelivered);
  }
}

bool Router::wants(const Lead& lead, const Turn& turn) const {
  const bool closes = lead.sink->kind->closes;
  const Change change = turn.one.member.change;
  const engine::Level level = turn.signal.rule().level;
  if (change == Change::kClosed) return !closes && tells(*lead.route, change, level);
  const ToldThreads::Told* told = told_.find(lead.sink->name, turn.thread);
  const bool held = told != nullptr && told->holds;
  if (closes && turn.is_late() && !held) return false;  // it would be held open for ever
  if (tells(*lead.route, change, level)) return true;
  if (change == Change::kOpened || !tells(*lead.route, Change::kOpened, level)) return false;
  // What goes on: to whoever holds it open, and to whoever last heard of it long ago, or never.
  if (held && turn.goes_on_from_another) return true;
  const auto repeat = lead.pace.repeat_interval;
  return repeat.count() > 0 && (told == nullptr || told->at + repeat <= turn.now);
}

void Router::tell(const Lead& lead, Turn& turn) {
  const std::string &rule = turn.signal.rule().id, &sink = lead.sink->name;
  const ToldThreads::Told* told = told_.find(sink, turn.thread);
  // A message to what a sink holds open makes nothing new there.
  const bool held = told != nullptr && told->holds;
  if (lead.pace.digest_above > 0 && !held) {
    noisy_.tell(sink, rule, turn.one.member.signal, turn.now);
    if (noisy_.noisy(sink, rule, lead.pace.digest_above, turn.now)) {
      count(Routed::kDigested);
      return wait(Batch::Kind::kDigest, lead, turn, rule, turn.now + kFirstDigest);
    }
  }
  if (lead.pace.grouped()) {
    count(Routed::kGrouped);
    return wait(Batch::Kind::kGroup, lead, turn, group_words(lead.route->group_by, turn.signal),
                turn.now + lead.pace.group_wait);
  }
  count(Routed::kDelivered);
  tell_alone(lead, turn);
}

void Router::tell_alone(const Lead& lead, const Turn& turn) {
  remember(lead, turn, EventTime::min());
  send(lead, {.route = lead.route->name, .sink = lead.sink->name, .listed = {turn.one}}, turn.thread, "", turn.now);
}

/// `due`: of the batch that tells of it; the beginning of time: none does.
void Router::remember(const Lead& lead, const Turn& turn, EventTime due) {
  const ToldThreads::Told* before = told_.find(lead.sink->name, turn.thread);
  ToldThreads::Told told = before == nullptr ? ToldThreads::Told{} : *before;
  told.at = turn.now;
  told.due = due;
  told.until = std::max(turn.now + lead.pace.repeat_interval, due);
  const engine::Digest& signal = turn.one.member.signal;
  const bool known = std::find(told.live.begin(), told.live.end(), signal) != told.live.end();
  if (lead.sink->kind->closes && !known && !turn.is_late()) told.live.push_back(signal);
  if (!told.live.empty()) told.until = EventTime::max();
  if (told.until > turn.now) told_.put(lead.sink->name, turn.thread, std::move(told));
}

// --- what waits ---

void Router::wait(Batch::Kind kind, const Lead& lead, const Turn& turn, std::string group, EventTime due) {
  Batch fresh{
      .kind = kind, .route = lead.route->name, .sink = lead.sink->name, .group = std::move(group), .due_at = due};
  const std::string id = batch_id(fresh);
  const bool full = kind == Batch::Kind::kGroup && batches_.size() >= options_.most_batches;
  if (full && !batches_.contains(id)) return tell_alone(lead, turn);
  Batch& batch = batches_.change(id, std::move(fresh));
  batch.add(turn.one, counts(batch, turn.one));
  remember(lead, turn, batch.due_at);
}

/// Whether the batch has counted an earlier change of its thread. Each opening counts.
bool Router::counts(const Batch& batch, const Waiting& one) const {
  const ToldThreads::Told* told = told_.find(batch.sink, to_hex(one.thread));
  return told != nullptr && told->due == batch.due_at && one.member.change != Change::kOpened;
}

/// Tells what waits, and makes what follows wait for the interval; or forgets that it was told, as nothing followed.
void Router::tell_waiting(const std::string& id, EventTime now) {
  Batch& batch = batches_.change(id, {});
  const Lead* lead = find_lead(batch.route, batch.sink);
  std::chrono::milliseconds interval{0};
  if (!batch.pending()) return batches_.erase(id);
  if (lead == nullptr) {  // the configuration has changed since; without its sink, the delivery is stranded
    write(batch, id, "", now);
  } else if (batch.kind == Batch::Kind::kHeldBack) {
    const Rate rate = lead->pace.rate.value_or(Rate{});
    interval = rate.per;
    batch.sent = 1;
    write(batch, id, "beyond " + std::to_string(rate.messages) + " messages in " + duration_text(rate.per), now);
  } else if (batch.kind == Batch::Kind::kDigest) {
    interval = lead->pace.digest_interval;
    send(*lead, batch, id, "more than " + std::to_string(lead->pace.digest_above) + " signals of the rule in an hour",
         now);
  } else {
    interval = lead->pace.group_interval;
    send(*lead, batch, id, "they came within " + duration_text(std::max(interval, lead->pace.group_wait)), now);
  }
  if (interval.count() == 0) return batches_.erase(id);
  batches_.wait_again(id, now + interval);
}

/// As far as the route's rate allows; the rest waits for the time that it counts in to be over.
void Router::send(const Lead& lead, const Batch& batch, const std::string& thread, std::string reason, EventTime now) {
  if (lead.pace.rate) {
    Batch fresh{
        .kind = Batch::Kind::kHeldBack, .route = batch.route, .sink = batch.sink, .due_at = now + lead.pace.rate->per};
    const std::string id = batch_id(fresh);
    Batch& held = batches_.change(id, std::move(fresh));
    if (held.sent >= lead.pace.rate->messages) {
      for (const Waiting& one : batch.listed) held.add(one, counts(held, one));
      held.more += batch.more;
      for (const Waiting& one : batch.listed) will_tell(held, one);
      return count(Routed::kHeldBack);
    }
    ++held.sent;
  }
  write(batch, thread, std::move(reason), now);
}

void Router::will_tell(const Batch& batch, const Waiting& one) {
  const std::string thread = to_hex(one.thread);
  const ToldThreads::Told* found = told_.find(batch.sink, thread);
  if (found == nullptr || found->due == batch.due_at) return;
  ToldThreads::Told told = *found;
  told.due = batch.due_at;
  told.until = std::max(told.until, told.due);
  told_.put(batch.sink, thread, std::move(told));
}

void Router::write(const Batch& batch, const std::string& thread, std::string reason, EventTime now) {
  Delivery& delivery = deliveries_.emplace_back();
  const Waiting& first = batch.listed.front();
  const bool alone = batch.listed.size() == 1 && batch.more == 0;
  delivery.sink = batch.sink;
  delivery.route = batch.route;
  delivery.thread = alone ? to_hex(first.thread) : thread;
  delivery.key = alone ? to_hex(first.member.signal) + "." + std::to_string(first.member.revision) : grouped_key(batch);
  for (const Waiting& one : batch.listed) delivery.members.push_back(one.member);
  delivery.more = batch.more;
  if (!alone) delivery.reason = std::move(reason);
  delivery.written_at = now;
  if (alone && first.member.change != Change::kClosed) open(batch.sink, first, now);
}

/// A message of its own opens something at a receiver that holds it open. What is over by then is closed at once.
void Router::open(const std::string& name, const Waiting& one, EventTime now) {
  const RoutedSink* sink = find_sink(name);
  if (sink == nullptr || !sink->kind->closes) return;
  if (one.over > 0) return close(name, one.thread, {one.member.signal, one.over, Change::kClosed}, now);
  const std::string thread = to_hex(one.thread);
  const ToldThreads::Told* found = told_.find(name, thread);
  if (found != nullptr && found->holds) return;
  ToldThreads::Told told{.at = now, .until = EventTime::max(), .live = {one.member.signal}};
  if (found != nullptr) told = *found;
  told.holds = true;
  told_.put(name, thread, std::move(told));
}

void Router::close(const std::string& sink, const engine::Digest& thread, const Member& member, EventTime now) {
  Waiting one{.member = member, .thread = thread};
  one.member.change = Change::kClosed;
  write({.route = "closing", .sink = sink, .listed = {one}}, to_hex(thread), "", now);
}

const Router::Lead* Router::find_lead(const std::string& route, const std::string& sink) const {
  for (const Way& way : ways_) {
    if (way.route->name != route) continue;
    for (const Lead& lead : way.leads) {
      if (lead.sink->name == sink) return &lead;
    }
  }
  return nullptr;
}

bool Router::holds_open(std::string_view sink, const engine::Signal& signal) const {
  const ToldThreads::Told* told = told_.find(sink, thread_of(signal));
  if (told == nullptr) return false;
  return told->holds &&
         std::find(told->live.begin(), told->live.end(), engine::from_hex(signal.id)) != told->live.end();
}

const RoutedSink* Router::find_sink(const std::string& name) const {
  const auto at = std::find_if(options_.sinks.begin(), options_.sinks.end(),
                               [&](const RoutedSink& sink) { return sink.name == name; });
  return at == options_.sinks.end() ? nullptr : &*at;
}

}  // namespace tripline::alerts
