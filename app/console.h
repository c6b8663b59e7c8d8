#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/rule.h"

namespace tripline::app {

enum class Style { kPlain, kBold, kDim, kRed, kGreen, kYellow, kBlue, kMagenta };
enum class Stream { kOut, kErr };
enum class Colour { kAuto, kAlways, kNever };

Style style_of(engine::Level level);

/// Where a command writes: results to `out`, all else (errors, notes, progress) to `err`, never mixed. `out` is
/// buffered. Threads: one at a time. Owns neither descriptor.
class Console {
 public:
  /// What is known of the two streams.
  struct Streams {
    int out = 1;
    int err = 2;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    bool no_colour = false;  // the environment has NO_COLOR (https://no-color.org), or the terminal has none
    std::size_t width = 0;   // columns of the terminal; 0: unlimited
  };
  explicit Console(Streams streams) : streams_(streams) {}
  ~Console() { flush(); }
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  /// Of the process: standard output and standard error, NO_COLOR, TERM, COLUMNS.
  static Streams of_process();

  void choose_colour(Colour colour) { colour_ = colour; }

  void out(std::string_view text);
  /// One line on `err`, given without its line feed; what stands in `out` so far goes first.
  void note(std::string_view line);
  /// As note(), opened by `tripline: ` in red.
  void error(std::string_view line);
  void warning(std::string_view line);
  /// A line that the next one replaces; empty: it is taken away. Nothing when `err` is no terminal.
  void status(std::string_view line);

  /// One line, given without its line feed.
  void line(Stream stream, std::string_view text);

  /// Writes what is buffered. False: an earlier or this write failed (a full disk), and results are lost.
  bool flush();

  bool is_terminal(Stream stream) const {
    return stream == Stream::kOut ? streams_.out_is_terminal : streams_.err_is_terminal;
  }
  /// Columns that a line on the stream may take; 0: unlimited.
  std::size_t width(Stream stream) const { return is_terminal(stream) ? streams_.width : 0; }

  /// `text` in the style when the stream shows colour.
  std::string paint(Stream stream, Style style, std::string_view text) const;

 private:
  void write_err(std::string_view text);

  Streams streams_;
  Colour colour_ = Colour::kAuto;
  std::string buffer_;
  bool failed_ = false;
  bool status_shown_ = false;
};

}  // namespace tripline::app
