#pragma once

#include <cstddef>
#include <string_view>

#include "app/console.h"

namespace tripline::app {

/// Writes JSON values, each on a line of its own: as NDJSON, or as the elements of one array. Borrows the console,
/// which outlives it.
class JsonLines {
 public:
  JsonLines(Console& console, bool one_array) : console_(console), one_array_(one_array) {}

  /// `line`: a JSON text as json_line() makes it.
  void value(std::string_view line);
  /// After the last value.
  void finish();

 private:
  Console& console_;
  bool one_array_;
  std::size_t values_ = 0;
};

}  // namespace tripline::app
