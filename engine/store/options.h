#pragma once

#include <span>
#include <string>

#include "engine/store/schema.h"

namespace tripline::engine::store {

/// What SQLite does to keep what was committed when the power goes. Only kFull keeps the promise of commit(); the
/// others are there so that tests can show that they would notice.
enum class Synchronous { kOff = 0, kNormal = 1, kFull = 2 };

struct Options {
  std::string vfs;  // SQLite's file system; empty: the operating system's
  Synchronous synchronous = Synchronous::kFull;
  int wal_pages = 512;  // of 4 KiB in the -wal file, until the next transaction carries them over into the store itself
  std::span<const Migration> schema = migrations();
};

}  // namespace tripline::engine::store
