#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::app {

/// A piece of a delivery that could not be read; the rest of the delivery counts, and the delivery is acknowledged.
struct DeadLetter {
  std::string source;
  std::string delivery;  // a request id, a file
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;  // of the piece; `text` may hold less
  std::string code;         // ErrorCodeRow::label
  std::string reason;       // one sentence, without payload
  std::string text;         // as it came

  static constexpr std::size_t kMostText = 64 << 10;
};

/// Keeps dead letters for people to look at: `dead-letter.ndjson` in a folder, a JSON object a line, `data` in base64.
/// Of more than the bound the oldest half goes: the file is renamed to `dead-letter.1.ndjson`, over the one before.
/// Threads: one. Errors: kIo, with path and reason.
class DeadLetters {
 public:
  DeadLetters(std::string folder, std::uint64_t max_bytes);
  ~DeadLetters();
  DeadLetters(const DeadLetters&) = delete;
  DeadLetters& operator=(const DeadLetters&) = delete;

  /// Returns when they are on the disk. Some of them may be there after an error.
  engine::Result<void> add(const std::vector<DeadLetter>& letters, engine::EventTime now);

  std::uint64_t kept() const { return kept_; }                // since the start
  std::uint64_t given_up_bytes() const { return given_up_; }  // of older ones, for the bound, since the start

 private:
  engine::Result<void> open();
  engine::Result<void> turn_over();
  engine::Error error(const char* doing) const;

  std::string path_;
  std::string older_;
  std::uint64_t max_bytes_;
  int file_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t kept_ = 0;
  std::uint64_t given_up_ = 0;
};

/// One line of the file, with its line feed.
std::string line_of(const DeadLetter& letter, engine::EventTime now);

}  // namespace tripline::app
