#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "app/config/config.h"

namespace tripline::app {

/// One `key=value` of a log line. It views its key and owns its value. Never a secret, nor anything of an event.
struct LogField {
  std::string_view key;
  std::string value;
  bool is_text = true;  // else a number, true or false

  LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
  LogField(std::string_view name, const std::string& text) : key(name), value(text) {}
  LogField(std::string_view name, const char* text) : key(name), value(text) {}
  LogField(std::string_view name, bool flag) : key(name), value(flag ? "true" : "false"), is_text(false) {}
  LogField(std::string_view name, std::integral auto number)
      : key(name), value(std::to_string(number)), is_text(false) {}
  /// In seconds, with milliseconds.
  LogField(std::string_view name, std::chrono::milliseconds duration);
};

/// What a server says of itself: a line of text or of JSON each, with time, level, message and fields. The message is
/// always the same words for the same thing; what differs stands in fields.
///
/// Of one message at most `burst` lines a window are written, by the wall clock; when its window is over a line says
/// how many were left out. Long values are cut to 1 KiB, control characters are escaped. Threads: any. A line that
/// cannot be written is lost and counted.
class Log {
 public:
  enum class Level { kDebug, kInfo, kWarning, kError };
  struct Options {
    bool json = false;
    Level least = Level::kInfo;
    int fd = 2;  // borrowed
    std::uint32_t burst = 10;
    std::chrono::seconds window{60};
    std::function<std::chrono::system_clock::time_point()> now = &std::chrono::system_clock::now;
  };
  using Fields = std::initializer_list<LogField>;

  explicit Log(Options options);
  Log(const Config::Logs& config, int fd);
  /// Says what was left out and not said yet.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void debug(std::string_view message, Fields fields = {}) { write(Level::kDebug, message, fields); }
  void info(std::string_view message, Fields fields = {}) { write(Level::kInfo, message, fields); }
  void warning(std::string_view message, Fields fields = {}) { write(Level::kWarning, message, fields); }
  void error(std::string_view message, Fields fields = {}) { write(Level::kError, message, fields); }
  void write(Level level, std::string_view message, Fields fields);

  /// Says what was left out in windows that are over; each line does so too. For a program that falls silent.
  void tick();

  std::uint64_t suppressed() const;  // lines that were left out
  std::uint64_t lost() const;        // lines that could not be written

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tripline::app
