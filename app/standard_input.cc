#include "app/standard_input.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <unistd.h>

#include "engine/unnamed_file.h"

namespace tripline::app {

engine::Result<std::int64_t> hold_standard_input() {
  if (const off_t at = ::lseek(STDIN_FILENO, 0, SEEK_CUR); at >= 0) return at;
  engine::UnnamedFile file("standard input, which is read twice here,");
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  const auto block = std::make_unique<char[]>(kBlock);
  while (true) {
    const ssize_t got = ::read(STDIN_FILENO, block.get(), kBlock);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return engine::fail(engine::ErrorCode::kIo,
                          std::string("standard input cannot be read: ") + std::strerror(errno));
    }
    if (got == 0) break;
    const auto put = file.append({block.get(), static_cast<std::size_t>(got)});
    if (!put) return put.error();
  }
  if (const auto placed = file.stand_in_for(STDIN_FILENO); !placed) return placed.error();
  return std::int64_t{0};
}

void rewind_standard_input(std::int64_t begin) { ::lseek(STDIN_FILENO, begin, SEEK_SET); }

}  // namespace tripline::app
