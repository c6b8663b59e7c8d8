#include "benchmarks/corpus.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

#include <zlib.h>

#include "engine/record.h"

namespace tripline::benchmarks {

namespace fs = std::filesystem;

namespace {

fs::path root() {
  const char* set = std::getenv("TRIPLINE_ROOT");
  return set != nullptr ? fs::path(set) : fs::current_path();
}

std::string inflated(const fs::path& path) {
  std::string bytes;
  const gzFile file = gzopen(path.c_str(), "rb");  // reads plain files too
  if (file == nullptr) throw std::runtime_error("cannot open " + path.string());
  std::string buffer(1 << 20, '\0');
  int got = 0;
  while ((got = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    bytes.append(buffer, 0, static_cast<std::size_t>(got));
  }
  gzclose(file);
  if (got < 0) throw std::runtime_error("cannot inflate " + path.string());
  return bytes;
}

bool is_log(const fs::path& path) {
  const std::string extension = path.extension().string();
  return path.filename() != "manifest.json" && path.filename() != "attacks.ndjson" &&
         (extension == ".json" || extension == ".ndjson" || extension == ".gz");
}

}  // namespace

Corpus::Corpus(std::uint64_t max_bytes) {
  const char* set = std::getenv("TRIPLINE_CORPUS");
  const fs::path folder = set != nullptr ? fs::path(set) : root() / "docs/samples/logs";
  from_ = folder.string();
  std::vector<fs::path> originals;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && is_log(entry.path())) originals.push_back(entry.path());
  }
  if (originals.empty()) throw std::runtime_error("no logs under " + from_);
  std::sort(originals.begin(), originals.end());
  folder_ = fs::temp_directory_path() / ("tripline-bench-" + std::to_string(getpid()));
  fs::create_directories(folder_);
  do {
    for (const auto& original : originals) {
      if (bytes_ < max_bytes) add(original);
    }
  } while (set == nullptr && bytes_ < max_bytes);
}

Corpus::~Corpus() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Corpus::add(const fs::path& original) {
  File file;
  file.bytes = inflated(original);
  file.size = file.bytes.size();
  // Names without a time keep the order of the command line.
  file.path = (folder_ / ("log-" + std::to_string(1'000'000 + files_.size()) + ".json")).string();
  std::ofstream(file.path, std::ios::binary) << file.bytes;
  file.bytes.append(engine::kRecordPadding, ' ');
  bytes_ += file.size;
  files_.push_back(std::move(file));
}

std::vector<std::string> Corpus::paths() const {
  std::vector<std::string> all;
  for (const File& file : files_) all.push_back(file.path);
  return all;
}

std::string sigma_aws_rules() {
  const char* set = std::getenv("TRIPLINE_SHARED");
  const fs::path folder = (set != nullptr ? fs::path(set) : root() / "../shared") / "data/sigma/aws/rules";
  return fs::is_directory(folder) ? folder.string() : std::string();
}

}  // namespace tripline::benchmarks
