#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tripline::app {

/// Which of many like log lines are written: of one message so many a window. A window begins with the first line that
/// comes when there is none. Time is passed in and may step. Memory: an entry a message whose window is not over.
/// Threads: one at a time.
class LogRepeats {
 public:
  using Time = std::chrono::system_clock::time_point;
  /// Lines that a window left out.
  struct Left {
    std::string message;
    int level;
    std::uint64_t count;
    bool operator==(const Left&) const = default;
  };

  LogRepeats(std::uint32_t burst, std::chrono::seconds window) : burst_(burst), window_(window) {}

  /// Whether the line is written.
  bool admit(std::string_view message, int level, Time now);
  /// Ends the windows that are over. What they left out, in order of message.
  std::vector<Left> take_over(Time now);
  /// Ends all of them.
  std::vector<Left> take_all();

  std::uint64_t suppressed() const { return suppressed_; }

 private:
  struct Window {
    Time began;
    int level;
    std::uint64_t lines = 0;
  };
  template <class Ends>
  std::vector<Left> take(const Ends& ends);

  const std::uint32_t burst_;
  const std::chrono::seconds window_;
  std::map<std::string, Window, std::less<>> windows_;
  std::uint64_t suppressed_ = 0;
};

}  // namespace tripline::app
