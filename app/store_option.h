#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/arguments.h"
#include "engine/memory_store.h"
#include "engine/state.h"
#include "engine/store/sqlite_store.h"

namespace tripline::app {

/// Where a command keeps state: in memory, or in the file that --store names, for runs to come.
class ChosenStore {
 public:
  ChosenStore() : store_(std::make_unique<engine::MemoryStore>()) {}
  explicit ChosenStore(std::unique_ptr<engine::store::SqliteStore> durable)
      : durable_(durable.get()), before_(durable->last_transition()), store_(std::move(durable)) {}

  engine::Store& store() { return *store_; }
  bool durable() const { return durable_ != nullptr; }
  /// The signals that this process opened or changed, in order of first event time, then id.
  engine::Result<void> each_changed_signal(const std::function<void(const engine::Signal&)>& visit) const {
    return durable_ ? durable_->each_signal_since(before_, visit) : store_->each_signal(visit);
  }

 private:
  engine::store::SqliteStore* durable_ = nullptr;
  std::uint64_t before_ = 0;  // the last transition of the processes before
  std::unique_ptr<engine::Store> store_;
};

struct StoreOption {
  std::string path;  // empty: in memory

  void declare(Arguments& arguments, const std::string& help);
  /// kStore: it cannot be opened or is no store.
  engine::Result<ChosenStore> open(std::shared_ptr<const engine::RuleSet> rules) const;
};

/// Writes a checkpoint to its end, so that the next process starts fast; nothing for a store in memory.
engine::Result<void> checkpoint(engine::State& state);

}  // namespace tripline::app
