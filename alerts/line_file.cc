#include "alerts/line_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace tripline::alerts {
namespace {

using engine::Result;

/// False, with errno: not all of it could be written.
bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// So that a new name is on the disk, too.
void sync_folder(const std::string& path) {
  const auto above = std::filesystem::path(path).parent_path();
  const int folder = ::open(above.empty() ? "." : above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
}

}  // namespace

LineFile::~LineFile() { close(); }

void LineFile::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

engine::Error LineFile::failed(std::string_view what) const {
  return engine::fail(engine::ErrorCode::kIo, options_.path + ": " + std::string(what) + ": " + std::strerror(errno));
}

Result<void> LineFile::open() {
  file_ = ::open(options_.path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) return failed("cannot be opened");
  struct stat info {};
  if (::fstat(file_, &info) != 0 || !S_ISREG(info.st_mode)) {
    close();
    errno = errno == 0 ? EINVAL : errno;
    return failed("is no file");
  }
  size_ = static_cast<std::uint64_t>(info.st_size);
  char last = '\n';
  if (size_ > 0 && ::pread(file_, &last, 1, info.st_size - 1) == 1 && last != '\n') {
    if (!write_all(file_, "\n")) return failed("cannot be written");  // a power cut left half a line
    ++size_;
  }
  if (options_.sync) sync_folder(options_.path);
  return {};
}

bool LineFile::moved_away() const {
  struct stat ours {
  }, named{};
  if (::fstat(file_, &ours) != 0 || ::stat(options_.path.c_str(), &named) != 0) return true;
  return ours.st_ino != named.st_ino || ours.st_dev != named.st_dev;
}

Result<void> LineFile::rotate() {
  close();
  const auto name = [&](std::uint64_t number) { return options_.path + "." + std::to_string(number); };
  for (std::uint64_t number = options_.keep; number > 1; --number) {
    if (std::rename(name(number - 1).c_str(), name(number).c_str()) != 0 && errno != ENOENT) {
      return failed("cannot be rotated");
    }
  }
  if (std::rename(options_.path.c_str(), name(1).c_str()) != 0 && errno != ENOENT) return failed("cannot be rotated");
  ++rotations_;
  return open();
}

Result<void> LineFile::append(std::string_view lines) {
  if (file_ >= 0 && moved_away()) close();
  if (file_ < 0) {
    if (auto opened = open(); !opened) return opened;
  }
  if (size_ > 0 && size_ + lines.size() > options_.rotate_bytes) {
    if (auto rotated = rotate(); !rotated) return rotated;
  }
  if (!write_all(file_, lines) || (options_.sync && ::fdatasync(file_) != 0)) {
    auto error = failed("cannot be written");
    // After a failed sync nobody knows what is on the disk: the lines come again, in a file opened anew.
    if (::ftruncate(file_, static_cast<off_t>(size_)) != 0) error.message += "; the last line may be cut";
    close();
    return error;
  }
  size_ += lines.size();
  return {};
}

}  // namespace tripline::alerts
