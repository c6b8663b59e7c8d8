#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace tripline::engine {

/// Where a run puts what it has no memory for: a file without a name in $TMPDIR, else /tmp, made when it is first
/// needed and gone with the process. Threads: one. Errors: kIo, with the folder and the system's reason.
class SpillFile {
 public:
  SpillFile() = default;
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  /// Where `bytes` were put.
  Result<std::uint64_t> append(std::string_view bytes);

  /// Fills `bytes`, whose size says how many are wanted, with what is at `offset`.
  Result<void> read(std::uint64_t offset, std::string& bytes) const;

 private:
  Result<void> open();

  int file_ = -1;
  std::uint64_t end_ = 0;
  std::string folder_;
};

}  // namespace tripline::engine
