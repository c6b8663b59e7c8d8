#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alerts/outbox.h"
#include "engine/store/sqlite_store.h"
#include "tests/support/places.h"

namespace tripline::tests {

/// A store with signals, as a running engine leaves it, and its outbox.
class AlertStore {
 public:
  explicit AlertStore(engine::EventTime now);

  /// The id of the signal that is known by a number.
  static std::string id(std::uint64_t number);
  /// As a process that is killed and started: nothing of before is there but the file.
  void reopen();

  struct Change {
    std::uint64_t signal = 0;
    engine::Transition::Kind kind = engine::Transition::Kind::kOpened;
    std::uint64_t rule = 0;  // of the signal
  };
  /// One commit.
  void commit(const std::vector<Change>& changes);
  /// Closed signals that changed before now go.
  void forget_closed();

  engine::store::SqliteStore& store() { return *store_; }
  std::string path() const { return (folder_.path() / "store.db").string(); }
  alerts::Outbox outbox();

  engine::EventTime now;
  bool broken = false;  // nothing can be written by way of outbox()

 private:
  TemporaryFolder folder_{memory_folder()};
  std::unique_ptr<engine::store::SqliteStore> store_;
};

/// What a Router would say that sends each change to each sink at once.
alerts::RoutingStep pass_on(const std::vector<alerts::SignalChange>& changes, const std::vector<std::string>& sinks,
                            engine::EventTime now);

}  // namespace tripline::tests
