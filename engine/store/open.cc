#include "engine/store/open.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <sqlite3.h>

#include "engine/store/folder.h"

namespace tripline::engine::store {
namespace {

constexpr std::string_view kTablesOfStart[] = {"progress", "meta", "journal", "state", "state_next"};
constexpr std::int64_t kWalBytesKept = std::int64_t{64} << 20;  // after a long backup made it grow

/// `<path>.new`: there while the store is being made, so that an empty file is known for a beginning or a loss.
class Marker {
 public:
  explicit Marker(const std::string& path) : path_(path + ".new") {}

  bool exists() const { return ::access(path_.c_str(), F_OK) == 0; }

  Result<void> put() const {
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    if (file < 0) return error("make it");
    ::close(file);
    return sync_folder(folder_of(path_));
  }

  /// What was made is on the disk, by name, before the marker is gone.
  Result<void> take_away() const {
    if (auto synced = sync_folder(folder_of(path_)); !synced) return synced;
    if (::unlink(path_.c_str()) != 0 && errno != ENOENT) return error("remove it");
    return sync_folder(folder_of(path_));
  }

 private:
  Error error(std::string_view doing) const {
    return fail(ErrorCode::kStore, "file " + path_ + " of the store: cannot " + std::string(doing) + ": " +
                                       std::strerror(errno) + "; let this user write the folder");
  }

  std::string path_;
};

bool exists(const std::string& path, const std::string& vfs_name) {
  sqlite3_vfs* vfs = sqlite3_vfs_find(vfs_name.empty() ? nullptr : vfs_name.c_str());
  if (vfs == nullptr) return false;
  const auto is = [&](int flag) {
    int found = 0;
    return vfs->xAccess(vfs, path.c_str(), flag, &found) == SQLITE_OK && found != 0;
  };
  // Asked for existence alone, SQLite takes an empty file for none.
  return is(SQLITE_ACCESS_EXISTS) || is(SQLITE_ACCESS_READWRITE);
}

Result<bool> is_empty(const Connection& connection) {
  auto pages = connection.number("PRAGMA page_count", "read its size");
  if (!pages) return pages.error();
  return *pages == 0;
}

Result<void> set_up(Connection& connection, const Options& options) {
  const std::string synchronous = "PRAGMA synchronous = " + std::to_string(static_cast<int>(options.synchronous));
  // Debian's SQLite overwrites what is deleted, which would double what a checkpoint writes.
  return connection.run(synchronous +
                            "; PRAGMA secure_delete = OFF; PRAGMA trusted_schema = OFF;"
                            " PRAGMA cache_size = -32768;"  // KiB
                            " PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = " +
                            std::to_string(kWalBytesKept) +
                            "; PRAGMA wal_autocheckpoint = " + std::to_string(options.wal_pages),
                        "set it up");
}

Result<void> use_wal(const Connection& connection) {
  auto mode = Statement::prepare(connection, "PRAGMA journal_mode = WAL", "use a write-ahead log");
  if (!mode) return mode.error();
  auto stepped = mode->step();
  if (!stepped) return stepped.error();
  const bool wal = *stepped && mode->text() == "wal";
  // To its end: SQLite names the mode first and then writes it into the file, and goes on without it when that fails.
  if (auto written = mode->step(); !written) return written.error();
  if (wal) return {};
  return fail(ErrorCode::kStore,
              "store " + connection.path() + ": cannot use a write-ahead log there; keep it on a local file system");
}

/// An empty `table` means all of them.
Result<void> check_pages(const Connection& connection, std::string_view table) {
  std::string pragma = "PRAGMA quick_check";
  pragma += table.empty() ? "(1)" : "(" + std::string(table) + ")";
  auto check = Statement::prepare(connection, pragma, "check it");
  if (!check) return check.error();
  auto stepped = check->step();
  if (!stepped) return stepped.error();
  const std::string finding = *stepped ? std::string(check->text()) : "no answer";
  if (finding == "ok") return {};
  Error error = store_error(connection.path(), "use it", SQLITE_CORRUPT, 0);
  error.message += " (" + finding + ")";
  return error;
}

/// True: there was nothing, and now there is an empty store. False: there is something, whatever it is.
Result<bool> create(const std::string& path, const Marker& marker, const Options& options) {
  if (auto put = marker.put(); !put) return put.error();
  auto connection = Connection::open(path, Connection::Mode::kCreate, options.vfs);
  if (!connection) return connection.error();
  auto empty = is_empty(**connection);
  if (!empty) return empty.error();
  if (*empty) {
    // Not in WAL mode yet, where the file could be there without its tables. EXTRA, because a power cut may otherwise
    // bring the rollback journal back, which undoes it.
    if (auto done = (*connection)->run("PRAGMA synchronous = EXTRA", "set it up"); !done) return done.error();
    if (auto done = create_schema(**connection, options.schema); !done) return done.error();
  }
  if (auto gone = marker.take_away(); !gone) return gone.error();
  return *empty;
}

Result<std::unique_ptr<Connection>> open_existing(const std::string& path, const Options& options) {
  auto connection = Connection::open(path, Connection::Mode::kWrite, options.vfs);
  if (!connection) return connection;
  if (auto done = set_up(**connection, options); !done) return done.error();
  auto empty = is_empty(**connection);
  if (!empty) return empty.error();
  if (*empty) {
    return fail(ErrorCode::kStore, "store " + path + ": it is an empty file, which no store ever is; restore a " +
                                       "backup, or remove it to start with an empty store");
  }
  auto version = read_version(**connection, options.schema, true);
  if (!version) return version.error();
  if (*version < options.schema.back().to) {
    if (auto sound = check_pages(**connection, {}); !sound) return sound.error();
    if (auto done = migrate(**connection, options.schema, options.vfs); !done) return done.error();
  }
  for (std::string_view table : kTablesOfStart) {
    if (auto sound = check_pages(**connection, table); !sound) return sound.error();
  }
  return connection;
}

}  // namespace

Result<Opened> open_for_writing(const std::string& path, const Options& options) {
  const Marker marker(path);
  const bool there = exists(path, options.vfs);
  if (!there && exists(path + "-wal", options.vfs)) {
    return fail(ErrorCode::kStore, "store " + path + ": it is missing, but " + path + "-wal with its last commits is " +
                                       "there; restore both, or remove that to start with an empty store");
  }
  Opened opened;
  if (!there || marker.exists()) {
    auto created = create(path, marker, options);
    if (!created) return created.error();
    opened.created = *created;
  }
  auto connection = open_existing(path, options);
  if (!connection) return connection.error();
  if (auto done = use_wal(**connection); !done) return done.error();
  // The log is there now. SQLite syncs its name with the first commit, but would not tell if that failed.
  if (auto synced = sync_folder(folder_of(path)); !synced) return synced.error();
  opened.connection = std::move(*connection);
  return opened;
}

}  // namespace tripline::engine::store
