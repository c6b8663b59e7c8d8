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
constexpr std::chrono::minutes kForgetEvery{1};
/// Signals of one thread that a receiver holds open: as many periods as can wait for the watermark, with room to spare.
constexpr std::size_t kMostOpen = 100;

std::uint64_t most_digest_above(const Router::Options& options) {
  std::uint64_t most = 0;
  for (const Route& route : options.routes) {
    for (const RoutedSink& sink : options.sinks) most = std::max(most, pace_of(route, *sink.kind).digest_above);
  }
  return most;
}

std::string grouped_key(const Batch& batch) {
  std::string members;
  for (const Member& member : batch.members) members += to_hex(member.signal) + "." + std::to_string(member.revision);
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
  Member member{};
  bool goes_on_from_another =
      false;  // it opens, and continues the period before: an update to whoever was told of that
  bool silenced = false;
  bool counted = false;                 // by NoisyRules
  std::set<std::string_view> served{};  // sinks

  bool opens() const { return change.change == Change::kOpened && !goes_on_from_another; }
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
  turn.member = {engine::from_hex(signal.id), change.number,
                 turn.goes_on_from_another ? Change::kUpdated : change.change, change.goes_on};
  turn.silenced = silences_.cover(turn.traits, now);
  if (change.change == Change::kClosed) close_where_open(turn);
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

/// What a receiver holds open is closed whatever routes and silences say by now.
void Router::close_where_open(Turn& turn) {
  const engine::Digest& signal = turn.member.signal;
  for (const RoutedSink& sink : options_.sinks) {
    if (!sink.kind->closes) continue;
    batches_.close(sink.name, signal);
    const ToldThreads::Told* found = told_.find(sink.name, turn.thread);
    if (found == nullptr) continue;
    ToldThreads::Told told = *found;
    if (std::erase(told.open, signal) == 0) continue;
    if (told.open.empty()) {
      told_.forget(sink.name, turn.thread);
    } else {
      told_.put(sink.name, turn.thread, std::move(told));
    }
    write({.route = "closing", .sink = sink.name, .members = {turn.member}}, turn.thread, "", turn.now);
    turn.served.insert(sink.name);
    count(Routed::kDelivered);
  }
}

bool Router::wants(const Lead& lead, const Turn& turn) const {
  const bool closes = lead.sink->kind->closes;
  const Change change = turn.member.change;
  if (change == Change::kClosed) return !closes && tells(*lead.route, change, turn.signal.rule().level);
  if (tells(*lead.route, change, turn.signal.rule().level)) return true;
  if (change == Change::kOpened || !tells(*lead.route, Change::kOpened, turn.signal.rule().level)) return false;
  // What goes on: to whoever holds it open, and to whoever last heard of it long ago, or never.
  const ToldThreads::Told* told = told_.find(lead.sink->name, turn.thread);
  if (closes && turn.goes_on_from_another && told != nullptr && !told->open.empty()) return true;
  const auto repeat = lead.pace.repeat_interval;
  return repeat.count() > 0 && (told == nullptr || told->at + repeat <= turn.now);
}

void Router::tell(const Lead& lead, Turn& turn) {
  const std::string& rule = turn.signal.rule().id;
  if (lead.pace.digest_above > 0) {
    if (turn.opens() && !std::exchange(turn.counted, true)) noisy_.opened(rule, turn.now);
    if (noisy_.noisy(rule, lead.pace.digest_above, turn.now)) {
      count(Routed::kDigested);
      // Changes of signals that it tells of, or that were told before, would make it count them twice.
      if (turn.change.change != Change::kOpened) return;
      const bool listed = wait(Batch::Kind::kDigest, lead, turn, rule, turn.now + kFirstDigest);
      return remember(lead, turn, listed);
    }
  }
  remember(lead, turn, true);
  if (lead.pace.grouped()) {
    count(Routed::kGrouped);
    wait(Batch::Kind::kGroup, lead, turn, group_words(lead.route->group_by, turn.signal),
         turn.now + lead.pace.group_wait);
    return;
  }
  count(Routed::kDelivered);
  send(lead, {.route = lead.route->name, .sink = lead.sink->name, .members = {turn.member}}, turn.thread, "", turn.now);
}

/// `listed`: the sink gets to know this signal, and may hold it open.
void Router::remember(const Lead& lead, const Turn& turn, bool listed) {
  const ToldThreads::Told* before = told_.find(lead.sink->name, turn.thread);
  ToldThreads::Told told{.at = turn.now, .until = turn.now + lead.pace.repeat_interval};
  if (before != nullptr) told.open = before->open;
  if (lead.sink->kind->closes && listed && turn.change.change != Change::kClosed) {
    std::erase(told.open, turn.member.signal);
    told.open.push_back(turn.member.signal);
    if (told.open.size() > kMostOpen) told.open.erase(told.open.begin());
  }
  if (!told.open.empty()) told.until = EventTime::max();
  if (told.until > turn.now) told_.put(lead.sink->name, turn.thread, std::move(told));
}

// --- what waits ---

/// Whether it will be listed, and not only counted.
bool Router::wait(Batch::Kind kind, const Lead& lead, const Turn& turn, std::string group, EventTime due) {
  Batch batch{
      .kind = kind, .route = lead.route->name, .sink = lead.sink->name, .group = std::move(group), .due_at = due};
  const std::string id = batch_id(batch);
  if (!batches_.contains(id) && batches_.size() >= options_.most_batches) {
    batch.members = {turn.member};
    send(lead, batch, id, "", turn.now);
    return true;
  }
  return batches_.change(id, std::move(batch)).add(turn.member);
}

/// Tells what waits, and makes what follows wait for the interval; or forgets that it was told, as nothing followed.
void Router::tell_waiting(const std::string& id, EventTime now) {
  Batch& batch = batches_.change(id, {});
  const Lead* lead = find_lead(batch.route, batch.sink);
  std::chrono::milliseconds interval{0};
  if (!batch.pending()) return batches_.erase(id);
  if (lead == nullptr) {  // the configuration has changed since
    if (has_sink(batch.sink)) {
      write(batch, id, "", now);
    } else {
      count(Routed::kUnrouted);
    }
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
      for (const Member& member : batch.members) held.add(member);
      held.more += batch.more;
      return count(Routed::kHeldBack);
    }
    ++held.sent;
  }
  write(batch, thread, std::move(reason), now);
}

