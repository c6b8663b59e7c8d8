#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "engine/result.h"

namespace tripline::engine {

/// Where a run puts what it has no memory for: a file without a name in $TMPDIR, else /tmp, made when it is first
/// needed and gone with the process.
///
/// Units: offsets and sizes are bytes. Owns its file. Errors: kIo, with what was put, the folder and the system's
/// reason. Threads: one.
class UnnamedFile {
 public:
  /// `what` is put into it, in the words and the number that its errors want: "signals".
  explicit UnnamedFile(std::string what) : what_(std::move(what)) {}
  ~UnnamedFile();
  UnnamedFile(const UnnamedFile&) = delete;
  UnnamedFile& operator=(const UnnamedFile&) = delete;

  /// Where `bytes` were put.
  Result<std::uint64_t> append(std::string_view bytes);

  /// Fills `bytes`, whose size says how many are wanted, with what is at `offset`.
  Result<void> read(std::uint64_t offset, std::string& bytes) const;

  /// Makes `descriptor` read what was appended, from its beginning; it stays open when this is gone.
  Result<void> stand_in_for(int descriptor);

 private:
  Result<void> open();
  Error cannot_put() const;

  std::string what_;
  std::string folder_;
  int file_ = -1;
  std::uint64_t end_ = 0;
};

}  // namespace tripline::engine
