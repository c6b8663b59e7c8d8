#pragma once

#include <filesystem>
#include <string>

namespace tripline::tests {

/// The repository.
std::filesystem::path repository();

/// Where real logs and rule sets lie ($TRIPLINE_SHARED, else beside the repository). Tests skip when `path`, below it,
/// is not there: `if (!std::filesystem::exists(shared("data"))) GTEST_SKIP() << missing("data");`
std::filesystem::path shared(const std::string& path);
std::string missing(const std::string& path);

std::string read_file(const std::filesystem::path& path);

/// A folder in memory, where syncing costs nothing, if there is one; else the system's temporary one.
std::filesystem::path memory_folder();

/// A new empty folder below the system's temporary one, removed with all it holds at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  explicit TemporaryFolder(const std::filesystem::path& above);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Writes a file, and the folders to it. Returns its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

}  // namespace tripline::tests
