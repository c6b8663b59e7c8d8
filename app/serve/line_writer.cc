#include "app/serve/line_writer.h"

#include <cerrno>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace tripline::app {

LineWriter::LineWriter(int descriptor) : descriptor_(descriptor), thread_([this] { run(); }) {}

LineWriter::~LineWriter() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void LineWriter::write(std::string line) {
  const std::lock_guard lock(mutex_);
  if (lines_.size() >= kMostWaiting) {
    ++dropped_;
    return;
  }
  lines_.push_back(std::move(line));
  changed_.notify_all();
}

void LineWriter::run() {
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || !lines_.empty(); });
    if (lines_.empty()) return;
    const std::string line = std::move(lines_.front()) + "\n";
    lines_.pop_front();
    lock.unlock();
    bool failed = false;
    for (std::string_view rest = line; !rest.empty() && !failed;) {
      const ssize_t size = ::write(descriptor_, rest.data(), rest.size());
      if (size > 0) rest.remove_prefix(static_cast<std::size_t>(size));
      failed = size < 0 && errno != EINTR;
    }
    lock.lock();
    ++(failed ? dropped_ : written_);
  }
}

std::uint64_t LineWriter::written() const {
  const std::lock_guard lock(mutex_);
  return written_;
}

std::uint64_t LineWriter::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

}  // namespace tripline::app
