#include "engine/store/outbox.h"

#include <cassert>
#include <string>
#include <utility>

#include "engine/store/columns.h"
#include "engine/store/reader.h"

namespace tripline::engine::store {
namespace {

constexpr std::string_view kRoute = "put deliveries into its outbox";
constexpr std::string_view kSettle = "settle deliveries of its outbox";
constexpr std::string_view kRead = "read its outbox";

const std::string kColumns = "SELECT number, sink, thread, key, signal, written_at, parked_at, why, value FROM outbox ";

DeliveryRow read_delivery(Statement& statement) {
  DeliveryRow row;
  row.number = statement.natural();
  row.sink = statement.text();
  row.thread = statement.text();
  row.key = statement.text();
  row.signal = statement.key();
  row.written_at = read_time(statement);
  if (const EventTime parked = read_time(statement); parked != EventTime{}) row.parked_at = parked;
  row.why = statement.text();
  row.blob = statement.blob();
  return row;
}

}  // namespace

Result<OutboxTables> OutboxTables::open(Connection& connection) {
  OutboxTables tables(connection);
  if (auto prepared = tables.prepare(); !prepared) return prepared.error();
  return tables;
}

Result<void> OutboxTables::prepare() {
  const struct {
    Statement& statement;
    const char* sql;
    std::string_view doing;
  } statements[] = {
      {put_delivery_,
       "INSERT INTO outbox (sink, thread, key, signal, written_at, parked_at, why, value)"
       " VALUES (?, ?, ?, ?, ?, 0, '', ?) ON CONFLICT (sink, key) DO NOTHING RETURNING number",
       kRoute},
      {put_routing_,
       "INSERT INTO routing (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", kRoute},
      {delete_routing_, "DELETE FROM routing WHERE key = ?", kRoute},
      {put_meta_, "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
       kRoute},
      {delete_delivery_, "DELETE FROM outbox WHERE number = ?", kSettle},
      {park_delivery_, "UPDATE outbox SET parked_at = ?, why = ? WHERE number = ?", kSettle},
      {unpark_delivery_, "UPDATE outbox SET parked_at = 0, why = '' WHERE number = ?", kSettle},
      {forget_parked_, "DELETE FROM outbox WHERE signal = ? AND parked_at <> 0 RETURNING number", kSettle},
  };
  for (const auto& [statement, sql, doing] : statements) {
    auto prepared = Statement::prepare(*connection_, sql, doing);
    if (!prepared) return prepared.error();
    statement = std::move(*prepared);
  }
  return {};
}

Result<std::vector<std::uint64_t>> OutboxTables::commit(const RoutingRows& rows) {
  auto transaction = Transaction::begin(*connection_, Transaction::Kind::kWrite, kRoute);
  if (!transaction) return transaction.error();
  std::vector<std::uint64_t> numbers;
  if (auto done = put(rows, numbers); !done) return done.error();
  if (auto done = transaction->commit(); !done) return done.error();
  return numbers;
}

Result<void> OutboxTables::put(const RoutingRows& rows, std::vector<std::uint64_t>& numbers) {
  for (const DeliveryRow& row : rows.deliveries) {
    assert(has_version(row.blob));
    put_delivery_.bind_text(row.sink).bind_text(row.thread).bind_text(row.key).bind(row.signal);
    put_delivery_.bind(milliseconds(row.written_at)).bind(row.blob);
    const auto put = put_delivery_.step();
    if (!put) return put.error();
    numbers.push_back(*put ? put_delivery_.natural() : 0);
    put_delivery_.reset();
  }
  for (const MetaRow& row : rows.routing) {
    assert(row.blob.empty() || has_version(row.blob));
    auto done =
        row.blob.empty() ? delete_routing_.bind(row.key).run() : put_routing_.bind(row.key).bind(row.blob).run();
    if (!done) return done;
  }
  for (const MetaRow& row : rows.meta) {
    assert(has_version(row.blob));
    if (auto done = put_meta_.bind_text(row.key).bind(row.blob).run(); !done) return done;
  }
  return {};
}

Result<void> OutboxTables::settle(std::span<const SettledRow> rows) {
  auto transaction = Transaction::begin(*connection_, Transaction::Kind::kWrite, kSettle);
  if (!transaction) return transaction.error();
  for (const SettledRow& row : rows) {
    Result<void> done;
    switch (row.kind) {
      case SettledRow::Kind::kGone:
        done = delete_delivery_.bind(row.number).run();
        break;
      case SettledRow::Kind::kParked:
        done = park_delivery_.bind(milliseconds(row.at)).bind_text(row.why).bind(row.number).run();
        break;
      case SettledRow::Kind::kWaiting:
        done = unpark_delivery_.bind(row.number).run();
        break;
    }
    if (!done) return done;
  }
  return transaction->commit();
}

Result<void> OutboxTables::forget(const Digest& signal) {
  forget_parked_.bind(signal);
  for (;;) {
    const auto gone = forget_parked_.step();
    if (!gone) return gone.error();
    if (!*gone) return {};
    ++forgotten_;
  }
}

// --- reading ---

Result<void> Reader::each_delivery(const DeliveryQuery& query, const Visit<DeliveryRow>& visit) const {
  std::string where = query.which == DeliveryQuery::Which::kWaiting  ? "WHERE parked_at = 0 AND number > ?"
                      : query.which == DeliveryQuery::Which::kParked ? "WHERE parked_at <> 0 AND number > ?"
                                                                     : "WHERE number > ?";
  if (!query.sink.empty()) where += " AND sink = ?";
  auto rows = Statement::prepare(*connection_, kColumns + where + " ORDER BY number LIMIT ?", kRead);
  if (!rows) return rows.error();
  rows->bind(query.after);
  if (!query.sink.empty()) rows->bind_text(query.sink);
  rows->bind(std::uint64_t{query.limit});
  for (;;) {
    const auto stepped = rows->step();
    if (!stepped) return stepped.error();
    if (!*stepped) return {};
    if (auto visited = visit(read_delivery(*rows)); !visited) return visited;
  }
}

Result<bool> Reader::find_delivery(std::uint64_t number, const Visit<DeliveryRow>& visit) const {
  auto row = Statement::prepare(*connection_, kColumns + "WHERE number = ?", kRead);
  if (!row) return row.error();
  const auto stepped = row->bind(number).step();
  if (!stepped || !*stepped) return stepped;
  if (auto visited = visit(read_delivery(*row)); !visited) return visited.error();
  return true;
}

Result<std::vector<OutboxCount>> Reader::outbox_counts() const {
  auto rows = Statement::prepare(*connection_,
                                 "SELECT sink, count(*), sum(parked_at <> 0), coalesce(min(CASE parked_at WHEN 0 THEN"
                                 " written_at END), 0) FROM outbox GROUP BY sink ORDER BY sink",
                                 kRead);
  if (!rows) return rows.error();
  std::vector<OutboxCount> counts;
  for (;;) {
    const auto stepped = rows->step();
    if (!stepped) return stepped.error();
    if (!*stepped) return counts;
    OutboxCount count;
    count.sink = rows->text();
    count.waiting = rows->natural();
    count.parked = rows->natural();
    count.waiting -= count.parked;
    if (const EventTime oldest = read_time(*rows); oldest != EventTime{}) count.oldest = oldest;
    counts.push_back(std::move(count));
  }
}

Result<void> Reader::each_routing_row(const Visit<MetaRow>& visit) const {
  auto rows = Statement::prepare(*connection_, "SELECT key, value FROM routing ORDER BY key", kRead);
  if (!rows) return rows.error();
  for (;;) {
    const auto stepped = rows->step();
    if (!stepped) return stepped.error();
    if (!*stepped) return {};
    const std::string_view key = rows->blob();
    if (auto visited = visit({key, rows->blob()}); !visited) return visited;
  }
}

}  // namespace tripline::engine::store
