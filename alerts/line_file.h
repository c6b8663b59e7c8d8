#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace tripline::alerts {

/// A file that lines are added to, and that becomes PATH.1, PATH.2, ... as it grows. Nothing of it is ever rewritten;
/// what does not fit on the disk is taken back, so that no half line stays. Others may move the file away: the next
/// lines begin a new one.
///
/// Owns its descriptor. Errors: kIo, with the path and the system's reason. Threads: one. May block on the disk.
class LineFile {
 public:
  struct Options {
    std::string path;
    std::uint64_t rotate_bytes = std::uint64_t{64} << 20;
    std::uint64_t keep = 8;  // moved files
    bool sync = true;        // append() returns when the lines are on the disk
  };

  explicit LineFile(Options options) : options_(std::move(options)) {}
  ~LineFile();
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  /// Whole lines, each with its line feed; all of them or nothing.
  engine::Result<void> append(std::string_view lines);

  std::uint64_t rotations() const { return rotations_; }

 private:
  engine::Result<void> open();
  engine::Result<void> rotate();
  bool moved_away() const;
  void close();
  engine::Error failed(std::string_view what) const;

  Options options_;
  int file_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t rotations_ = 0;
};

}  // namespace tripline::alerts
