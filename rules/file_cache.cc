#include "rules/file_cache.h"

#include <sys/stat.h>
#include <utility>

namespace tripline::rules {

FileState FileState::of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  const auto ns = [](const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; };
  return {ns(status.st_mtim), ns(status.st_ctim), static_cast<std::uint64_t>(status.st_size), status.st_ino};
}

std::vector<ReadFile> FileCache::read(const std::vector<std::string>& paths, const LoadOptions& options) {
  std::map<std::string, Entry> entries;
  std::vector<std::string> changed;
  for (const std::string& path : paths) {
    // Before it is read, so that a change meanwhile is seen next time.
    const FileState state = FileState::of(path);
    const auto known = entries_.find(path);
    const bool same = known != entries_.end() && known->second.state == state && state != FileState{};
    entries[path] = {state, same ? known->second.documents : nullptr};
    if (!same) changed.push_back(path);
  }
  reads_ += changed.size();
  std::map<std::string, double> seconds;
  auto fresh = read_files(changed, options);
  for (std::size_t i = 0; i < changed.size(); ++i) {
    entries[changed[i]].documents = std::make_shared<const FileDocuments>(std::move(fresh[i].documents));
    seconds[changed[i]] = fresh[i].seconds;
  }
  std::vector<ReadFile> files;
  for (const std::string& path : paths) {
    const auto took = seconds.find(path);
    ReadFile& file = files.emplace_back(ReadFile{*entries[path].documents, took == seconds.end() ? 0 : took->second});
    if (took == seconds.end()) file.documents.yaml_seconds = 0;
  }
  entries_ = std::move(entries);
  return files;
}

}  // namespace tripline::rules
