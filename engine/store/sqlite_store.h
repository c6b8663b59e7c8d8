#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "engine/event_key.h"
#include "engine/packing.h"
#include "engine/store.h"
#include "engine/store/database.h"

namespace tripline::engine::store {

/// Rule sets of one rule each, with what was stored of it, by that.
using RemovedRules = std::unordered_map<std::string, std::shared_ptr<const RuleSet>>;

/// The durable Store: one SQLite file (docs/store.md). commit() returns when everything is on the disk.
///
/// Memory: 24 bytes a remembered event, and the signals that were read or changed last.
/// Threads: one. Errors are kStore, with the path, the reason and what to do.
class SqliteStore : public Store {
 public:
  struct Settings {
    Options database;
    std::function<EventTime()> now;            // wall time; how long events are remembered and closed signals are kept
    std::chrono::hours remember{24};           // matched events, against duplicates
    std::size_t most_remembered = 16'000'000;  // beyond it the oldest hour is forgotten
    std::chrono::hours keep{24 * 90};          // closed signals after they changed last
    std::uint64_t keep_bytes = std::uint64_t{8} << 30;  // of closed signals and of all transitions
    std::chrono::seconds checkpoint_after{30};          // since the last one began, if anything was committed
    std::uint64_t checkpoint_bytes = 128u << 20;        // of journal since then
    StepLimit step;
  };

  /// `rules`: those that the state and the signals are of. A signal of another rule has rules of its own, with what was
  /// stored of its rule.
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& path, std::shared_ptr<const RuleSet> rules,
                                                   Settings settings);

  Result<void> commit(Commit commit) override;
  bool seen(const EventKey& key) const override { return keys_.contains(key); }
  Result<const Signal*> find(const std::string& id) const override;
  Result<void> each_signal(const std::function<void(const Signal&)>& visit) const override {
    return each(Which::kAll, visit);
  }

  /// Those that some transition after this one is of, in order of first event time, then id.
  Result<void> each_signal_since(std::uint64_t transition, const std::function<void(const Signal&)>& visit) const;

  void use(std::shared_ptr<const RuleSet> rules) override;

  bool durable() const override { return true; }
  std::uint64_t last_transition() const override { return database_.last_transition(); }
  Result<void> each_state(const std::function<Result<void>(const StateRow&)>& visit) const override;
  Result<void> each_journal(const std::function<Result<void>(std::uint64_t, std::string_view)>& visit) const override;
  Result<void> each_state_between(Space space, std::string_view from, std::string_view to,
                                  const std::function<Result<void>(const StateRow&)>& visit) const override;
  std::uint64_t last_journal() const override { return database_.last_journal(); }
  Result<std::optional<std::string>> find_journal(std::uint64_t number) const override;
  Result<void> each_open_signal(const std::function<void(const Signal&)>& visit) const override {
    return each(Which::kOpen, visit);
  }
  bool wants_checkpoint() const override;
  /// Forgetting closed signals comes after a checkpoint and is a part of it here.
  bool checkpointing() const override { return database_.checkpointing() || forgets_signals_; }
  void begin_checkpoint(std::vector<StateRow> rows, std::uint64_t keep_from) override;
  Result<bool> continue_checkpoint() override;

  const Database& database() const { return database_; }
  Database& database() { return database_; }
  /// Hours of events that were forgotten before their time, because there were too many.
  std::uint64_t forgotten_early() const { return forgotten_early_; }

 private:
  using Hour = std::int64_t;  // since 1970, of wall time
  struct Place {
    bool of_correlation;
    std::uint32_t index;
  };

  SqliteStore(Database database, std::shared_ptr<const RuleSet> rules, Settings settings);
  Result<void> load_keys();
  void remember(Hour hour, const EventKey& key);
  void forget_old_keys();
  Result<Signal> signal_of(const SignalRow& row) const;
  Result<void> each(Which which, const std::function<void(const Signal&)>& visit) const;

  Database database_;
  std::shared_ptr<const RuleSet> rules_;
  Settings settings_;
  std::unordered_map<std::string, Place> places_;  // of the rules, by id

  boost::unordered_flat_set<EventKey, EventKeyHash> keys_;
  struct Keys {
    std::vector<EventKey> all;
    std::size_t stored = 0;  // of them in state rows
    std::uint32_t rows = 0;  // state rows that there are
  };
  std::map<Hour, Keys> by_hour_;
  std::vector<StateRow> forgotten_;  // deletions for the next checkpoint
  std::uint64_t forgotten_early_ = 0;

  mutable std::unordered_map<std::string, std::optional<Signal>> recent_;  // by id; nothing: there is none
  mutable RemovedRules removed_rules_;

  bool forgets_signals_ = false;
  Packer journal_;            // row of the last commit, kept for its memory
  std::string last_journal_;  // Commit::journal of the last commit
  EventTime last_checkpoint_;
  std::uint64_t journal_bytes_ = 0;  // since then
};

/// The signal of a row as another process reads it, of a rule set of its own that has what was stored of its rule.
/// `rules` are shared by signals of the same rule; they begin empty. kStore: the row is damaged.
Result<Signal> stored_signal(const SignalRow& row, RemovedRules& rules);

/// Signals as another process reads them, each of a rule set of its own that has what was stored of its rule. In order
/// of first event time, then id.
Result<void> each_stored_signal(const Reader& reader, const std::function<void(const Signal&)>& visit);

}  // namespace tripline::engine::store
