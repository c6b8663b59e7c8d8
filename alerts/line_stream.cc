#include "alerts/line_stream.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tripline::alerts {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kLook{50};  // how often `stop` is looked at

}  // namespace

struct LineStream::Patience {
  milliseconds limit;
  Clock::time_point until;
  const std::atomic<bool>& stop;

  /// False, with the reason: nobody makes room.
  bool wait(int descriptor, std::string& why) const {
    for (;;) {
      if (stop) {
        why = "it was stopped";
        return false;
      }
      const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
      pollfd room{.fd = descriptor, .events = POLLOUT, .revents = 0};
      const int ready = ::poll(&room, 1, static_cast<int>(std::clamp(left, milliseconds{0}, kLook).count()));
      if (ready > 0) return true;  // or it is broken, which writing tells
      if (ready < 0 && errno != EINTR) {
        why = std::strerror(errno);
        return false;
      }
      if (left.count() <= 0) {
        why = "nobody has read it for " + std::to_string(limit.count()) + " ms";
        return false;
      }
    }
  }
};

LineStream::LineStream(int descriptor) : descriptor_(descriptor) {
  struct stat info {};
  if (::fstat(descriptor, &info) != 0) return;  // writing tells why
  socket_ = S_ISSOCK(info.st_mode);
  if (!S_ISFIFO(info.st_mode) && ::isatty(descriptor) == 0) return;
  const std::string name = "/proc/self/fd/" + std::to_string(descriptor);
  own_ = ::open(name.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

LineStream::~LineStream() {
  if (own_ >= 0) ::close(own_);
}

/// How many bytes are out when it ends.
std::size_t LineStream::put(std::string_view bytes, const Patience& patience, std::string& why) const {
  const int to = own_ >= 0 ? own_ : descriptor_;
  // Where the descriptor may block, no more than what has room once there is any.
  const std::size_t most = own_ >= 0 || socket_ ? bytes.size() : PIPE_BUF;
  std::size_t out = 0;
  while (out < bytes.size() && patience.wait(to, why)) {
    const auto part = bytes.substr(out, most);
    const ssize_t written = socket_ ? ::send(to, part.data(), part.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                                    : ::write(to, part.data(), part.size());
    if (written >= 0) {
      out += static_cast<std::size_t>(written);
    } else if (errno != EINTR && errno != EAGAIN) {
      why = std::strerror(errno);
      break;
    }
  }
  return out;
}

LineStream::Written LineStream::write(std::string_view lines, milliseconds limit, const std::atomic<bool>& stop) {
  const std::lock_guard lock(mutex_);
  const Patience patience{limit, Clock::now() + limit, stop};
  Written written;
  half_at_ += put(std::string_view(half_).substr(half_at_), patience, written.why);
  if (half_at_ < half_.size()) return written;
  if (!half_.empty() && lines.starts_with(half_)) {
    lines.remove_prefix(half_.size());
    ++written.lines;
  }
  half_.clear();
  half_at_ = 0;
  const std::size_t out = put(lines, patience, written.why);
  const auto whole = lines.substr(0, out);
  written.lines += static_cast<std::size_t>(std::count(whole.begin(), whole.end(), '\n'));
  const std::size_t begun = whole.rfind('\n') + 1;  // npos + 1 is 0
  if (begun < out) {
    half_ = lines.substr(begun, lines.find('\n', begun) + 1 - begun);
    half_at_ = out - begun;
  }
  return written;
}

}  // namespace tripline::alerts
