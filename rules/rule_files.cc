#include "rules/rule_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

#include "engine/text.h"

namespace tripline::rules {
namespace {

namespace fs = std::filesystem;

bool has_ending(const fs::path& path, std::string_view ending) {
  return engine::ends_with_folded(path.filename().native(), ending);
}
bool is_test(const fs::path& path) { return has_ending(path, ".test.yml") || has_ending(path, ".test.yaml"); }
bool is_rule_file(const fs::path& path) {
  return (has_ending(path, ".yml") || has_ending(path, ".yaml")) && !is_test(path);
}

class Walk {
 public:
  explicit Walk(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void folder(const fs::path& path) {
    if (!is_new(path)) return;  // a link that leads back ends here
    std::error_code error;
    std::vector<fs::path> entries;
    for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
      entries.push_back(at->path());
    }
    if (error) {
      diagnostics_.add("unreadable-file", {path.string(), 0, 0}, "the folder cannot be read: " + error.message());
      return;
    }
    std::sort(entries.begin(), entries.end());
    for (const fs::path& entry : entries) {
      if (entry.filename().native().starts_with('.')) continue;
      std::error_code ignored;
      if (fs::is_directory(entry, ignored)) {
        folder(entry);
      } else if (is_rule_file(entry)) {
        file(entry);
      }
    }
  }

  void file(const fs::path& path) {
    if (is_new(path)) files_.push_back(path.string());
  }

  std::vector<std::string> take() { return std::move(files_); }

 private:
  bool is_new(const fs::path& path) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    return seen_.insert(error ? path.string() : real.string()).second;
  }

  Diagnostics& diagnostics_;
  std::vector<std::string> files_;
  std::set<std::string> seen_;
};

}  // namespace

engine::Result<std::vector<std::string>> find_rule_files(const std::vector<std::string>& paths,
                                                         Diagnostics& diagnostics) {
  Walk walk(diagnostics);
  for (const std::string& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      walk.folder(path);
    } else if (!fs::exists(path, error)) {
      return engine::fail(engine::ErrorCode::kIo, path + ": there is no such file or folder");
    } else if (!is_test(path)) {
      walk.file(path);
    }
  }
  return walk.take();
}

engine::Result<std::string> read_text(const std::string& path, std::size_t most) {
  std::ifstream in(path, std::ios::binary);
  std::string text;
  if (!in) return engine::fail(engine::ErrorCode::kIo, path + ": the file cannot be opened");
  constexpr std::size_t kChunk = 64 * 1024;
  while (in && text.size() <= most) {
    const std::size_t before = text.size();
    text.resize(before + kChunk);
    in.read(text.data() + before, kChunk);
    text.resize(before + static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) return engine::fail(engine::ErrorCode::kIo, path + ": the file cannot be read");
  return text;
}

}  // namespace tripline::rules
