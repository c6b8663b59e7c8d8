#include "connectors/delivery_bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tripline::connectors {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

/// A compressed file up to here is read as a whole, and inflated as a whole up to the other.
constexpr std::uint64_t kWholeStored = std::uint64_t{2} << 20;
constexpr std::uint32_t kWholeInflated = std::uint32_t{8} << 20;

constexpr std::size_t kMagicBytes = 2;

}  // namespace

DeliveryBytes::DeliveryBytes(const engine::Envelope& envelope, const Limits& limits)
    : envelope_(envelope), limits_(limits), inflated_left_(limits.max_inflated_bytes) {}

DeliveryBytes::~DeliveryBytes() {
  if (file_ > STDIN_FILENO) ::close(file_);
}

engine::Error DeliveryBytes::io_error(const char* what) const {
  return fail(ErrorCode::kIo, std::string("cannot ") + what + ": " + std::strerror(errno));
}

Result<void> DeliveryBytes::open() {
  if (envelope_.body) {
    body_ = *envelope_.body;
    in_memory_ = true;
  } else if (envelope_.path == "-") {
    file_ = STDIN_FILENO;
  } else {
    file_ = ::open(envelope_.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file_ < 0) return io_error("open");
  }
  if (!in_memory_) {
    struct stat info {};
    if (::fstat(file_, &info) != 0) return io_error("open");
    if (S_ISDIR(info.st_mode)) {
      errno = EISDIR;
      return io_error("read");
    }
    if (S_ISREG(info.st_mode)) ::posix_fadvise(file_, 0, 0, POSIX_FADV_SEQUENTIAL);
    const auto size = static_cast<std::uint64_t>(std::max<off_t>(info.st_size, 0));
    char magic[kMagicBytes];
    auto got = read_stored(magic, sizeof magic);
    if (!got) return got.error();
    compressed_.assign(magic, *got);
    if (S_ISREG(info.st_mode) && size > kMagicBytes && size <= kWholeStored && is_gzip(compressed_)) {
      compressed_.resize(static_cast<std::size_t>(size));
      got = read_stored(compressed_.data() + kMagicBytes, compressed_.size() - kMagicBytes);
      if (!got) return got.error();
      compressed_.resize(kMagicBytes + *got);
    }
    body_ = compressed_;
  }
  if (is_gzip(body_) && (in_memory_ || body_.size() > kMagicBytes)) {
    whole_size_ = gzip_size_hint(body_);
    whole_ = body_.size() <= kWholeStored && whole_size_ > 0 && whole_size_ <= kWholeInflated &&
             whole_size_ <= limits_.max_inflated_bytes;
  }
  if (in_memory_) stored_ = body_.size();
  return whole_ ? Result<void>(boost::system::in_place_value) : peel();
}

Result<std::size_t> DeliveryBytes::read_stored(char* to, std::size_t size) {
  std::size_t filled = std::min(size, body_.size());
  if (filled > 0) std::memcpy(to, body_.data(), filled);
  body_.remove_prefix(filled);
  while (filled < size && !in_memory_) {
    const ssize_t got = ::read(file_, to + filled, size - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error("read");
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    stored_ += static_cast<std::uint64_t>(got);
  }
  return filled;
}

/// Level 0 is what is stored, each further one a level of gzip less.
Result<std::size_t> DeliveryBytes::read_level(std::size_t level, char* to, std::size_t size) {
  return level == 0 ? read_stored(to, size) : levels_[level - 1]->read(to, size);
}

/// Looks at the first bytes and takes off gzip for as long as there is some.
Result<void> DeliveryBytes::peel() {
  for (;;) {
    const std::size_t level = levels_.size();
    char magic[kMagicBytes];
    auto got = read_level(level, magic, sizeof magic);
    if (!got) return got.error();
    begin_.assign(magic, *got);
    if (!is_gzip(begin_) || level >= static_cast<std::size_t>(limits_.max_wrappings)) return {};
    levels_.push_back(std::make_unique<GzipStream>(
        [this, level, begin = begin_](char* to, std::size_t size) mutable -> Result<std::size_t> {
          const std::size_t first = std::min(size, begin.size());
          std::memcpy(to, begin.data(), first);
          begin.erase(0, first);
          auto rest = read_level(level, to + first, size - first);
          if (!rest) return rest;
          return first + *rest;
        },
        limits_, inflated_left_));
  }
}

Result<std::size_t> DeliveryBytes::read(char* to, std::size_t size) {
  if (std::exchange(whole_, false)) {
    const auto inflated = size >= whole_size_ ? inflate_whole(body_, to, size) : std::nullopt;
    if (inflated && !is_gzip({to, *inflated})) {
      body_ = {};
      in_memory_ = true;
      return *inflated;
    }
    if (auto peeled = peel(); !peeled) return peeled.error();
  }
  const std::size_t first = std::min(size, begin_.size() - begin_given_);
  std::memcpy(to, begin_.data() + begin_given_, first);
  begin_given_ += first;
  auto rest = read_level(levels_.size(), to + first, size - first);
  if (!rest) return rest;
  for (const auto& level : levels_) {  // trouble outside looks like truncation inside
    if (level->trouble() && !trouble_) trouble_ = level->trouble();
  }
  return first + *rest;
}

}  // namespace tripline::connectors
