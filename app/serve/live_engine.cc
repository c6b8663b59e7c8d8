#include "app/serve/live_engine.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>

namespace tripline::app {

using engine::ErrorCode;
using engine::EventTime;
using engine::Result;

namespace {

double seconds(std::chrono::duration<double> time) { return time.count(); }

}  // namespace

LiveEngine::LiveEngine(connectors::Intake& intake, engine::Store& store, Options options)
    : intake_(intake),
      store_(store),
      options_(std::move(options)),
      dead_letters_(options_.dead_letter_folder, options_.dead_letter_bytes) {}

LiveEngine::~LiveEngine() { stop(std::chrono::milliseconds{0}); }

Result<void> LiveEngine::start(std::shared_ptr<const engine::RuleSet> rules,
                               std::shared_ptr<const engine::Accounts> accounts) {
  generation_ = make_generation(1, std::move(rules), std::move(accounts));
  status_.generation = 1;
  if (auto loaded = load_state(*generation_); !loaded) return loaded;
  watermark_.emplace(options_.watermark, state_->watermark(), options_.now());
  committed_watermark_ = state_->watermark();
  workers_ = std::max(options_.workers, 1u);
  tasks_.open();
  for (unsigned i = 0; i < workers_; ++i) threads_.emplace_back([this] { work(); });
  threads_.emplace_back([this] { keep_state(); });
  return {};
}

// --- workers ---

void LiveEngine::work() {
  LiveWorker worker(options_.limits);
  while (auto envelope = intake_.take()) {
    std::shared_ptr<const Generation> generation;
    {
      Lock lock(mutex_);
      changed_.wait(lock, [&] { return !paused_; });
      ++in_work_;
      generation = generation_;
    }
    Worked worked;
    if (give_up_) {
      worked.sequence = envelope->sequence;
      worked.source = envelope->source;
      worked.unreadable = engine::fail(ErrorCode::kIo, "the server stops");
    } else {
      worked = worker.work(*envelope, generation);
    }
    const Lock lock(mutex_);
    --in_work_;
    ++worked_;
    finished_.push_back(std::move(worked));
    changed_.notify_all();
  }
  const Lock lock(mutex_);
  --workers_;
  changed_.notify_all();
}

// --- the state thread ---

void LiveEngine::keep_state() {
  bool more_to_tend = false;
  for (bool last = false; !last; ++rounds_) {
    std::vector<Worked> batch;
    std::vector<ThreadTasks::Task> tasks;
    {
      Lock lock(mutex_);
      const auto wakes = [&] { return !finished_.empty() || !tasks_.empty() || workers_ == 0; };
      if (!more_to_tend) changed_.wait_for(lock, options_.tick, wakes);
      batch.swap(finished_);
      tasks = tasks_.take();
      last = workers_ == 0 && batch.empty();
    }
    commit(std::move(batch));
    for (const auto& task : tasks) task();
    more_to_tend = !last && tend();
  }
  write_checkpoint();
  tasks_.close();
}

Result<void> LiveEngine::load_state(const Generation& generation) {
  store_.use(generation.rules);
  engine::StateOptions options = options_.state;
  options.origins = true;
  options.accounts = generation.accounts.get();
  auto state = std::make_unique<engine::State>(store_, generation.rules, std::move(options));
  if (auto loaded = state->load(); !loaded) return loaded;
  if (state->watermark() == EventTime::max()) {
    return engine::fail(engine::ErrorCode::kStore,
                        "the store was finished by `scan --final`, so that every event to come would be late; name "
                        "another store, or take a backup of before");
  }
  state_ = std::move(state);
  state_accounts_ = generation.accounts;
  return {};
}

std::optional<EventTime> LiveEngine::oldest() const {
  const auto taken = intake_.oldest();
  const auto to_come = options_.oldest_to_come ? options_.oldest_to_come() : std::nullopt;
  return taken && to_come ? std::min(*taken, *to_come) : taken ? taken : to_come;
}

void LiveEngine::commit(std::vector<Worked> batch) {
  const EventTime now = options_.now();
  const EventTime watermark = watermark_->advance(now, oldest());
  if (batch.empty() && !trouble_ && watermark < committed_watermark_ + options_.idle_step) return;
  const auto begin = std::chrono::steady_clock::now();
  save_dead_letters(batch, now);
  engine::Batch found;
  for (Worked& worked : batch) found.append(std::move(worked.found));
  Result<void> outcome;
  const auto current = generation();
  if (!state_) outcome = load_state(*current);
  if (outcome && state_accounts_ != current->accounts) {
    state_->use(current->accounts.get());
    state_accounts_ = current->accounts;
  }
  if (outcome) give_marks(batch);
  if (outcome) outcome = state_->apply(std::move(found), watermark, now);
  trouble_ = outcome ? std::nullopt : std::optional(outcome.error());
  if (outcome) tally_.note(*state_, current->rules);
  if (!outcome) {
    drop_state();
    watermark_->hold(committed_watermark_, now);
  }
  {
    const Lock lock(mutex_);
    status_.trouble = trouble_ ? std::optional(trouble_->message) : std::nullopt;
    ++(outcome ? status_.commits : status_.failed_commits);
    status_.commit_seconds.add(seconds(std::chrono::steady_clock::now() - begin));
    status_.watermark = watermark_->value();
    status_.watermark_held = watermark_->held();
    if (outcome) {
      committed_watermark_ = watermark;
      status_.matches_of_duplicates = state_->duplicates();
      status_.late = state_->late();
      status_.future = state_->future();
      status_.without_time = state_->without_time();
      if (const engine::OriginState* origins = state_->origins()) {
        status_.waiting = origins->waiting();
        status_.waited_without_room = origins->counters().without_room;
        status_.credentials = origins->lineage().mints();
        status_.credentials_dropped = origins->lineage().dropped();
      }
      status_.last_transition = store_.last_transition();
      account_for(batch, now);
    }
  }
  settle(batch, outcome);
  if (outcome && options_.committed) options_.committed();
}

/// It is read back from the store before the next commit.
void LiveEngine::drop_state() {
  state_.reset();
  tally_.end_state();
}

void LiveEngine::give_marks(std::vector<Worked>& batch) {
  for (Worked& worked : batch) {
    if (worked.mark) state_->mark(*std::move(worked.mark));
  }
  if (!options_.forgotten_marks) return;
  for (engine::Mark& mark : options_.forgotten_marks()) state_->mark(std::move(mark));
}

/// Deliveries whose dead letters cannot be kept are to come again: nothing is lost in silence.
void LiveEngine::save_dead_letters(std::vector<Worked>& batch, EventTime now) {
  std::vector<DeadLetter> letters;
  for (const Worked& worked : batch) {
    letters.insert(letters.end(), worked.dead_letters.begin(), worked.dead_letters.end());
  }
  const auto kept = dead_letters_.add(letters, now);
  std::vector<Worked> failed;
  for (auto worked = batch.begin(); worked != batch.end();) {
    if (!kept && !worked->dead_letters.empty()) worked->unreadable = kept.error();
    if (!worked->unreadable) {
      ++worked;
      continue;
    }
    failed.push_back(std::move(*worked));
    worked = batch.erase(worked);
  }
  for (const Worked& worked : failed) settle({&worked, 1}, *worked.unreadable);
  const Lock lock(mutex_);
  for (const Worked& worked : failed) ++status_.sources[worked.source].failed;
  status_.dead_letters = dead_letters_.kept();
  status_.dead_letter_bytes_given_up = dead_letters_.given_up_bytes();
}

/// Requires the lock.
void LiveEngine::account_for(const std::vector<Worked>& batch, EventTime now) {
  for (const Worked& worked : batch) {
    SourceStatus& source = status_.sources[worked.source];
    ++source.durable;
    source.records += worked.events.size();
    for (const engine::EventKey& key : worked.events) source.duplicates += recent_.knew(key) ? 1 : 0;
    source.dismissed += worked.dismissed;
    source.stored_bytes += worked.stored_bytes;
    source.inflated_bytes += worked.inflated_bytes;
    for (std::size_t i = 0; i < worked.set_aside.size(); ++i) source.set_aside[i] += worked.set_aside[i];
    for (std::size_t i = 0; i < worked.skipped.size(); ++i) source.skipped[i] += worked.skipped[i];
    source.last_delivery = now;
    // The names of files say when they were written, which may be long ago.
    if (worked.delivered && !worked.mark) status_.arrival_seconds.add(seconds(now - *worked.delivered));
    status_.work_seconds.add(seconds(worked.took));
    std::optional<EventTime> newest;
    for (const auto& [place, time] : worked.places) {
      newest = std::max(newest, time);
      auto at = status_.places.find(place);
      if (at == status_.places.end()) {
        if (status_.places.size() >= LiveStatus::kMostPlaces) {
          ++status_.places_left_out;
          continue;
        }
        at = status_.places.emplace(place, PlaceStatus{}).first;
      }
      at->second.last_seen = now;
      at->second.newest_event = std::max(at->second.newest_event, time);
    }
    if (newest) status_.event_seconds.add(seconds(now - *newest));
    source.newest_event = std::max(source.newest_event, newest);
  }
}

void LiveEngine::settle(std::span<const Worked> batch, const Result<void>& outcome) {
  if (!outcome && !batch.empty()) {
    const Lock lock(mutex_);
    for (const Worked& worked : batch) ++status_.sources[worked.source].failed;
  }
  for (const Worked& worked : batch) intake_.settle(worked.sequence, outcome);
}

/// So that the next start is a short one.
void LiveEngine::write_checkpoint() {
  while (tend()) {
  }
  for (bool more = tend(true); more; more = tend()) {
  }
}

bool LiveEngine::tend(bool at_once) {
  if (!state_) return false;
  const auto more = state_->tend(at_once);
  if (more) return *more;
  // What the checkpoint was to hold is in the journal still; reading it back begins anew.
  trouble_ = more.error();
  drop_state();
  const Lock lock(mutex_);
  status_.trouble = trouble_->message;
  return false;
}

// --- reload ---

Result<void> LiveEngine::replace(std::shared_ptr<const engine::RuleSet> rules,
                                 std::shared_ptr<const engine::Accounts> accounts) {
  auto next = make_generation(generation()->number + 1, std::move(rules), std::move(accounts));
  Result<void> outcome = engine::fail(ErrorCode::kIo, "the server stops");
  run_on_state_thread([&] { outcome = swap(std::move(next)); });
  return outcome;
}

/// Matches speak of rules by their place, so none of the old rules may be on its way when the state changes over.
Result<void> LiveEngine::swap(std::shared_ptr<const Generation> next) {
  quiesce();
  while (state_ && store_.checkpointing() && tend()) {
  }
  auto old_state = std::move(state_);
  auto outcome = load_state(*next);
  if (!outcome) {
    store_.use(generation()->rules);
    state_ = std::move(old_state);
  } else {
    tally_.end_state();
  }
  const Lock lock(mutex_);
  if (outcome) generation_ = std::move(next);
  status_.generation = generation_->number;
  paused_ = false;
  changed_.notify_all();
  return outcome;
}

void LiveEngine::quiesce() {
  for (bool quiet = false; !quiet;) {
    std::vector<Worked> batch;
    {
      Lock lock(mutex_);
      paused_ = true;
      changed_.wait(lock, [&] { return in_work_ == 0 || !finished_.empty(); });
      batch.swap(finished_);
      quiet = in_work_ == 0;
    }
    commit(std::move(batch));
  }
}

bool LiveEngine::stop(std::chrono::milliseconds limit) {
  if (threads_.empty()) return true;
  intake_.close();
  const bool all = intake_.wait_until_empty(limit);
  give_up_ = true;
  threads_.clear();  // joins
  return all;
}

std::shared_ptr<const Generation> LiveEngine::generation() const {
  const Lock lock(mutex_);
  return generation_;
}

LiveEngine::Progress LiveEngine::progress() const {
  const bool queued = intake_.queued() > 0;
  const Lock lock(mutex_);
  return {.rounds = rounds_, .finished = worked_, .waiting = queued || in_work_ > 0};
}

std::map<std::string, RuleStatus> LiveEngine::rules() {
  std::map<std::string, RuleStatus> all;
  run_on_state_thread([&] {
    all = tally_.by_id();
    const engine::Correlator* correlator = state_ ? state_->correlator() : nullptr;
    if (correlator == nullptr) return;
    const auto& correlations = generation()->rules->correlations;
    for (std::uint32_t i = 0; i < correlations.size(); ++i) all[correlations[i].rule.id].held = correlator->held(i);
  });
  return all;
}

LiveStatus LiveEngine::status() const {
  const Lock lock(mutex_);
  return status_;
}

}  // namespace tripline::app
