#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tripline::benchmarks {

/// Logs to measure on, uncompressed: in memory, with padding for parsers, and as files.
class Corpus {
 public:
  struct File {
    std::string path;   // of the uncompressed copy
    std::string bytes;  // with engine::kRecordPadding behind `size`
    std::size_t size = 0;
  };

  /// The logs under $TRIPLINE_CORPUS (.json, .ndjson, .gz), else docs/samples/logs again and again; about `max_bytes`
  /// of them. Throws when there are none. The uncompressed copies stand in a temporary folder until the Corpus goes.
  explicit Corpus(std::uint64_t max_bytes = std::uint64_t{192} << 20);
  ~Corpus();
  Corpus(const Corpus&) = delete;
  Corpus& operator=(const Corpus&) = delete;

  const std::vector<File>& files() const { return files_; }
  std::vector<std::string> paths() const;
  std::uint64_t bytes() const { return bytes_; }
  const std::string& from() const { return from_; }

 private:
  void add(const std::filesystem::path& original);

  std::string from_;
  std::filesystem::path folder_;
  std::vector<File> files_;
  std::uint64_t bytes_ = 0;
};

/// SigmaHQ's rules for AWS: $TRIPLINE_SHARED/data/sigma/aws/rules, TRIPLINE_SHARED being ../shared unless set. Empty
/// when they are not there.
std::string sigma_aws_rules();

}  // namespace tripline::benchmarks
