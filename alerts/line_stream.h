#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace tripline::alerts {

/// Lines for whoever reads a descriptor: a terminal, a pipe, a socket or a file. A reader that has stopped holds up
/// nobody for longer than is said. The descriptor is borrowed, and stays as it was, as other processes may share it.
/// Threads: any; one writes at a time.
class LineStream {
 public:
  /// What became of lines: so many of the first are out, and why not all of them.
  struct Written {
    std::size_t lines = 0;
    std::string why{};  // empty: all are
  };

  explicit LineStream(int descriptor);
  ~LineStream();
  LineStream(const LineStream&) = delete;
  LineStream& operator=(const LineStream&) = delete;

  /// Whole lines, each with its line feed. What an earlier call left of a line goes out first; if `lines` begin with
  /// that line, it is not written anew. Ends soon after `stop` is set.
  Written write(std::string_view lines, std::chrono::milliseconds limit, const std::atomic<bool>& stop);

 private:
  struct Patience;
  std::size_t put(std::string_view bytes, const Patience& patience, std::string& why) const;

  int descriptor_;
  int own_ = -1;  // the same pipe or terminal, opened anew, so that it alone does not block
  bool socket_ = false;
  std::mutex mutex_;
  std::string half_;  // a line of which half is out
  std::size_t half_at_ = 0;
};

}  // namespace tripline::alerts
