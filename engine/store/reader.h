#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "engine/store/rows.h"
#include "engine/store/sqlite.h"

namespace tripline::engine::store {

/// What is called with each row. An error ends the reading and is its result, so that a blob that cannot be understood
/// stops the start.
template <class Row>
using Visit = std::function<Result<void>(const Row&)>;

/// A state row as it is read; `value` is a view.
struct StateView {
  std::string_view key;
  std::string_view value;
};

/// Where a signal stands in the order of each_signal().
struct SignalPlace {
  EventTime first;
  Digest id;
  bool operator==(const SignalPlace&) const = default;
};

enum class Which { kAll, kOpen, kClosed };

/// Which deliveries of the outbox.
struct DeliveryQuery {
  enum class Which { kAll, kWaiting, kParked };
  Which which = Which::kAll;
  std::string sink{};       // empty: of all
  std::uint64_t after = 0;  // numbers above it
  std::size_t limit = SIZE_MAX >> 1;
};

/// Deliveries of one sink; counted, so it takes time.
struct OutboxCount {
  std::string sink;
  std::uint64_t waiting = 0;
  std::uint64_t parked = 0;
  std::optional<EventTime> oldest{};  // when the oldest of those that wait was written
};

/// Sizes that cost nothing to ask for.
struct Sizes {
  std::uint64_t file_bytes = 0;
  std::uint64_t free_bytes = 0;  // of file_bytes: held for later rows; compaction gives them back
  std::uint64_t wal_bytes = 0;
  std::uint64_t journal_rows = 0;  // that the last checkpoint lacks
};

/// Rows by table; counted, so it takes time.
struct Counts {
  std::uint64_t journal = 0;
  std::uint64_t state = 0;
  std::uint64_t open_signals = 0;
  std::uint64_t closed_signals = 0;
  std::uint64_t transitions = 0;
};

/// Reads a store. Every call sees what was committed before it began, while others write. Threads: one.
class Reader {
 public:
  /// For another process, beside the one that writes. Refuses stores of other versions.
  static Result<Reader> open(const std::string& path, const std::string& vfs = {});

  /// For the writer itself, which outlives it.
  explicit Reader(Connection& connection) : connection_(&connection) {}

  /// The state as of the last complete checkpoint, in order of keys.
  Result<void> each_state_row(std::int64_t space, const Visit<StateView>& visit) const;
  /// The same, of keys from `from` on and below `to`.
  Result<void> each_state_row(std::int64_t space, std::string_view from, std::string_view to,
                              const Visit<StateView>& visit) const;
  /// One row of it; nothing: there is none.
  Result<std::optional<std::string>> find_state_row(std::int64_t space, std::string_view key) const;
  /// The number of the last journal row that the checkpoint holds.
  Result<std::uint64_t> checkpoint() const;
  /// Journal rows with a number above `after`, in order. The state is each_state_row(), then these after checkpoint().
  Result<void> each_journal_row(std::uint64_t after, const Visit<JournalRow>& visit) const;
  /// Nothing: it is not there any more, or not yet.
  Result<std::optional<std::string>> find_journal_row(std::uint64_t number) const;

  /// In order of first event time, then id.
  Result<void> each_signal(Which which, const Visit<SignalRow>& visit) const;
  /// Those before `before`, from the last to the first, until visit says false. Nothing: from the very last on.
  Result<void> each_signal_before(Which which, const std::optional<SignalPlace>& before,
                                  const std::function<Result<bool>(const SignalRow&)>& visit) const;
  /// Calls visit at most once; false: there is no such signal.
  Result<bool> find_signal(const Digest& id, const Visit<SignalRow>& visit) const;
  /// The first `limit` with a number above `after`, in order.
  Result<void> each_transition(std::uint64_t after, std::size_t limit, const Visit<TransitionRow>& visit) const;

  /// Those of one signal, in the order they were added.
  Result<void> each_note(const Digest& signal, const Visit<NoteRow>& visit) const;

  /// In order of their numbers.
  Result<void> each_delivery(const DeliveryQuery& query, const Visit<DeliveryRow>& visit) const;
  /// Calls visit at most once; false: there is no such delivery.
  Result<bool> find_delivery(std::uint64_t number, const Visit<DeliveryRow>& visit) const;
  /// Of each sink that has some, by name.
  Result<std::vector<OutboxCount>> outbox_counts() const;
  /// What routing remembers, in order of keys.
  Result<void> each_routing_row(const Visit<MetaRow>& visit) const;

  Result<std::optional<std::string>> meta(std::string_view key) const;
  Result<void> each_meta(const Visit<MetaRow>& visit) const;

  Result<Sizes> sizes() const;
  Result<Counts> counts() const;

  /// Reads every page and row, and says what is wrong, one sentence each; nothing: it is sound.
  Result<std::vector<std::string>> check() const;

  /// Copies it to a file that must not exist, while others write.
  Result<void> backup(const std::string& to) const;

 private:
  explicit Reader(std::unique_ptr<Connection> connection) : owned_(std::move(connection)), connection_(owned_.get()) {}

  std::unique_ptr<Connection> owned_;  // null: the writer's
  Connection* connection_;
};

}  // namespace tripline::engine::store
