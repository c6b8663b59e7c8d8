#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace tripline::tests {

/// A disk in memory, as a SQLite file system ("VFS"), that forgets at a power cut what was not synced.
///
/// What is promised of it is what POSIX promises of files, and SQLite's own file system asks for: a write is safe after
/// a sync of the file; the name of a new file, or of a deleted one, after a sync of the folder, which SQLite does at
/// the first sync of a new journal or log and on some deletions. Until then each sector of a write, each truncation and
/// each name may survive or not, by itself and in any order. Bytes that nobody wrote stay as they are.
///
/// One connection at a time and one thread. All files stand in one folder, whatever their paths.
class PowerCutDisk {
 public:
  /// Of what was not synced. kAll is what a kill -9 leaves: it is there, and still not synced.
  enum class Survives { kNothing, kSome, kAll };

  PowerCutDisk();
  ~PowerCutDisk();
  PowerCutDisk(const PowerCutDisk&) = delete;
  PowerCutDisk& operator=(const PowerCutDisk&) = delete;

  /// The name to open databases with.
  const std::string& name() const { return name_; }

  /// From the `operations`-th change on (1: the next; writes, truncations, syncs, new and deleted files), all that is
  /// asked of the disk fails. That one may have happened in part.
  void fail_at(std::size_t operations) { fail_at_ = operations_ + operations; }
  /// The `operations`-th change from now alone fails, though it may have happened in part.
  void fail_once_at(std::size_t operations) { fail_once_at_ = operations_ + operations; }
  bool failed_once() const { return operations_ >= fail_once_at_; }
  std::size_t operations() const { return operations_; }
  bool failed() const { return operations_ >= fail_at_; }

  /// Forgets; then the disk works again. No file may be open.
  void cut_power(Survives survives, std::mt19937_64& random);

  /// Writes that would make all files together longer fail, as on a full disk.
  void set_capacity(std::size_t bytes) { capacity_ = bytes; }
  std::size_t bytes() const;

 private:
  friend struct PowerCutFile;  // what SQLite calls, in the .cc

  struct Change {
    bool truncates = false;
    std::size_t at = 0;  // the size, if it truncates
    std::string bytes;
  };
  struct Inode {
    std::string now, synced;
    std::vector<Change> unsynced;
  };
  using Names = std::map<std::string, std::shared_ptr<Inode>>;
  struct NameChange {
    std::string name;
    std::shared_ptr<Inode> inode;  // null: deleted
  };

  /// Counts a change; false: it fails.
  bool operate();
  void write(Inode& inode, std::size_t at, const char* bytes, std::size_t size);
  void rename(const std::string& name, std::shared_ptr<Inode> inode);
  void sync_names();
  static void settle(Inode& inode, Survives survives, std::mt19937_64& random);

  std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  Names names_, synced_names_;
  std::vector<NameChange> unsynced_names_;
  std::map<std::string, std::vector<std::unique_ptr<char[]>>> shared_memory_;  // of the log's index
  std::size_t operations_ = 0;
  std::size_t fail_at_ = SIZE_MAX;
  std::size_t fail_once_at_ = SIZE_MAX;
  std::size_t capacity_ = SIZE_MAX;
  int open_files_ = 0;
};

}  // namespace tripline::tests
