#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/source.h"

namespace tripline::connectors {

/// Files, folders (walked; the S3 layout is understood) and `-` for stdin, as deliveries in order of delivery time (the
/// time in an S3 object name, else the file's place on the command line) across accounts and regions.
/// Digest files are skipped by name and counted. Nothing is opened until its Envelope is read.
class FileSource : public engine::Source {
 public:
  /// kIo: a path does not exist or a folder cannot be read; the message names it.
  static engine::Result<std::unique_ptr<FileSource>> open(const std::vector<std::string>& paths);

  engine::Result<std::optional<engine::Envelope>> next() override;
  void acknowledge(const engine::Envelope&) override {}

  std::size_t files() const { return files_.size(); }
  std::uint64_t bytes_on_disk() const { return bytes_; }
  std::uint64_t digests_skipped() const { return digests_; }

 private:
  FileSource() = default;

  std::vector<engine::Envelope> files_;
  std::size_t next_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t digests_ = 0;
};

}  // namespace tripline::connectors
