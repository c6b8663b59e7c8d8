#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tripline::engine {

/// Appends one value, preceded by its length, so that no two lists of values have one key by concatenation. The key of
/// a list followed by another's is the key of both together.
void append_to_key(std::string& key, std::string_view value);

std::string group_key(const std::vector<std::string>& values);

/// The values of a key that group_key() made.
std::vector<std::string> values_of_key(std::string_view key);

}  // namespace tripline::engine
