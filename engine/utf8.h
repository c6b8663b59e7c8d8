#pragma once

#include <cstddef>
#include <string_view>

namespace tripline::engine {

/// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text);

/// How many bytes at the beginning of `text` are well-formed: where it first is not.
std::size_t utf8_prefix(std::string_view text);

/// At most the first `bytes` bytes of well-formed UTF-8, without the character that they would cut.
std::string_view cut_utf8(std::string_view text, std::size_t bytes);

}  // namespace tripline::engine
