#include "rules/rule_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
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
bool is_yaml(const fs::path& path) { return has_ending(path, ".yml") || has_ending(path, ".yaml"); }
bool is_rule_file(const fs::path& path) { return is_yaml(path) && !is_test_file(path.native()); }
bool is_test(const fs::path& path) { return is_test_file(path.native()); }

/// Gathers the files that are wanted, each once.
class Walk {
 public:
  Walk(bool (*is_wanted)(const fs::path&), Diagnostics& diagnostics)
      : is_wanted_(is_wanted), diagnostics_(diagnostics) {}

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
      } else if (is_wanted_(entry)) {
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

  bool (*is_wanted_)(const fs::path&);
  Diagnostics& diagnostics_;
  std::vector<std::string> files_;
  std::set<std::string> seen_;
};

/// A link that leads nowhere is there: it is said that it cannot be read.
bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

engine::Error no_such(const std::string& path) {
  return engine::fail(engine::ErrorCode::kIo, path + ": there is no such file or folder");
}

}  // namespace

bool is_test_file(std::string_view path) { return has_ending(path, ".test.yml") || has_ending(path, ".test.yaml"); }

engine::Result<std::vector<std::string>> find_rule_files(const std::vector<std::string>& paths,
                                                         Diagnostics& diagnostics) {
  Walk walk(is_rule_file, diagnostics);
  for (const std::string& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      walk.folder(path);
    } else if (!fs::exists(path, error)) {
      return no_such(path);
    } else if (!is_test_file(path)) {
      walk.file(path);
    }
  }
  return walk.take();
}

engine::Result<std::vector<std::string>> find_test_files(const std::vector<std::string>& paths) {
  Diagnostics said_of_rules;
  Walk walk(is_test, said_of_rules);
  for (const std::string& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      walk.folder(path);
    } else if (!is_there(path)) {
      return no_such(path);
    } else if (is_test_file(path)) {
      walk.file(path);
    } else if (is_rule_file(path)) {
      for (const auto* ending : {".test.yml", ".test.yaml"}) {
        const auto beside = fs::path(path).replace_extension(ending);
        if (is_there(beside)) walk.file(beside);
      }
    }
  }
  auto files = walk.take();
  std::sort(files.begin(), files.end());
  return files;
}

engine::Result<std::string> read_text(const std::string& path, std::size_t most) {
  errno = 0;
  const auto cannot = [](const std::string& what) {
    const std::string why = errno != 0 ? std::string(": ") + std::strerror(errno) : "";
    return engine::fail(engine::ErrorCode::kIo, "the file cannot be " + what + why);
  };
  std::ifstream in(path, std::ios::binary);
  std::string text;
  if (!in) return cannot("opened");
  constexpr std::size_t kChunk = 64 * 1024;
  while (in && text.size() <= most) {
    const std::size_t before = text.size();
    text.resize(before + kChunk);
    in.read(text.data() + before, kChunk);
    text.resize(before + static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) return cannot("read");
  return text;
}

}  // namespace tripline::rules
