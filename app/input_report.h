#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "app/console.h"
#include "connectors/record_batch.h"
#include "engine/result.h"

namespace tripline::app {

/// Names on standard error what of the input could not be read, and counts it. The first kNamed pieces are named with
/// path and offset, the rest is counted by reason, so that a broken file cannot flood the terminal.
/// Borrows the console, which outlives it.
class InputReport {
 public:
  static constexpr std::uint64_t kNamed = 20;

  explicit InputReport(Console& console) : console_(console) {}

  void set_aside(const std::string& path, const connectors::SetAside& piece);
  void warning(const std::string& path, const std::string& text);
  /// Says how much was not named. Nothing when all was.
  void finish();

  std::uint64_t pieces() const { return pieces_; }

 private:
  struct Unnamed {
    std::uint64_t pieces = 0;
    std::uint64_t bytes = 0;
  };

  Console& console_;
  std::uint64_t pieces_ = 0;
  std::uint64_t warnings_ = 0;
  std::map<engine::ErrorCode, Unnamed> unnamed_;
};

}  // namespace tripline::app
