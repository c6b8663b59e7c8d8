#include "engine/store/backup.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>

#include <sqlite3.h>

#include "engine/store/folder.h"

namespace tripline::engine::store {

Result<void> copy_database(const Connection& from, const std::string& to, const std::string& vfs) {
  auto target = Connection::open(to, Connection::Mode::kCreate, vfs);
  if (!target) return target.error();
  // EXTRA: otherwise a power cut may bring the copy's rollback journal back, which undoes it.
  if (auto done = (*target)->run("PRAGMA synchronous = EXTRA", "set it up"); !done) return done;
  const std::string doing = "copy it to " + to;
  sqlite3_backup* backup = sqlite3_backup_init((*target)->handle(), "main", from.handle(), "main");
  if (backup == nullptr) return (*target)->error("copy " + from.path() + " to it");
  // All at once: in steps, it would begin again after each commit of another process.
  const int stepped = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (stepped != SQLITE_DONE || finished != SQLITE_OK) {
    return store_error(from.path(), doing, stepped != SQLITE_DONE ? stepped : finished, 0);
  }
  return {};
}

Result<void> backup_database(const Connection& from, const std::string& to) {
  const auto error = [&](std::string_view doing, const std::string& why) {
    return fail(ErrorCode::kStore, "backup " + to + ": cannot " + std::string(doing) + ": " + why);
  };
  if (::access(to.c_str(), F_OK) == 0) return error("write it", "it is there already; name another file");
  const std::string part = to + ".part";
  for (const char* suffix : {"", "-journal", "-wal"}) std::remove((part + suffix).c_str());
  if (auto copied = copy_database(from, part, ""); !copied) {
    std::remove(part.c_str());
    return copied;
  }
  if (std::rename(part.c_str(), to.c_str()) != 0) return error("rename " + part + " to it", std::strerror(errno));
  return sync_folder(folder_of(to));
}

}  // namespace tripline::engine::store
