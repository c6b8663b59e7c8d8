#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rules/read_files.h"

namespace tripline::rules {

/// What tells one state of a file from the next, without reading it. All zero: it is not there.
struct FileState {
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;  // of its inode, which moves with its contents even where its time is set back
  std::uint64_t size = 0;
  std::uint64_t inode = 0;
  bool operator==(const FileState&) const = default;

  static FileState of(const std::string& path);
};

/// The documents of rule files as they were last read, so that who loads them again reads and parses only those that
/// have changed. Memory: some times the files' size. Threads: one load at a time.
class FileCache {
 public:
  /// As read_files(), to the same result; what is not among `paths` is forgotten.
  std::vector<ReadFile> read(const std::vector<std::string>& paths, const LoadOptions& options);

  /// Files that were read, rather than remembered, since the beginning.
  std::size_t reads() const { return reads_; }

 private:
  struct Entry {
    FileState state;
    std::shared_ptr<const FileDocuments> documents;
  };
  std::map<std::string, Entry> entries_;
  std::size_t reads_ = 0;
};

/// load_rules() by way of a cache, to the same result.
engine::Result<Loaded> load_rules(const std::vector<std::string>& paths, const LoadOptions& options, FileCache& cache);

}  // namespace tripline::rules
