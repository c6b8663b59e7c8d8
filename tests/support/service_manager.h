#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace tripline::tests {

/// The service manager's side: a datagram socket, by path or by abstract name.
class ServiceManager {
 public:
  explicit ServiceManager(const std::string& name) : name_(name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, name.size());
    if (name.front() == '@') {
      address.sun_path[0] = '\0';
    } else {
      ::unlink(name.c_str());
    }
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), length) != 0) throw std::runtime_error("cannot bind");
  }
  ~ServiceManager() {
    ::close(fd_);
    if (name_.front() != '@') ::unlink(name_.c_str());
  }
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  /// The next message that is there; `-`: there is none.
  std::string next() { return receive(MSG_DONTWAIT); }
  /// Waits for it, at most half a minute.
  std::string wait_for_next() {
    const timeval patience{.tv_sec = 30, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return receive(0);
  }

 private:
  std::string receive(int flags) {
    std::array<char, 512> buffer;
    const ssize_t n = ::recv(fd_, buffer.data(), buffer.size(), flags);
    return n < 0 ? "-" : std::string(buffer.data(), static_cast<std::size_t>(n));
  }

  const std::string name_;
  const int fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

}  // namespace tripline::tests
