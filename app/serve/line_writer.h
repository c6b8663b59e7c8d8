#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace tripline::app {

/// Writes lines to a descriptor on a thread of its own, so that a slow reader holds up nobody. Of more than
/// kMostWaiting lines that wait the newest are dropped, and counted. Threads: any. The descriptor is borrowed.
class LineWriter {
 public:
  static constexpr std::size_t kMostWaiting = 10'000;

  explicit LineWriter(int descriptor);
  /// Writes what waits, unless the reader has gone.
  ~LineWriter();
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  /// `line`: without its line feed.
  void write(std::string line);
  std::uint64_t written() const;
  std::uint64_t dropped() const;

 private:
  void run();

  int descriptor_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
  std::uint64_t written_ = 0;
  std::uint64_t dropped_ = 0;
  bool ended_ = false;
  std::jthread thread_;
};

}  // namespace tripline::app
