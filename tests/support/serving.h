#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace tripline::tests {

/// A `tripline serve` (TRIPLINE_BIN) of its own process group, ready once it is constructed. It is killed at the end.
class Serving {
 public:
  /// `words`: after `serve`. `standard_output`: a descriptor that it gets; -1: out() has what it writes. Throws when it
  /// ends before it listens, with what it said.
  explicit Serving(const std::vector<std::string>& words, int standard_output = -1);
  ~Serving();
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  pid_t pid() const { return child_; }

  void send_signal(int signal) const;
  /// Its exit code; 128 and the signal's number when a signal ended it.
  int wait();
  /// SIGTERM, then wait().
  int stop();

  /// What it has said on standard error, and written to standard output.
  std::string said() const;
  std::string out() const;

 private:
  void read_on(int descriptor, std::string& into);

  pid_t child_ = -1;
  std::uint16_t port_ = 0;
  int code_ = -1;
  mutable std::mutex mutex_;
  std::string said_;
  std::string out_;
  std::vector<std::thread> readers_;
};

}  // namespace tripline::tests
