#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "alerts/delivery.h"
#include "alerts/message.h"
#include "alerts/related.h"
#include "engine/result.h"
#include "engine/store/database.h"
#include "engine/store/reader.h"
#include "engine/store/sqlite_store.h"

namespace tripline::alerts {

/// A delivery as the store keeps it.
struct OutboxEntry {
  std::uint64_t number = 0;
  Delivery delivery;
  std::optional<engine::EventTime> parked_at{};  // nothing: it waits
  std::string why{};                             // it is parked
};

/// What routing goes on from.
struct RoutingState {
  std::uint64_t position = 0;  // the last transition that is routed
  std::vector<RoutingRow> rows;
};

/// The store as alerts see it: the log of transitions to read, the outbox and what routing remembers to write. Nothing
/// is kept here but a connection for reading.
///
/// Errors are kStore; the next call opens the store anew. Threads: one.
class Outbox {
 public:
  /// Gives `work` the store's writer, on the thread that has it, and waits for it. An error of its own: it is gone.
  using Work = std::function<engine::Result<void>(engine::store::Database&)>;
  using Writer = std::function<engine::Result<void>(const Work& work)>;

  /// `path`: of the store's file. `vfs`: the SQLite file system to read it by; empty: the operating system's.
  Outbox(std::string path, Writer writer, std::string vfs = {})
      : path_(std::move(path)), writer_(std::move(writer)), vfs_(std::move(vfs)) {}

  /// Where no routing was ever done, it begins behind the last transition, so that a store of before says nothing anew.
  engine::Result<RoutingState> routed();
  /// At most `limit` transitions after `position`, in order.
  engine::Result<std::vector<SignalChange>> changes(std::uint64_t position, std::size_t limit);
  /// The numbers of its deliveries; 0: its sink has one of this key already.
  engine::Result<std::vector<std::uint64_t>> commit(const RoutingStep& step);

  static constexpr std::size_t kMostRelated = 10'000;

  using Settled = engine::store::SettledRow;
  engine::Result<void> settle(std::span<const Settled> rows);

  engine::Result<void> each(const engine::store::DeliveryQuery& query,
                            const std::function<void(const OutboxEntry&)>& visit);
  /// Nothing: there is none.
  engine::Result<std::optional<OutboxEntry>> find(std::uint64_t number);
  engine::Result<std::vector<engine::store::OutboxCount>> counts();

  /// The message that a delivery is, of its signals as they are now, with what is related to them among the latest
  /// kMostRelated. Nothing: all of them have been forgotten. Those of several that have been are counted among the
  /// others.
  engine::Result<std::optional<Message>> message(const Delivery& delivery);
  /// Null: there is no such signal.
  engine::Result<std::shared_ptr<const engine::Signal>> signal(const engine::Digest& id);
  engine::Result<void> each_open_signal(const std::function<void(std::shared_ptr<const engine::Signal>)>& visit);

 private:
  engine::Result<engine::store::Reader*> reader();
  template <class T>
  engine::Result<T> done(engine::Result<T> outcome);
  engine::Result<void> read_related();
  engine::Result<std::shared_ptr<const engine::Signal>> signal_of(const engine::store::SignalRow& row);

  std::string path_;
  Writer writer_;
  std::string vfs_;
  std::optional<engine::store::Reader> reader_;
  engine::store::RemovedRules rules_;      // of signals that were read
  std::optional<RelatedSignals> related_;  // from the first message on
};

}  // namespace tripline::alerts
