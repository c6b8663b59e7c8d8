#include "rules/read_files.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "rules/cpu_time.h"
#include "rules/rule_files.h"

namespace tripline::rules {
namespace {

ReadFile read_rule_file(const std::string& path, const YamlLimits& limits) {
  const double start = cpu_seconds();
  ReadFile file;
  if (const auto text = read_text(path, limits.max_bytes)) {
    file.documents = read_documents(*text, path, limits);
  } else {
    file.documents.diagnostics.add("unreadable-file", {path, 0, 0}, text.error().message);
  }
  file.seconds = cpu_seconds() - start;
  return file;
}

}  // namespace

std::vector<ReadFile> read_files(const std::vector<std::string>& paths, const LoadOptions& options) {
  std::vector<ReadFile> files(paths.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < paths.size(); i = next++) files[i] = read_rule_file(paths[i], options.yaml);
  };
  const std::size_t cores = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < std::min(cores, paths.size()); ++i) helpers.emplace_back(work);
  work();
  helpers.clear();  // waits for them
  return files;
}

}  // namespace tripline::rules
