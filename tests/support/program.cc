#include "tests/support/program.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tripline::tests {
namespace {

/// A file in memory, for one stream of the program.
class Memory {
 public:
  Memory() : fd_(::memfd_create("stream", 0)) {
    if (fd_ < 0) throw std::runtime_error("memfd_create failed");
  }
  ~Memory() { ::close(fd_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  int fd() const { return fd_; }
  void fill(std::string_view text) const {
    if (::write(fd_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      throw std::runtime_error("write failed");
    }
    ::lseek(fd_, 0, SEEK_SET);
  }
  std::string text() const {
    std::string all;
    std::array<char, 1 << 16> buffer{};
    ::lseek(fd_, 0, SEEK_SET);
    for (ssize_t n = 0; (n = ::read(fd_, buffer.data(), buffer.size())) > 0;) {
      all.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return all;
  }

 private:
  int fd_;
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (auto& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Run run_program(const std::vector<std::string>& words, std::string_view input,
                const std::vector<std::string>& environment) {
  const char* program = std::getenv("TRIPLINE_BIN");
  if (program == nullptr) throw std::runtime_error("TRIPLINE_BIN is not set");
  std::vector<std::string> all{program};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<std::string> variables = environment;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);
  const auto arguments = pointers(all);
  const auto settings = pointers(variables);
  const Memory in;
  const Memory out;
  const Memory err;
  in.fill(input);
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    ::dup2(in.fd(), 0);
    ::dup2(out.fd(), 1);
    ::dup2(err.fd(), 2);
    ::execve(program, arguments.data(), settings.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), out.text(), err.text()};
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace tripline::tests
