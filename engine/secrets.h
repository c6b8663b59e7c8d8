#pragma once

#include <span>
#include <string_view>

namespace tripline::engine {

/// Whether a field holds what may not be shown: keys, tokens and passwords, told by the last step of its path. Letter
/// case aside. Key ids (`accessKeyId`) are no secrets.
bool is_secret(std::string_view path);

/// Whether some JSON text, or the query of a URL, has a key that is_secret(). May say yes where such a word is only a
/// value.
bool holds_secret(std::string_view json);

/// The ends of key names that is_secret() goes by, in lower case.
std::span<const std::string_view> secret_endings();

}  // namespace tripline::engine
