#pragma once

#include <cstddef>
#include <string_view>

#include "app/console.h"

namespace tripline::app {

/// Writes JSON values, each on a line of its own and safe to show (json_line.h): as NDJSON, or as the elements of one
/// array. Borrows the console, which outlives it.
class JsonLines {
 public:
  JsonLines(Console& console, bool one_array) : console_(console), one_array_(one_array) {}

  void value(std::string_view json);
  /// After the last value.
  void finish();

 private:
  Console& console_;
  bool one_array_;
  std::size_t values_ = 0;
};

}  // namespace tripline::app
