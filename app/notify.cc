#include "app/notify.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

namespace tripline::app {
namespace {

std::optional<std::int64_t> number_of(const char* text) {
  if (text == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const char* end = text + std::strlen(text);
  const auto [rest, error] = std::from_chars(text, end, number);
  if (error != std::errc{} || rest != end || number <= 0) return std::nullopt;
  return number;
}

}  // namespace

Notify Notify::of_process() {
  const char* socket = std::getenv("NOTIFY_SOCKET");
  const auto interval = number_of(std::getenv("WATCHDOG_USEC"));
  const char* whose = std::getenv("WATCHDOG_PID");
  const bool ours = whose == nullptr || number_of(whose) == ::getpid();
  std::optional<std::chrono::microseconds> watchdog;
  if (interval && ours) watchdog = std::chrono::microseconds{*interval};
  return Notify(socket == nullptr ? "" : socket, watchdog);
}

bool Notify::reloading() const {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t microseconds = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  return send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

bool Notify::status(std::string_view line) const {
  std::string text(line);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return send("STATUS=" + text);
}

bool Notify::send(std::string_view message) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool known = socket_.starts_with('/') || socket_.starts_with('@');
  if (!known || socket_.size() >= sizeof(address.sun_path)) return false;
  socket_.copy(address.sun_path, socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const ssize_t sent = ::sendto(fd, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                                reinterpret_cast<const sockaddr*>(&address), length);
  ::close(fd);
  return sent == static_cast<ssize_t>(message.size());
}

}  // namespace tripline::app
