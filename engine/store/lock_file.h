#pragma once

#include <string>

#include "engine/result.h"

namespace tripline::engine::store {

/// Keeps a second process from writing the same store: an advisory lock on `<path>.lock`, held until this is destroyed
/// or the process ends, however it ends. The file stays, with the number of the process that held it last. SQLite's own
/// locks would not do: an exclusive one keeps out readers as well, backups among them.
class LockFile {
 public:
  /// kStore: another process has it, or the file cannot be made.
  static Result<LockFile> take(const std::string& store_path);

  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int file) : file_(file) {}

  int file_;
};

}  // namespace tripline::engine::store
