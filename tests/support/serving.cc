#include "tests/support/serving.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

namespace tripline::tests {
namespace {

constexpr std::string_view kAddress = "http://127.0.0.1:";

/// The port of the first address in what was said; 0: none is there yet.
std::uint16_t port_in(std::string_view said) {
  const auto at = said.find(kAddress);
  if (at == std::string_view::npos) return 0;
  const std::string digits(said.substr(at + kAddress.size(), 6));
  const bool whole = digits.find_first_not_of("0123456789") != std::string::npos;
  return whole ? static_cast<std::uint16_t>(std::strtoul(digits.c_str(), nullptr, 10)) : std::uint16_t{0};
}

}  // namespace

Serving::Serving(const std::vector<std::string>& words, int standard_output) {
  const char* program = std::getenv("TRIPLINE_BIN");
  if (program == nullptr) throw std::runtime_error("TRIPLINE_BIN is not set");
  std::vector<std::string> all{program, "serve"};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (auto& word : all) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::array<int, 2> out{}, err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  child_ = ::fork();
  if (child_ < 0) throw std::runtime_error("fork failed");
  if (child_ == 0) {
    ::setpgid(0, 0);
    ::dup2(standard_output < 0 ? out[1] : standard_output, 1);
    ::dup2(err[1], 2);
    ::execv(program, arguments.data());
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  // Until it listens, or ends.
  std::array<char, 4096> bytes{};
  while (port_ == 0) {
    const ssize_t size = ::read(err[0], bytes.data(), bytes.size());
    if (size <= 0) break;
    said_.append(bytes.data(), static_cast<std::size_t>(size));
    port_ = port_in(said_);
  }
  readers_.emplace_back([this, descriptor = out[0]] { read_on(descriptor, out_); });
  readers_.emplace_back([this, descriptor = err[0]] { read_on(descriptor, said_); });
  if (port_ != 0) return;
  const int code = wait();
  throw std::runtime_error("tripline serve ended with " + std::to_string(code) + ": " + said());
}

Serving::~Serving() {
  if (code_ < 0) {
    send_signal(SIGKILL);
    wait();
  }
}

void Serving::read_on(int descriptor, std::string& into) {
  std::array<char, 4096> bytes{};
  for (ssize_t size = 0; (size = ::read(descriptor, bytes.data(), bytes.size())) > 0;) {
    const std::lock_guard lock(mutex_);
    into.append(bytes.data(), static_cast<std::size_t>(size));
  }
  ::close(descriptor);
}

void Serving::send_signal(int signal) const { ::kill(child_, signal); }

int Serving::wait() {
  if (code_ >= 0) return code_;
  int status = 0;
  ::waitpid(child_, &status, 0);
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  for (auto& reader : readers_) reader.join();
  return code_;
}

int Serving::stop() {
  send_signal(SIGTERM);
  return wait();
}

std::string Serving::said() const {
  const std::lock_guard lock(mutex_);
  return said_;
}

std::string Serving::out() const {
  const std::lock_guard lock(mutex_);
  return out_;
}

}  // namespace tripline::tests