void Router::write(const Batch& batch, const std::string& thread, std::string reason, EventTime now) {
  Delivery& delivery = deliveries_.emplace_back();
  const Member& first = batch.members.front();
  const bool one = batch.members.size() == 1 && batch.more == 0;
  delivery.sink = batch.sink;
  delivery.route = batch.route;
  delivery.thread = thread;
  delivery.key = one ? to_hex(first.signal) + "." + std::to_string(first.revision) : grouped_key(batch);
  delivery.members = batch.members;
  delivery.more = batch.more;
  if (!one) delivery.reason = std::move(reason);
  delivery.written_at = now;
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
  return std::find(told->open.begin(), told->open.end(), engine::from_hex(signal.id)) != told->open.end();
}

bool Router::has_sink(const std::string& name) const {
  return std::any_of(options_.sinks.begin(), options_.sinks.end(),
                     [&](const RoutedSink& sink) { return sink.name == name; });
}

Result<RoutingStep> Router::silence(const Silence& silence, EventTime now) {
  if (auto put = silences_.put(silence, now); !put) return put.error();
  return take();
}

Result<RoutingStep> Router::end_silence(const std::string& id, EventTime now) {
  if (auto ended = silences_.end(id, now); !ended) return ended.error();
  return take();
}

// --- what stays ---

void Router::forget_old(EventTime now) {
  if (forgot_at_ != EventTime::min() && now < forgot_at_ + kForgetEvery) return;
  forgot_at_ = now;
  told_.forget_until(now);
  noisy_.forget_quiet(now);
  silences_.forget_old(now);
}

RoutingStep Router::take() {
  RoutingStep step;
  step.position = position_;
  step.deliveries = std::exchange(deliveries_, {});
  batches_.take_rows(step.rows);
  silences_.take_rows(step.rows);
  noisy_.take_rows(step.rows);
  told_.take_rows(step.rows);
  return step;
}

Result<void> Router::restore(std::uint64_t position, std::span<const RoutingRow> rows) {
  position_ = position;
  for (const RoutingRow& row : rows) {
    const std::string_view key = row.key;
    const std::string_view blob = row.blob ? std::string_view(*row.blob) : std::string_view();
    Result<void> restored;
    if (key.starts_with(Batches::kRows)) {
      restored = batches_.restore(key.substr(Batches::kRows.size()), blob);
    } else if (key.starts_with(Silences::kRows)) {
      restored = silences_.restore(blob);
    } else if (key.starts_with(NoisyRules::kRows)) {
      restored = noisy_.restore(blob);
    } else if (key.starts_with(ToldThreads::kRows)) {
      restored = told_.restore(key.substr(ToldThreads::kRows.size()), blob);
    } else {
      restored = engine::fail(engine::ErrorCode::kStore,
                              "routing remembers something that is not known; a newer Tripline wrote it");
    }
    if (!restored) return restored;
  }
  return {};
}

Router::Status Router::status(EventTime now) const {
  Status status = status_;
  for (const auto& [id, batch] : batches_.all()) {
    status.batches += batch.pending() ? 1 : 0;
    status.waiting += batch.members.size() + batch.more;
  }
  std::uint64_t limit = 0;
  for (const Way& way : ways_) {
    for (const Lead& lead : way.leads) {
      const auto above = lead.pace.digest_above;
      if (above > 0 && (limit == 0 || above < limit)) limit = above;
    }
  }
  if (limit > 0) status.noisy_rules = noisy_.count(limit, now);
  status.active_silences = silences_.active(now);
  status.threads = told_.size();
  status.threads_given_up = told_.given_up();
  return status;
}

}  // namespace tripline::alerts
