#pragma once

#include <cstddef>
#include <string_view>

namespace tripline::engine {

/// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text);

/// How many bytes at the beginning of `text` are well-formed: where it first is not.
std::size_t utf8_prefix(std::string_view text);

}  // namespace tripline::engine
