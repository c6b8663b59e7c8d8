#include "tests/support/places.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <unistd.h>

namespace tripline::tests {

std::filesystem::path repository() {
  const char* root = std::getenv("TRIPLINE_ROOT");
  return root ? root : std::filesystem::current_path();
}

std::filesystem::path shared(const std::string& path) {
  const char* folder = std::getenv("TRIPLINE_SHARED");
  return (folder ? std::filesystem::path(folder) : repository() / ".." / "shared") / path;
}

std::string missing(const std::string& path) {
  return shared(path).string() + " is not there: set TRIPLINE_SHARED to the folder of real logs and rule sets";
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::filesystem::path memory_folder() {
  const std::filesystem::path memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
}

TemporaryFolder::TemporaryFolder() : TemporaryFolder(std::filesystem::temp_directory_path()) {}

TemporaryFolder::TemporaryFolder(const std::filesystem::path& above) {
  std::string name = (above / "tripline-test-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& text) const {
  const std::filesystem::path path = path_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

}  // namespace tripline::tests
