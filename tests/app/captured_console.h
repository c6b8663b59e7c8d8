#pragma once

#include <array>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "app/console.h"

namespace tripline::app {

/// A Console that writes into memory, for tests.
class CapturedConsole {
 public:
  explicit CapturedConsole(bool terminal = false, std::size_t width = 0)
      : out_(::memfd_create("out", 0)),
        err_(::memfd_create("err", 0)),
        console_({.out = out_,
                  .err = err_,
                  .out_is_terminal = terminal,
                  .err_is_terminal = terminal,
                  .no_colour = false,
                  .width = width}) {}
  ~CapturedConsole() {
    console_.flush();
    ::close(out_);
    ::close(err_);
  }

  Console& console() { return console_; }
  std::string out() {
    console_.flush();
    return read_all(out_);
  }
  std::string err() { return read_all(err_); }

 private:
  static std::string read_all(int fd) {
    std::string text;
    std::array<char, 4096> buffer;
    ::lseek(fd, 0, SEEK_SET);
    for (ssize_t n; (n = ::read(fd, buffer.data(), buffer.size())) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(n));
    return text;
  }

  int out_;
  int err_;
  Console console_;
};

}  // namespace tripline::app
