#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/store/database.h"
#include "tests/support/places.h"
#include "tests/support/power_cut_disk.h"

namespace tripline::tests {

/// What a store should hold, kept the slow and obvious way.
struct StoreModel {
  using StateKey = std::pair<std::int64_t, std::string>;
  struct Signal {
    bool open = true;
    std::int64_t changed_at = 0;
    std::string blob;
    bool operator==(const Signal&) const = default;
  };
  struct Transition {
    std::uint64_t signal = 0;
    std::string blob;
    bool operator==(const Transition&) const = default;
  };

  std::uint64_t commits = 0;
  std::uint64_t last_transition = 0;
  std::map<StateKey, std::string> state;
  std::map<std::uint64_t, Signal> signals;
  std::map<std::uint64_t, Transition> transitions;  // by number
  std::map<std::string, std::string> meta;
  struct Delivery {
    std::uint64_t signal = 0;
    std::string why;  // it is parked; empty: it waits
    std::string blob;
    bool operator==(const Delivery&) const = default;
  };
  std::map<std::string, Delivery> outbox;  // by key
  std::map<std::string, std::string> routing;
  bool operator==(const StoreModel&) const = default;

  void remove_signal(std::uint64_t id);
};

/// Random commits, checkpoints and retention on a disk whose power is cut again and again, held to what was promised:
/// what a call returned for is there, what a call was cut off in is there whole or not at all.
class StoreHistory {
 public:
  /// Equal seeds give equal calls.
  StoreHistory(std::uint64_t seed, engine::store::Synchronous synchronous);

  /// Opens the store, compares, makes `calls` random calls or as many as there is power for, and cuts it. The power
  /// fails at the `fail_at`-th change to the disk, 0: after the calls. Returns what is wrong, empty: nothing.
  std::string round(int calls, std::size_t fail_at, PowerCutDisk::Survives survives);

  const PowerCutDisk& disk() const { return disk_; }
  /// One of the changes to the disk of the next round fails, and it only: what was called then has not happened.
  void fail_once_at(std::size_t change) { disk_.fail_once_at(change); }
  std::uint64_t commits() const { return now_.commits; }

 private:
  using Changes = std::map<StoreModel::StateKey, std::optional<std::string>>;

  std::string calls(engine::store::Database& database, int count);
  engine::Result<void> call(engine::store::Database& database);
  engine::Result<void> commit(engine::store::Database& database);
  engine::Result<void> checkpoint(engine::store::Database& database);
  engine::Result<void> forget(engine::store::Database& database);
  engine::Result<void> route(engine::store::Database& database);
  engine::Result<void> settle(engine::store::Database& database);
  std::string compare(const engine::store::Database& database);
  StoreModel load(const engine::store::Database& database);
  std::size_t roll(std::size_t sides) { return std::uniform_int_distribution<std::size_t>(0, sides - 1)(random_); }
  std::string random_blob();

  std::mt19937_64 random_;      // of the calls
  std::mt19937_64 cut_random_;  // of what survives, so that the same calls can be cut in different ways
  PowerCutDisk disk_;
  TemporaryFolder folder_{memory_folder()};  // of the lock, which is a real file
  engine::store::Options options_;
  StoreModel now_;
  std::vector<StoreModel> allowed_{StoreModel{}};  // what may be found after a cut
  std::map<std::string, std::uint64_t> numbers_;   // of deliveries, by key
  Changes dirty_;                                  // state that the last checkpoint lacks
};

}  // namespace tripline::tests
