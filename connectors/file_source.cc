#include "connectors/file_source.h"

#include <filesystem>

namespace tripline::connectors {

using engine::ErrorCode;
using engine::fail;

engine::Result<std::unique_ptr<FileSource>> FileSource::open(const std::vector<std::string>& paths) {
  std::unique_ptr<FileSource> source(new FileSource);
  for (const std::string& path : paths) {
    if (!std::filesystem::exists(path)) return fail(ErrorCode::kIo, path + ": no such file or folder");
    engine::Envelope envelope;
    envelope.sequence = source->files_.size();
    envelope.path = path;
    source->files_.push_back(std::move(envelope));
  }
  return source;
}

engine::Result<std::optional<engine::Envelope>> FileSource::next() {
  if (next_ == files_.size()) return std::optional<engine::Envelope>{};
  return std::optional<engine::Envelope>(files_[next_++]);
}

}  // namespace tripline::connectors
