#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/source.h"

namespace tripline::connectors {

/// Files, folders (walked; the S3 layout is understood) and `-` for stdin, as deliveries.
///
/// Order: first what has no delivery time in its name (connectors/s3_path.h), as named on the command line and by path
/// within a folder; then by delivery time across accounts and regions, then by path.
/// Within folders are passed over: hidden entries, what is no file, and files that are no logs by their name (.md, .py,
/// ...); a file that is named itself is read whatever it is called. Digest files are passed over everywhere. A file
/// that is reached twice is read once; folders behind symbolic links are walked, each once. Nothing is opened until its
/// Envelope is read. Memory: some 100 bytes a file.
class FileSource : public engine::Source {
 public:
  /// kIo: a path that is named does not exist or cannot be read; the message names it.
  static engine::Result<std::unique_ptr<FileSource>> open(const std::vector<std::string>& paths);

  engine::Result<std::optional<engine::Envelope>> next() override;
  void acknowledge(const engine::Envelope&) override {}

  std::size_t files() const { return files_.size(); }

  /// Of all files; against the sum of RecordBatch::stored_bytes it says how far a run is. stdin counts nothing.
  std::uint64_t bytes_on_disk() const { return bytes_; }

  /// What cannot be read within the folders, with the system's reason: subfolders, and links that lead nowhere. Files
  /// that cannot be read show when their Envelope is.
  const std::vector<std::string>& unreadable() const { return unreadable_; }

  // What was passed over.
  std::uint64_t digests_skipped() const { return digests_; }
  std::uint64_t others_skipped() const { return others_; }      // no logs by their name, or hidden
  std::uint64_t repeated_skipped() const { return repeated_; }  // reached a second time

 private:
  struct File {
    std::uint32_t folder;      // index into folders_
    std::uint32_t name_bytes;  // of names_
    std::size_t name_at;
    std::int64_t delivered;  // milliseconds since the epoch, or kNoTime
  };
  static constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();
  class Walk;

  FileSource() = default;
  std::string path_of(const File& file) const;

  std::vector<File> files_;
  std::vector<std::string> folders_;  // as they stand before the name: empty, or with the slash at the end
  std::string names_;
  std::size_t next_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t digests_ = 0;
  std::uint64_t others_ = 0;
  std::uint64_t repeated_ = 0;
  std::vector<std::string> unreadable_;
};

}  // namespace tripline::connectors
