#include "engine/store/lock_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace tripline::engine::store {
namespace {

/// "process 4711", or "another process" when it has not said yet.
std::string holder(int file) {
  std::array<char, 16> text{};
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  std::size_t digits = 0;
  while (size > 0 && digits < static_cast<std::size_t>(size) && text[digits] >= '0' && text[digits] <= '9') ++digits;
  return digits == 0 ? "another process" : "process " + std::string(text.data(), digits);
}

}  // namespace

Result<LockFile> LockFile::take(const std::string& store_path) {
  const std::string path = store_path + ".lock";
  LockFile lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (lock.file_ < 0) {
    return fail(ErrorCode::kStore, "store " + store_path + ": cannot make its lock file " + path + ": " +
                                       std::strerror(errno) + "; let this user write the file and its folder");
  }
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return fail(ErrorCode::kStore, "store " + store_path + ": another tripline uses it (" + holder(lock.file_) +
                                         " holds " + path + "); stop that one, or name another store");
    }
    return fail(ErrorCode::kStore, "store " + store_path + ": cannot lock " + path + ": " + std::strerror(errno) +
                                       "; keep stores on a local file system");
  }
  // For the other's message alone, so a full disk does not matter here.
  const std::string number = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.file_, 0) != 0 || ::pwrite(lock.file_, number.data(), number.size(), 0) < 0) errno = 0;
  return lock;
}

LockFile::LockFile(LockFile&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

LockFile::~LockFile() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace tripline::engine::store
