#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/digest.h"
#include "engine/result.h"
#include "engine/store/rows.h"
#include "engine/store/sqlite.h"

namespace tripline::engine::store {

/// What is to be told to receivers, and what routing remembers meanwhile: written between commits, each call in a
/// transaction of its own. Errors are kStore; then nothing of the call has happened. Threads: the writer's.
class OutboxTables {
 public:
  static Result<OutboxTables> open(Connection& connection);

  /// All of it or nothing. Returns the number that each of the deliveries has got; 0: the outbox has one of its sink
  /// and key already, and nothing is written for it.
  Result<std::vector<std::uint64_t>> commit(const RoutingRows& rows);

  /// What became of deliveries; unknown numbers are passed over.
  Result<void> settle(std::span<const SettledRow> rows);

  /// Takes away the parked deliveries that begin with this signal, inside the caller's transaction.
  Result<void> forget(const Digest& signal);
  /// Deliveries that forget() took away since the start.
  std::uint64_t forgotten() const { return forgotten_; }

 private:
  explicit OutboxTables(Connection& connection) : connection_(&connection) {}
  Result<void> prepare();
  Result<void> put(const RoutingRows& rows, std::vector<std::uint64_t>& numbers);

  Connection* connection_;
  std::uint64_t forgotten_ = 0;
  Statement put_delivery_, put_routing_, delete_routing_, put_meta_;
  Statement delete_delivery_, park_delivery_, unpark_delivery_, forget_parked_;
};

}  // namespace tripline::engine::store
