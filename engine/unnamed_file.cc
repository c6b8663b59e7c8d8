#include "engine/unnamed_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace tripline::engine {

UnnamedFile::~UnnamedFile() {
  if (file_ >= 0) ::close(file_);
}

Error UnnamedFile::cannot_put() const {
  return fail(ErrorCode::kIo,
              what_ + " cannot be put into " + folder_ + ": " + std::strerror(errno) + "; TMPDIR names another folder");
}

Result<void> UnnamedFile::open() {
  if (file_ >= 0) return {};
  const char* chosen = std::getenv("TMPDIR");
  folder_ = chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
  std::string name = folder_ + "/tripline-XXXXXX";
  file_ = ::mkstemp(name.data());
  if (file_ < 0) return cannot_put();
  ::unlink(name.c_str());
  return {};
}

Result<std::uint64_t> UnnamedFile::append(std::string_view bytes) {
  if (auto opened = open(); !opened) return opened.error();
  const std::uint64_t begin = end_;
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(end_));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return cannot_put();
    end_ += static_cast<std::uint64_t>(put);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return begin;
}

Result<void> UnnamedFile::read(std::uint64_t offset, std::string& bytes) const {
  for (std::size_t filled = 0; filled < bytes.size();) {
    const ssize_t got =
        ::pread(file_, bytes.data() + filled, bytes.size() - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      return fail(ErrorCode::kIo, what_ + " cannot be read again from " + folder_ + ": " +
                                      (got < 0 ? std::strerror(errno) : "the file has become shorter"));
    }
    filled += static_cast<std::size_t>(got);
  }
  return {};
}

Result<void> UnnamedFile::stand_in_for(int descriptor) {
  if (auto opened = open(); !opened) return opened.error();
  if (::dup2(file_, descriptor) < 0) return cannot_put();
  return {};
}

}  // namespace tripline::engine
