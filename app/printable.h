#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tripline::app {

/// Text from logs made safe to show: control characters (C0, DEL, C1), marks that reorder or hide text, and bytes that
/// are no UTF-8 become visible escapes (`\n`, `\x1b`, `\u202e`, `\xff`), so that no log can drive a terminal.
/// Source: Unicode Standard, "Bidirectional Formatting Characters"; ECMA-48 for C0 and C1.
std::string printable(std::string_view text);

/// Columns that printable text takes on a terminal: two for wide East Asian characters, none for combining marks.
/// Source: Unicode Standard Annex #11; an approximation by block.
std::size_t display_width(std::string_view text);

/// `text` cut to at most `columns`, the last of them `…` when something was cut. `columns` is at least 1.
std::string truncated(std::string_view text, std::size_t columns);

/// One character of UTF-8 at the start of `text`: its code point and length. What is no UTF-8 has length 1 and
/// `valid` false. Requires text not empty.
struct Character {
  char32_t code;
  std::size_t length;
  bool valid;
};
Character first_character(std::string_view text);

/// Whether a terminal must never be sent this character as it is.
bool is_unsafe(char32_t code);

}  // namespace tripline::app
