#pragma once

#include <string>

#include "engine/result.h"
#include "engine/store/sqlite.h"

namespace tripline::engine::store {

/// Copies the whole database behind `from` to the file `to`, as it is at one moment, and returns when the copy is on
/// the disk. Whoever writes it meanwhile goes on; what they write lengthens the store's -wal file until the copy is
/// done. What `to` held before is replaced.
Result<void> copy_database(const Connection& from, const std::string& to, const std::string& vfs);

/// The same into a file that must not exist and that appears only when it is whole. For the operating system's files.
Result<void> backup_database(const Connection& from, const std::string& to);

}  // namespace tripline::engine::store
