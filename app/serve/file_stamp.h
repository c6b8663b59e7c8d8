#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tripline::app {

/// What tells one state of some files from the next: names, sizes, times of change and inodes. Files that are not there
/// count, too. Reads no contents.
class FileStamp {
 public:
  FileStamp() = default;
  explicit FileStamp(const std::vector<std::string>& paths);

  bool operator==(const FileStamp&) const = default;

 private:
  struct File {
    std::string path;
    std::int64_t changed_ns = 0;
    std::uint64_t size = 0;
    std::uint64_t inode = 0;
    bool operator==(const File&) const = default;
  };
  std::vector<File> files_;
};

}  // namespace tripline::app
