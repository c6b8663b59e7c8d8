#pragma once

#include <string_view>
#include <vector>

#include "connectors/json_splitter.h"

namespace tripline::tests {

/// What connectors::JsonSplitter finds in a text, byte by byte and with all of the text at hand. Texts under 4 MiB.
std::vector<connectors::Piece> split_slowly(std::string_view text, const connectors::JsonSplitter::Options& options);

}  // namespace tripline::tests
