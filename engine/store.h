#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/envelope.h"
#include "engine/result.h"
#include "engine/signal.h"
#include "engine/store/rows.h"
#include "engine/store/spaces.h"

namespace tripline::engine {

/// What happened to a signal in one commit: at most one opening or update, and one closing (kRuleRemoved: because its
/// rule is not there any more).
struct Transition {
  enum class Kind : std::uint8_t { kOpened = 1, kUpdated, kClosed, kRuleRemoved };
  std::uint64_t number = 0;  // from 1, without gaps, in the order of commits
  Kind kind = Kind::kOpened;
  std::string signal;    // its id
  bool widened = false;  // an update that adds an account, region or address
};

/// What the state thread makes durable in one step, before any Envelope in it is acknowledged.
struct Commit {
  std::vector<EventKey> keys;        // of matched events, against duplicates
  std::vector<Signal> signals;       // new and changed ones, whole
  std::vector<std::string> closed;   // ids of signals: no trigger of their period can come any more; ascending
  std::vector<std::string> removed;  // of those: because their rule is not there any more; ascending
  std::vector<Transition> transitions;
  std::string journal;      // what State needs to come to this point again; empty where the store is not durable
  std::vector<Mark> marks;  // of sources; a store that is not durable keeps none
};

/// Where state lives. The state thread is the only caller.
class Store {
 public:
  virtual ~Store() = default;

  /// All of `commit` or nothing. kStore: it could not be written.
  virtual Result<void> commit(Commit commit) = 0;

  virtual bool seen(const EventKey& key) const = 0;
  /// Null: there is none. Valid until the next call. kStore: it cannot be read.
  virtual Result<const Signal*> find(const std::string& id) const = 0;

  /// In order of first event time, then id. kStore: one cannot be read; those before it were visited.
  virtual Result<void> each_signal(const std::function<void(const Signal&)>& visit) const = 0;

  /// Signals that are read from now on are of these rules, if their rule is there.
  virtual void use(std::shared_ptr<const RuleSet>) {}

  // --- for another process to go on from; a store that is not durable has none of it ---

  virtual bool durable() const { return false; }
  /// The number of the last transition; 0 before the first.
  virtual std::uint64_t last_transition() const { return 0; }

  /// The state as of the last checkpoint but for where facts are, in order of space and key; then Commit::journal of
  /// each commit since, with its number.
  virtual Result<void> each_state(const std::function<Result<void>(const store::StateRow&)>&) const { return {}; }
  virtual Result<void> each_journal(const std::function<Result<void>(std::uint64_t, std::string_view)>&) const {
    return {};
  }
  /// Rows of the last checkpoint, with keys from `from` on and below `to`, in their order.
  virtual Result<void> each_state_between(store::Space, std::string_view /*from*/, std::string_view /*to*/,
                                          const std::function<Result<void>(const store::StateRow&)>&) const {
    return {};
  }
  /// The number of the last commit; 0 before the first.
  virtual std::uint64_t last_journal() const { return 0; }
  /// Commit::journal of the commit with this number; nothing: it is not there any more.
  virtual Result<std::optional<std::string>> find_journal(std::uint64_t) const { return {}; }
  virtual Result<void> each_open_signal(const std::function<void(const Signal&)>&) const { return {}; }

  /// Enough has been committed since the last checkpoint to begin another.
  virtual bool wants_checkpoint() const { return false; }
  virtual bool checkpointing() const { return false; }
  /// Requires !checkpointing(). `rows`: what has changed since the last one, in order of space and key. Journals of
  /// commits before it are not needed any more, but those of numbers from `keep_from` on.
  virtual void begin_checkpoint(std::vector<store::StateRow>, std::uint64_t /*keep_from*/) {}
  /// One short step, between commits; false when nothing is left to do.
  virtual Result<bool> continue_checkpoint() { return false; }
};

}  // namespace tripline::engine
