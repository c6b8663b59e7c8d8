#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/digest.h"
#include "engine/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tripline::engine::store {

struct CloseConnection {
  void operator()(sqlite3* handle) const;
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* handle) const;
};

/// One connection to one SQLite file. Errors are kStore and name the file, what was being done, why it failed and what
/// to do about it. Threads: one. Statements borrow it.
class Connection {
 public:
  enum class Mode { kRead, kWrite, kCreate };

  /// `vfs`: the SQLite file system to use; empty means the operating system's.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, Mode mode, const std::string& vfs);

  /// Any number of statements that give no rows, or whose rows nobody wants.
  Result<void> run(const std::string& sql, std::string_view doing);

  /// The first column of the first row; 0 when there is no row.
  Result<std::int64_t> number(const std::string& sql, std::string_view doing) const;

  /// Of the call that failed last.
  Error error(std::string_view doing) const;

  sqlite3* handle() const { return handle_.get(); }
  const std::string& path() const { return path_; }

 private:
  Connection(std::unique_ptr<sqlite3, CloseConnection> handle, std::string path)
      : handle_(std::move(handle)), path_(std::move(path)) {}

  std::unique_ptr<sqlite3, CloseConnection> handle_;
  std::string path_;
};

/// A sentence with what to do, for SQLite's result `code` and the system's error number behind it (0: none).
Error store_error(const std::string& path, std::string_view doing, int code, int system_error);

/// One prepared statement, kept as long as it is needed and used again and again. Parameters and columns are bound and
/// read in order, so that there are no numbers to keep in step. Views given to bind() must live until the statement is
/// reset; views from blob() and text() are valid until the next step().
class Statement {
 public:
  Statement() = default;  // of no use until one is moved here

  static Result<Statement> prepare(const Connection& connection, const std::string& sql, std::string_view doing);

  Statement& bind(std::int64_t value);
  Statement& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(std::string_view blob);
  Statement& bind_text(std::string_view text);
  Statement& bind(const Digest& key);  // 16 bytes, so that SQL's hex() of it is to_hex() of the key
  Statement& bind_null();

  /// True: there is a row. False: it is done, and reset.
  Result<bool> step();
  /// For a statement without rows: steps and resets.
  Result<void> run();
  /// Gives up the rows that were not read; bound values are forgotten.
  void reset();

  std::int64_t integer();
  std::uint64_t natural() { return static_cast<std::uint64_t>(integer()); }
  std::string_view blob();
  std::string_view text();
  Digest key();

 private:
  Statement& bound(int code);

  const Connection* connection_ = nullptr;
  std::unique_ptr<sqlite3_stmt, FinalizeStatement> handle_;
  std::string doing_;
  int bound_ = 0;
  int read_ = 0;
  int code_ = 0;  // of the first bind() that failed; step() tells
};

/// Rolls back unless it was committed.
class Transaction {
 public:
  /// kWrite takes the writer's lock now, so that nothing fails for want of it later.
  enum class Kind { kRead, kWrite };
  static Result<Transaction> begin(Connection& connection, Kind kind, std::string_view doing);

  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  /// Returns when all of it is on the disk.
  Result<void> commit();

 private:
  Transaction(Connection& connection, std::string_view doing) : connection_(&connection), doing_(doing) {}

  Connection* connection_;
  std::string doing_;
};

}  // namespace tripline::engine::store
