#include "engine/store/schema.h"

#include <string>

#include "engine/store/backup.h"
#include "engine/store/folder.h"

namespace tripline::engine::store {
namespace {

// docs/store.md explains tables and columns.
constexpr Migration kMigrations[] = {
    {1, R"(
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE progress (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  checkpoint INTEGER NOT NULL,
  staging INTEGER NOT NULL,
  last_transition INTEGER NOT NULL
);
INSERT INTO progress VALUES (1, 0, 0, 0);

CREATE TABLE journal (number INTEGER PRIMARY KEY, value BLOB NOT NULL);

CREATE TABLE state (
  space INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (space, key)
) WITHOUT ROWID;
CREATE TABLE state_next (
  space INTEGER NOT NULL, key BLOB NOT NULL, value BLOB, PRIMARY KEY (space, key)
) WITHOUT ROWID;

CREATE TABLE signals (
  id BLOB NOT NULL UNIQUE,
  rule_id TEXT NOT NULL,
  open INTEGER NOT NULL,
  closes_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  first INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  value BLOB NOT NULL
);
CREATE INDEX signals_by_first ON signals (first, id);
CREATE INDEX signals_open ON signals (first, id) WHERE open = 1;
CREATE INDEX signals_closed ON signals (changed_at, bytes) WHERE open = 0;

CREATE TABLE transitions (
  number INTEGER PRIMARY KEY,
  signal BLOB NOT NULL,
  kind INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  value BLOB NOT NULL
);
CREATE INDEX transitions_by_signal ON transitions (signal, bytes);
)"},
    {2, R"(
CREATE TABLE notes (
  number INTEGER PRIMARY KEY,
  signal BLOB NOT NULL,
  kind INTEGER NOT NULL,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX notes_by_signal ON notes (signal, number);

CREATE TABLE outbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  sink TEXT NOT NULL,
  thread TEXT NOT NULL,
  key TEXT NOT NULL,
  signal BLOB NOT NULL,
  written_at INTEGER NOT NULL,
  parked_at INTEGER NOT NULL,
  why TEXT NOT NULL,
  value BLOB NOT NULL,
  UNIQUE (sink, key)
);
CREATE INDEX outbox_parked ON outbox (signal) WHERE parked_at <> 0;

CREATE TABLE routing (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
)"},
};

Result<void> apply(Connection& connection, std::span<const Migration> migrations, std::int64_t from,
                   std::string_view doing) {
  auto transaction = Transaction::begin(connection, Transaction::Kind::kWrite, doing);
  if (!transaction) return transaction.error();
  for (const Migration& migration : migrations) {
    if (migration.to <= from) continue;
    if (auto applied = connection.run(migration.sql, doing); !applied) return applied;
  }
  const std::string marks = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                            "; PRAGMA user_version = " + std::to_string(migrations.back().to);
  if (auto marked = connection.run(marks, doing); !marked) return marked;
  return transaction->commit();
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

Result<void> create_schema(Connection& connection, std::span<const Migration> migrations) {
  return apply(connection, migrations, 0, "make its tables");
}

Result<std::int64_t> read_version(const Connection& connection, std::span<const Migration> migrations, bool older_too) {
  auto application = connection.number("PRAGMA application_id", "read its header");
  if (!application) return application.error();
  auto version = connection.number("PRAGMA user_version", "read its version");
  if (!version) return version.error();
  const std::string store = "store " + connection.path();
  if (*application != kApplicationId || *version < 1) {
    return fail(ErrorCode::kStore, store + ": it is a database, but not a store of Tripline; name another file");
  }
  const std::int64_t newest = migrations.back().to;
  const std::string versions =
      "it has version " + std::to_string(*version) + ", this Tripline writes version " + std::to_string(newest);
  if (*version > newest) {
    return fail(ErrorCode::kStore, store + ": " + versions + "; use the Tripline that wrote it, or a newer one");
  }
  if (*version < newest && !older_too) {
    return fail(ErrorCode::kStore, store + ": " + versions + "; `tripline store compact` or the next start of " +
                                       "`tripline serve` migrates it");
  }
  return *version;
}

Result<void> migrate(Connection& connection, std::span<const Migration> migrations, const std::string& vfs) {
  auto version = read_version(connection, migrations, true);
  if (!version) return version.error();
  if (*version == migrations.back().to) return {};
  const std::string copy = connection.path() + ".v" + std::to_string(*version) + ".bak";
  if (auto copied = copy_database(connection, copy, vfs); !copied) return copied;
  if (auto synced = sync_folder(folder_of(copy)); !synced) return synced;
  return apply(connection, migrations, *version, "migrate it from version " + std::to_string(*version));
}

}  // namespace tripline::engine::store
