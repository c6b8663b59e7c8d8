#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "rules/ast.h"

namespace tripline::rules {

/// Where the text of a YAML scalar goes on in its file: behind each line's end, and behind each escape. `at` is the
/// offset in `source` of the text's first character, which stands on `line`. Empty for text that stands in the file as
/// it is, on one line. A column of 0: from there on the place is not known.
std::vector<TextLine> text_lines(std::string_view source, std::size_t at, int line, std::string_view text);

/// The place in the file of the character at `offset` of a text that begins at `first`.
Position place_in(const Position& first, const std::vector<TextLine>& lines, std::size_t offset);

}  // namespace tripline::rules
