#pragma once

#include <span>
#include <string_view>

namespace tripline::engine {

/// What stands in the place of a secret, wherever it is shown or stored.
inline constexpr std::string_view kSecret = "(secret)";

/// Whether a field holds what may not be shown: keys, tokens and passwords, told by the last step of its path. Letter
/// case aside. Key ids (`accessKeyId`) are no secrets.
bool is_secret(std::string_view path);

/// Whether some JSON text, or the query of a URL, has a key that is_secret(), or one whose letters are escaped so that
/// nobody can tell. May say yes where such a word is only a value.
bool holds_secret(std::string_view json);

/// The same for any text: what is neither holds none.
bool may_hold_secret(std::string_view text);

/// Lists of settings name a secret beside it: `{"name": "DB_PASSWORD", "value": ...}`. Whether a key is one whose value
/// names a setting, or a path ends in one that holds what it is set to. Letter case aside.
bool names_setting(std::string_view key);
bool is_setting(std::string_view path);

/// The ends of key names that is_secret() goes by, in lower case.
std::span<const std::string_view> secret_endings();

}  // namespace tripline::engine
