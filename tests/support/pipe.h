#pragma once

#include <array>
#include <cstddef>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace tripline::tests {

/// A pipe, whose ends are closed with it.
class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_reader() { close(ends_[0]); }
  void close_writer() { close(ends_[1]); }

  /// Until it is full.
  void fill() const {
    const int flags = ::fcntl(ends_[1], F_GETFL);
    ::fcntl(ends_[1], F_SETFL, flags | O_NONBLOCK);
    while (::write(ends_[1], "\n", 1) == 1) {
    }
    ::fcntl(ends_[1], F_SETFL, flags);
  }

 private:
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }

  std::array<int, 2> ends_{-1, -1};
};

/// All that comes until the other end is closed.
inline std::string read_to_end(int descriptor) {
  std::string all;
  std::array<char, 4096> bytes{};
  for (ssize_t size = 0; (size = ::read(descriptor, bytes.data(), bytes.size())) > 0;) {
    all.append(bytes.data(), static_cast<std::size_t>(size));
  }
  return all;
}

}  // namespace tripline::tests
