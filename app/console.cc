#include "app/console.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/printable.h"

namespace tripline::app {
namespace {

constexpr std::size_t kBufferBytes = 64 << 10;

/// False: the system refused.
bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string_view code_of(Style style) {
  switch (style) {
    case Style::kPlain:
      return "";
    case Style::kBold:
      return "\x1b[1m";
    case Style::kDim:
      return "\x1b[2m";
    case Style::kRed:
      return "\x1b[31m";
    case Style::kGreen:
      return "\x1b[32m";
    case Style::kYellow:
      return "\x1b[33m";
    case Style::kBlue:
      return "\x1b[34m";
    case Style::kMagenta:
      return "\x1b[1;35m";
  }
  return "";
}

std::size_t terminal_width(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* columns = std::getenv("COLUMNS");
  const int stated = columns ? std::atoi(columns) : 0;
  return stated > 0 ? static_cast<std::size_t>(stated) : 80;
}

}  // namespace

Style style_of(engine::Level level) {
  switch (level) {
    case engine::Level::kInformational:
      return Style::kDim;
    case engine::Level::kLow:
      return Style::kBlue;
    case engine::Level::kMedium:
      return Style::kYellow;
    case engine::Level::kHigh:
      return Style::kRed;
    case engine::Level::kCritical:
      return Style::kMagenta;
  }
  return Style::kPlain;
}

Console::Streams Console::of_process() {
  Streams streams;
  streams.out_is_terminal = ::isatty(streams.out) == 1;
  streams.err_is_terminal = ::isatty(streams.err) == 1;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  streams.no_colour = (no_colour && *no_colour) || (term && std::string_view(term) == "dumb");
  if (streams.out_is_terminal || streams.err_is_terminal) {
    streams.width = terminal_width(streams.out_is_terminal ? streams.out : streams.err);
  }
  return streams;
}

std::string Console::paint(Stream stream, Style style, std::string_view text) const {
  const bool shows = colour_ == Colour::kAuto ? is_terminal(stream) && !streams_.no_colour : colour_ == Colour::kAlways;
  if (!shows || style == Style::kPlain) return std::string(text);
  return std::string(code_of(style)).append(text).append("\x1b[0m");
}

void Console::out(std::string_view text) {
  if (status_shown_ && streams_.out_is_terminal) status("");
  buffer_ += text;
  if (buffer_.size() >= kBufferBytes) flush();
}

bool Console::flush() {
  if (!failed_ && !write_all(streams_.out, buffer_)) failed_ = true;
  buffer_.clear();
  return !failed_;
}

void Console::write_err(std::string_view text) {
  flush();
  write_all(streams_.err, text);  // nowhere is left to say that this failed
}

void Console::note(std::string_view line) {
  status("");
  write_err(std::string(line) + "\n");
}

void Console::line(Stream stream, std::string_view text) {
  if (stream == Stream::kErr) return note(text);
  out(text);
  out("\n");
}

void Console::error(std::string_view line) { note(paint(Stream::kErr, Style::kRed, "tripline: ") + printable(line)); }

void Console::warning(std::string_view line) {
  note(paint(Stream::kErr, Style::kYellow, "tripline: warning: ") + printable(line));
}

void Console::status(std::string_view line) {
  if (!streams_.err_is_terminal || (line.empty() && !status_shown_)) return;
  write_err("\r\x1b[K" + std::string(line));
  status_shown_ = !line.empty();
}

}  // namespace tripline::app
