#pragma once

#include <cstdint>
#include <span>

#include "engine/result.h"
#include "engine/store/sqlite.h"

namespace tripline::engine::store {

/// Marks a SQLite file as ours: "TrpL".
inline constexpr std::int64_t kApplicationId = 0x5472704c;

/// One step from version `to - 1` to version `to`. A change of the schema is a row more in kMigrations; rows that were
/// released never change.
struct Migration {
  std::int64_t to;
  const char* sql;
};

std::span<const Migration> migrations();

/// Makes the tables of the newest version in an empty database, in one transaction.
Result<void> create_schema(Connection& connection, std::span<const Migration> migrations);

/// The version, if the file is a store that these migrations know: the newest one, or for `older_too` any.
Result<std::int64_t> read_version(const Connection& connection, std::span<const Migration> migrations, bool older_too);

/// Brings an older store to the newest version in one transaction, after a copy of it to `<path>.v<N>.bak`, which
/// replaces a copy that an earlier attempt made. Does nothing to a store of the newest version.
Result<void> migrate(Connection& connection, std::span<const Migration> migrations, const std::string& vfs);

}  // namespace tripline::engine::store
