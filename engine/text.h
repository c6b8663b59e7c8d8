#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tripline::engine {

/// Letter case is folded for ASCII alone (design, "Rules and time"): matcher, filters and index must agree on it.
constexpr char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string fold(std::string_view text);

/// `folded` is already folded; `text` is not.
bool equals_folded(std::string_view text, std::string_view folded);
bool starts_with_folded(std::string_view text, std::string_view folded);
bool ends_with_folded(std::string_view text, std::string_view folded);
bool contains_folded(std::string_view text, std::string_view folded);

/// Equal for texts that differ in ASCII letter case only.
std::uint64_t hash_folded(std::string_view text);

}  // namespace tripline::engine
