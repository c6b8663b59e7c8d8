#pragma once

#include <string>
#include <string_view>

namespace tripline::app {

/// A JSON text on one line, safe to show: white space between tokens is taken away, what would drive a terminal
/// (printable.h) is written as `\u…`, which reads back as the same, and bytes that are no UTF-8 become U+FFFD; all else
/// stays byte for byte. Requires valid JSON but for such bytes.
std::string json_line(std::string_view json);

}  // namespace tripline::app
