#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "app/console.h"
#include "app/progress.h"
#include "app/read_records.h"
#include "connectors/file_source.h"
#include "engine/result.h"

namespace tripline::app {

/// What a command says, on standard error, of the input that it reads: progress; what could not be read, by name; and
/// at the end how much it was. The first kNamed pieces that were set aside are named with path and offset, the rest is
/// counted by reason, so that a broken file cannot flood the terminal. Borrows the console, which outlives it.
class InputReport {
 public:
  static constexpr std::uint64_t kNamed = 20;
  static constexpr std::uint64_t kWarnings = 5;  // that are shown; the rest is counted

  explicit InputReport(Console& console) : console_(console), start_(Progress::Clock::now()) {}

  /// Hears of the run over `source`; both must outlive it.
  InputListener listener(const connectors::FileSource& source, bool shows_progress);

  void set_aside(const std::string& path, const connectors::SetAside& piece);
  void warning(const std::string& path, const std::string& text);

  /// Takes the progress away and says how much was set aside without being named.
  void finish();
  /// Events, files, bytes and rate; what was skipped or set aside.
  void summary(const InputTotals& totals, const connectors::FileSource& source) const;

  std::uint64_t pieces() const { return pieces_; }

 private:
  struct Unnamed {
    std::uint64_t pieces = 0;
    std::uint64_t bytes = 0;
  };

  Console& console_;
  Progress::Clock::time_point start_;
  std::uint64_t pieces_ = 0;
  std::uint64_t warnings_ = 0;
  std::map<engine::ErrorCode, std::uint64_t> by_code_;
  std::map<engine::ErrorCode, Unnamed> unnamed_;
};

}  // namespace tripline::app
