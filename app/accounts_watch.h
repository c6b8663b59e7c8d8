#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/accounts.h"
#include "engine/result.h"

namespace tripline::app {

/// A file of account names that may change while the program runs. It is looked at only when refresh() is called; who
/// holds what accounts() gave before keeps that. Threads: one.
class AccountsWatch {
 public:
  /// Errors: as read_accounts_file().
  static engine::Result<AccountsWatch> open(std::string path);

  /// Never null.
  const std::shared_ptr<const engine::Accounts>& accounts() const { return accounts_; }

  /// Reads the file again if it is another than before, told by its time of change, size and inode; whether accounts()
  /// is new. What is wrong with a changed file is an error, said once; accounts() stays as it was.
  engine::Result<bool> refresh();

 private:
  /// What tells one state of the file from the next.
  struct Version {
    std::int64_t changed_ns = 0;
    std::uint64_t size = 0;
    std::uint64_t inode = 0;
    bool operator==(const Version&) const = default;
  };

  explicit AccountsWatch(std::string path) : path_(std::move(path)) {}
  Version version() const;

  std::string path_;
  Version read_;  // the version that was last read, with or without success
  std::shared_ptr<const engine::Accounts> accounts_;
};

}  // namespace tripline::app
