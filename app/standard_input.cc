#include "app/standard_input.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>

namespace tripline::app {

namespace {

engine::Error io_error(const std::string& what) {
  return engine::fail(engine::ErrorCode::kIo, "standard input " + what + ": " + std::strerror(errno));
}

bool write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(to, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace

engine::Result<std::int64_t> hold_standard_input() {
  if (const off_t at = ::lseek(STDIN_FILENO, 0, SEEK_CUR); at >= 0) return at;
  const char* chosen = std::getenv("TMPDIR");
  const std::string folder = chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
  std::string name = folder + "/tripline-input-XXXXXX";
  const int file = ::mkstemp(name.data());
  if (file < 0) return io_error("is read twice here, and cannot be kept in " + folder);
  ::unlink(name.c_str());
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  const auto block = std::make_unique<char[]>(kBlock);
  while (true) {
    const ssize_t got = ::read(STDIN_FILENO, block.get(), kBlock);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) break;
    const bool read = got > 0;
    if (read && write_all(file, {block.get(), static_cast<std::size_t>(got)})) continue;
    const auto error = io_error(read ? "is read twice here, and cannot be kept in " + folder : "cannot be read");
    ::close(file);
    return error;
  }
  ::dup2(file, STDIN_FILENO);
  ::close(file);
  rewind_standard_input(0);
  return std::int64_t{0};
}

void rewind_standard_input(std::int64_t begin) { ::lseek(STDIN_FILENO, begin, SEEK_SET); }

}  // namespace tripline::app
