#include "engine/spill_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace tripline::engine {

SpillFile::~SpillFile() {
  if (file_ >= 0) ::close(file_);
}

Result<void> SpillFile::open() {
  const char* chosen = std::getenv("TMPDIR");
  folder_ = chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
  std::string name = folder_ + "/tripline-signals-XXXXXX";
  file_ = ::mkstemp(name.data());
  if (file_ < 0) {
    return fail(ErrorCode::kIo, "signals that memory is not kept for cannot be put into " + folder_ + ": " +
                                    std::strerror(errno) + "; TMPDIR names another folder");
  }
  ::unlink(name.c_str());
  return {};
}

Result<std::uint64_t> SpillFile::append(std::string_view bytes) {
  if (file_ < 0) {
    if (auto opened = open(); !opened) return opened.error();
  }
  const std::uint64_t begin = end_;
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(end_));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      return fail(ErrorCode::kIo, "signals that memory is not kept for cannot be put into " + folder_ + ": " +
                                      std::strerror(errno) + "; TMPDIR names another folder");
    }
    end_ += static_cast<std::uint64_t>(put);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return begin;
}

Result<void> SpillFile::read(std::uint64_t offset, std::string& bytes) const {
  for (std::size_t filled = 0; filled < bytes.size();) {
    const ssize_t got =
        ::pread(file_, bytes.data() + filled, bytes.size() - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      return fail(ErrorCode::kIo, "signals that were put into " + folder_ + " cannot be read again: " +
                                      (got < 0 ? std::strerror(errno) : "the file has become shorter"));
    }
    filled += static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace tripline::engine
