#pragma once

#include <string_view>

namespace tripline::engine {

/// Whether a field holds what may not be shown: keys, tokens and passwords, told by the last step of its path. Letter
/// case aside. Key ids (`accessKeyId`) are no secrets.
bool is_secret(std::string_view path);

/// Whether some JSON text has a key that is_secret(). May say yes where such a word is only a value.
bool holds_secret(std::string_view json);

}  // namespace tripline::engine
