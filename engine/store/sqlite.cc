#include "engine/store/sqlite.h"

#include <array>
#include <cassert>
#include <cstring>
#include <utility>

#include <sqlite3.h>

namespace tripline::engine::store {
namespace {

constexpr int kBusyMilliseconds = 5000;  // another connection's recovery after a crash takes less

struct Advice {
  int code;
  std::string_view cause;
  std::string_view what_to_do;
};

constexpr Advice kAdvice[] = {
    {SQLITE_NOTADB, "it is not a database, or its first page is damaged",
     "name another file, or restore a backup; move it away to start with an empty store"},
    {SQLITE_CORRUPT, "it is damaged",
     "restore a backup; `tripline store check` says what is damaged; move it away to start with an empty store"},
    {SQLITE_FULL, "the disk is full", "free some space and start again; nothing that was committed is lost"},
    {SQLITE_READONLY, "it is read-only",
     "let this user write the file and its folder, on a file system that is mounted for writing"},
    {SQLITE_CANTOPEN, "it cannot be opened", "let this user read and write the file and its folder"},
    {SQLITE_PERM, "it cannot be opened", "let this user read and write the file and its folder"},
    {SQLITE_BUSY, "another process holds it", "stop what else uses the file"},
    {SQLITE_LOCKED, "another process holds it", "stop what else uses the file"},
    {SQLITE_IOERR, "the operating system failed to read or write it", "look at the disk and at the system's log"},
    {SQLITE_NOMEM, "there is not enough memory", "give it more memory"},
    {SQLITE_TOOBIG, "a row is larger than a gigabyte", "lower the limits on what a commit may hold"},
};

}  // namespace

Error store_error(const std::string& path, std::string_view doing, int code, int system_error) {
  std::string message = "store " + path + ": cannot " + std::string(doing) + ": ";
  for (const Advice& advice : kAdvice) {
    if (advice.code != (code & 0xff)) continue;
    message += advice.cause;
    if (system_error != 0) message += " (" + std::string(std::strerror(system_error)) + ")";
    return fail(ErrorCode::kStore, message + "; " + std::string(advice.what_to_do));
  }
  return fail(ErrorCode::kStore, message + sqlite3_errstr(code) + "; restore a backup");
}

void CloseConnection::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
void FinalizeStatement::operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Mode mode, const std::string& vfs) {
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == Mode::kRead     ? SQLITE_OPEN_READONLY
                     : mode == Mode::kCreate ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                             : SQLITE_OPEN_READWRITE);
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  std::unique_ptr<sqlite3, CloseConnection> owned(handle);
  if (code != SQLITE_OK) {
    return store_error(path, "open it", code, handle == nullptr ? 0 : sqlite3_system_errno(handle));
  }
  // SQLite opens for reading alone what it may not write, and would say so only at the first commit.
  if (mode != Mode::kRead && sqlite3_db_readonly(handle, "main") == 1) {
    return store_error(path, "open it for writing", SQLITE_READONLY, 0);
  }
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return std::unique_ptr<Connection>(new Connection(std::move(owned), path));
}

Result<void> Connection::run(const std::string& sql, std::string_view doing) {
  if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return error(doing);
  return {};
}

Result<std::int64_t> Connection::number(const std::string& sql, std::string_view doing) const {
  auto statement = Statement::prepare(*this, sql, doing);
  if (!statement) return statement.error();
  auto row = statement->step();
  if (!row) return row.error();
  return *row ? statement->integer() : 0;
}

Error Connection::error(std::string_view doing) const {
  const int code = sqlite3_extended_errcode(handle());
  const int primary = code & 0xff;
  // Only these come from the system; for others its number is left over from something else.
  const bool from_system = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL;
  Error error = store_error(path_, doing, code, from_system ? sqlite3_system_errno(handle()) : 0);
  // Tables or rows that should be there and are not, or are there twice: SQLite names them.
  if (primary == SQLITE_ERROR || primary == SQLITE_CONSTRAINT) {
    error.message += " (it is not as Tripline made it: " + std::string(sqlite3_errmsg(handle())) + ")";
  }
  return error;
}

Result<Statement> Statement::prepare(const Connection& connection, const std::string& sql, std::string_view doing) {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v3(connection.handle(), sql.c_str(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                         &handle, nullptr) != SQLITE_OK) {
    return connection.error(doing);
  }
  Statement statement;
  statement.connection_ = &connection;
  statement.handle_.reset(handle);
  statement.doing_ = doing;
  return statement;
}

Statement& Statement::bind(std::int64_t value) { return bound(sqlite3_bind_int64(handle_.get(), ++bound_, value)); }

Statement& Statement::bind(std::string_view blob) {
  // A null pointer would bind NULL, an empty blob is another thing.
  const char* bytes = blob.data() == nullptr ? "" : blob.data();
  return bound(sqlite3_bind_blob64(handle_.get(), ++bound_, bytes, blob.size(), SQLITE_STATIC));
}

Statement& Statement::bind_text(std::string_view text) {
  const char* bytes = text.data() == nullptr ? "" : text.data();
  return bound(sqlite3_bind_text64(handle_.get(), ++bound_, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

Statement& Statement::bind(const Digest& key) {
  std::array<unsigned char, 16> bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<unsigned char>(key.high >> (56 - 8 * i));
    bytes[8 + i] = static_cast<unsigned char>(key.low >> (56 - 8 * i));
  }
  return bound(sqlite3_bind_blob64(handle_.get(), ++bound_, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
}

Statement& Statement::bind_null() { return bound(sqlite3_bind_null(handle_.get(), ++bound_)); }

Statement& Statement::bound(int code) {
  if (code_ == SQLITE_OK) code_ = code;
  return *this;
}

Result<bool> Statement::step() {
  read_ = 0;
  if (const int code = std::exchange(code_, SQLITE_OK); code != SQLITE_OK) {
    reset();
    return store_error(connection_->path(), doing_, code, 0);
  }
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    Error error = connection_->error(doing_);
    reset();
    return error;
  }
  reset();
  return false;
}

Result<void> Statement::run() {
  auto row = step();
  if (!row) return row.error();
  assert(!*row);
  return {};
}

void Statement::reset() {
  bound_ = 0;
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
}

std::int64_t Statement::integer() { return sqlite3_column_int64(handle_.get(), read_++); }

std::string_view Statement::blob() {
  const void* bytes = sqlite3_column_blob(handle_.get(), read_);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), read_++));
  return {static_cast<const char*>(bytes), size};
}

std::string_view Statement::text() {
  const unsigned char* bytes = sqlite3_column_text(handle_.get(), read_);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), read_++));
  return {reinterpret_cast<const char*>(bytes), size};
}

Digest Statement::key() {
  const std::string_view bytes = blob();
  Digest key;
  for (std::size_t i = 0; i < 16 && i < bytes.size(); ++i) {
    std::uint64_t& half = i < 8 ? key.high : key.low;
    half = half << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return key;
}

Result<Transaction> Transaction::begin(Connection& connection, Kind kind, std::string_view doing) {
  if (auto begun = connection.run(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN", doing); !begun) {
    return begun.error();
  }
  return Transaction(connection, doing);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)), doing_(std::move(other.doing_)) {}

Transaction::~Transaction() {
  // SQLite has rolled back by itself after some errors; then there is nothing to do, and it says so.
  if (connection_ != nullptr) sqlite3_exec(connection_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> Transaction::commit() {
  if (auto committed = connection_->run("COMMIT", doing_); !committed) return committed.error();
  connection_ = nullptr;
  return {};
}

}  // namespace tripline::engine::store
