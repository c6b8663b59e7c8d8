#pragma once

#include <string_view>

namespace tripline::engine {

/// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text);

}  // namespace tripline::engine
