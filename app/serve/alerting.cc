#include "app/serve/alerting.h"

#include <algorithm>
#include <set>
#include <utility>

namespace tripline::app {

using alerts::Delivery;
using alerts::OutboxEntry;
using alerts::Router;
using alerts::RoutingStep;
using engine::ErrorCode;
using engine::EventTime;
using engine::Result;

namespace {

constexpr std::size_t kMostChanges = 1'000;         // that are routed in one step
constexpr std::size_t kMostEntries = 1'000;         // that are retried or dropped in one step
constexpr std::uint64_t kMostUncommitted = 10'000;  // changes of which nothing came
constexpr std::chrono::seconds kTryAgain{1};
constexpr std::chrono::minutes kLongestWait{1};

engine::Error stopped() { return engine::fail(ErrorCode::kIo, "the server stops"); }

}  // namespace

Alerting::Alerting(Options options) : options_(std::move(options)), outbox_(options_.store_path, options_.writer) {}

Alerting::~Alerting() { stop(std::chrono::milliseconds{0}); }

Result<void> Alerting::load() {
  if (auto made = make_router(); !made) return made;
  if (auto made = make_dispatcher(); !made) return made;
  publish({});
  return {};
}

void Alerting::start() {
  tasks_.open();
  thread_ = std::jthread([this] { run(); });
}

Result<void> Alerting::make_router() {
  const auto routed = outbox_.routed();
  if (!routed) return routed.error();
  auto router = std::make_unique<Router>(options_.routing);
  if (auto restored = router->restore(routed->position, routed->rows); !restored) return restored;
  router_ = std::move(router);
  committed_ = routed->position;
  return {};
}

Result<void> Alerting::make_dispatcher() {
  auto dispatch = options_.dispatch;
  dispatch.wake = [this] { wake(); };
  auto old =
      std::exchange(dispatcher_, std::make_unique<alerts::Dispatcher>(outbox_, options_.ends, std::move(dispatch)));
  auto done = dispatcher_->load(options_.now());
  if (done) done = tell_what_fires();
  if (!done && old) dispatcher_ = std::move(old);
  return done;
}

/// What forgets open signals has done so, as far as anybody knows.
Result<void> Alerting::tell_what_fires() {
  for (const auto& end : options_.ends) {
    if (!end.refresh) continue;
    const auto read = outbox_.each_open_signal([&](std::shared_ptr<const engine::Signal> signal) {
      if (!router_->holds_open(end.name, *signal)) return;
      alerts::Message message;
      message.told.push_back(
          {.signal = std::move(signal), .change = alerts::Change::kUpdated, .revision = router_->position()});
      dispatcher_->fires(end.name, message, options_.now());
    });
    if (!read) return read;
  }
  return {};
}

void Alerting::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

void Alerting::stop(std::chrono::milliseconds limit) {
  {
    const std::lock_guard lock(mutex_);
    if (!thread_.joinable()) return;
    stopping_ = true;
    stop_by_ = std::chrono::steady_clock::now() + limit;
    changed_.notify_all();
  }
  thread_.join();
}

// --- the thread ---

void Alerting::run() {
  for (bool over = false; !over;) {
    bool more = false;
    const auto outcome = turn(more);
    publish(outcome);
    std::vector<ThreadTasks::Task> tasks;
    {
      Lock lock(mutex_);
      std::chrono::milliseconds wait = kLongestWait;
      if (more) {
        wait = {};
      } else if (!outcome) {
        wait = kTryAgain;
      } else {
        const EventTime next = std::min(router_->next(), dispatcher_->next()), now = options_.now();
        wait = next <= now ? std::chrono::milliseconds{1} : std::min(wait, next - now);
      }
      const auto wakes = [this] { return woken_ || stopping_ || !tasks_.empty(); };
      // A store that cannot be written is not asked again at once, whoever wakes us.
      changed_.wait_for(lock, wait, [&] { return outcome ? wakes() : stopping_ || !tasks_.empty(); });
      woken_ = false;
      tasks = tasks_.take();
      over = stopping_;
    }
    for (const auto& task : tasks) task();
  }
  drain(stop_by_);
  publish(commit_position());
  tasks_.close();
}

/// What comes back until then is durable, so that it does not go out again.
void Alerting::drain(std::chrono::steady_clock::time_point by) {
  dispatcher_->close();
  for (bool waits = true; waits;) {
    static_cast<void>(dispatcher_->step(options_.now()));  // what it could not write is sent again
    waits = dispatcher_->under_way() > 0 && std::chrono::steady_clock::now() < by;
    Lock lock(mutex_);
    if (waits) changed_.wait_until(lock, by, [this] { return woken_; });
    woken_ = false;
  }
}

/// So that changes of which nothing came are not routed again, by other routes.
Result<void> Alerting::commit_position() {
  if (!router_ || router_->position() == committed_) return {};
  return commit({.position = router_->position(), .deliveries = {}, .rows = {}});
}

Result<void> Alerting::turn(bool& more) {
  if (!router_) {
    if (auto made = make_router(); !made) return made;
  }
  auto changes = outbox_.changes(router_->position(), kMostChanges);
  if (!changes) return changes.error();
  more = changes->size() == kMostChanges;
  const auto accounts = options_.accounts();
  const RoutingStep step = router_->step(*changes, accounts.get(), options_.now());
  // Where nothing came of changes, nothing will when they are routed again.
  if (!step.deliveries.empty() || !step.rows.empty() || step.position >= committed_ + kMostUncommitted) {
    if (auto done = commit(step); !done) return done;
  }
  return dispatcher_->step(options_.now());
}

Result<void> Alerting::commit(const RoutingStep& step) {
  const auto numbers = outbox_.commit(step);
  if (!numbers) {
    forget_router();
    return numbers.error();
  }
  committed_ = step.position;
  dispatcher_->add(step.deliveries, *numbers);
  return {};
}

void Alerting::publish(const Result<void>& outcome) {
  auto sinks = dispatcher_->status();
  auto stranded = dispatcher_->stranded();
  const std::lock_guard lock(mutex_);
  if (router_) {
    status_.sinks = std::move(sinks);
    status_.stranded = std::move(stranded);
    status_.routing = router_->status(options_.now());
    status_.routed = router_->position();
    add_counts(earlier_, status_);
  }
  status_.trouble = outcome ? std::nullopt : std::optional(outcome.error().message);
  status_.failed_turns += outcome ? 0 : 1;
}

AlertsStatus Alerting::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

// --- reload ---

Result<void> Alerting::replace(Router::Options routing, std::vector<alerts::Dispatcher::End> ends) {
  Result<void> done = stopped();
  tasks_.run([&] {
    Options options = options_;
    options.routing = std::move(routing);
    options.ends = std::move(ends);
    done = swap(std::move(options));
  });
  return done;
}

Result<void> Alerting::swap(Options options) {
  drain(std::chrono::steady_clock::now() + kDrain);
  if (auto done = commit_position(); !done) {
    dispatcher_->open();
    return done;
  }
  auto counts = sink_counts();
  const Options old = std::exchange(options_, std::move(options));
  forget_router();
  auto done = make_router();
  if (done) done = make_dispatcher();
  if (done) {
    earlier_.sinks = std::move(counts);
  } else {
    options_ = old;
    forget_router();  // the next turn makes one
    dispatcher_->open();
  }
  return done;
}

/// It knows more than the store, or other routes than are wanted.
void Alerting::forget_router() {
  if (!router_) return;
  AlertsStatus counted;
  counted.routing = router_->status(options_.now());
  add_counts(earlier_, counted);
  earlier_.routing = counted.routing;
  router_.reset();
}

/// Of all sinks that there were, as some may come again.
std::vector<alerts::SinkStatus> Alerting::sink_counts() const {
  AlertsStatus counted;
  counted.sinks = dispatcher_->status();
  add_counts(earlier_, counted);
  for (const alerts::SinkStatus& sink : earlier_.sinks) {
    const auto known = [&](const alerts::SinkStatus& one) { return one.name == sink.name; };
    if (std::none_of(counted.sinks.begin(), counted.sinks.end(), known)) counted.sinks.push_back(sink);
  }
  return counted.sinks;
}

// --- what people do with the outbox ---

Result<std::uint64_t> Alerting::each_of(const DeliverySelection& selection,
                                        const std::function<Result<std::uint64_t>(std::span<const OutboxEntry>)>& act) {
  if (!selection.numbers.empty()) {
    std::vector<OutboxEntry> entries;
    for (const std::uint64_t number : std::set(selection.numbers.begin(), selection.numbers.end())) {
      auto entry = outbox_.find(number);
      if (!entry) return entry.error();
      if (*entry) entries.push_back(*std::move(*entry));
    }
    return act(entries);
  }
  engine::store::DeliveryQuery query;
  using Which = engine::store::DeliveryQuery::Which;
  query.which = selection.waiting_too ? Which::kAll : Which::kParked;
  query.sink = selection.sink;
  query.limit = kMostEntries;
  std::uint64_t all = 0;
  for (;;) {
    std::vector<OutboxEntry> entries;
    const auto read = outbox_.each(query, [&](const OutboxEntry& entry) { entries.push_back(entry); });
    if (!read) return read.error();
    if (entries.empty()) return all;
    query.after = entries.back().number;
    const auto done = act(entries);
    if (!done) return done;
    all += *done;
  }
}

/// kUsage: nobody would send them.
Result<void> Alerting::check_sinks(std::span<const OutboxEntry> entries) const {
  for (const OutboxEntry& entry : entries) {
    const std::string& name = entry.delivery.sink;
    const auto known = [&](const alerts::Dispatcher::End& end) { return end.name == name; };
    if (std::any_of(options_.ends.begin(), options_.ends.end(), known)) continue;
    return engine::fail(ErrorCode::kUsage, "delivery " + std::to_string(entry.number) + " is for the sink `" + name +
                                               "`, which is not configured any more: call a sink so, or drop it");
  }
  return {};
}

Result<std::uint64_t> Alerting::retry(const DeliverySelection& selection) {
  Result<std::uint64_t> done = stopped();
  tasks_.run([&] {
    done = each_of(selection, [this](std::span<const OutboxEntry> entries) -> Result<std::uint64_t> {
      if (auto known = check_sinks(entries); !known) return known.error();
      return dispatcher_->retry(entries, options_.now());
    });
  });
  return done;
}

Result<std::uint64_t> Alerting::drop(const DeliverySelection& selection) {
  Result<std::uint64_t> done = stopped();
  tasks_.run([&] {
    done = each_of(selection, [this](std::span<const OutboxEntry> entries) -> Result<std::uint64_t> {
      if (auto dropped = dispatcher_->drop(entries); !dropped) return dropped.error();
      return std::uint64_t{entries.size()};
    });
  });
  return done;
}

Result<std::vector<std::optional<std::uint64_t>>> Alerting::attempts(const std::vector<OutboxEntry>& entries) {
  std::vector<std::optional<std::uint64_t>> all;
  const bool there = tasks_.run([&] {
    for (const OutboxEntry& entry : entries) all.push_back(dispatcher_->attempts(entry));
  });
  if (!there) return stopped();
  return all;
}

// --- silences ---

Result<void> Alerting::change(const Change& change) {
  Result<void> done = stopped();
  tasks_.run([&] {
    if (!router_) {
      if (done = make_router(); !done) return;
    }
    const auto step = change(*router_, options_.now());
    done = step ? commit(*step) : Result<void>(step.error());
  });
  return done;
}

Result<std::vector<alerts::Silence>> Alerting::silences() {
  Result<std::vector<alerts::Silence>> all = stopped();
  tasks_.run([&] {
    if (!router_) {
      if (const auto made = make_router(); !made) {
        all = made.error();
        return;
      }
    }
    all = router_->silences();
  });
  return all;
}

}  // namespace tripline::app
