#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tripline::engine {

// Letter case is folded for ASCII alone (docs/architecture.md, "Fields"): matcher, filters and index must agree on it.
// Folding keeps a text's length, and no byte of a multi-byte character changes. In all that follows `folded` is folded
// already and `text` is not; every function takes many bytes a step, so that long texts cost no loop over bytes.

constexpr char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string fold(std::string_view text);

/// Folds the eight bytes of a word.
constexpr std::uint64_t fold8(std::uint64_t word) {
  constexpr auto repeat = [](unsigned byte) { return 0x0101010101010101ULL * byte; };
  const std::uint64_t low = word & repeat(0x7f);
  const std::uint64_t from_a = low + repeat(0x80 - 'A');  // the top bit of a lane: at least 'A'
  const std::uint64_t past_z = low + repeat(0x80 - 'Z' - 1);
  const std::uint64_t upper = from_a & ~past_z & ~word & repeat(0x80);
  return word + (upper >> 2);  // 0x80 >> 2 is the bit between the cases
}

bool equals_folded(std::string_view text, std::string_view folded);
bool starts_with_folded(std::string_view text, std::string_view folded);
bool ends_with_folded(std::string_view text, std::string_view folded);
bool contains_folded(std::string_view text, std::string_view folded);

/// Where `folded` first occurs at or after `from`; std::string_view::npos when it does not.
std::size_t find_folded(std::string_view text, std::string_view folded, std::size_t from = 0);

/// Equal for texts that differ in ASCII letter case only.
std::uint64_t hash_folded(std::string_view text);

/// Hashes and compares a set's texts without regard to ASCII letter case; finds by string_view.
struct FoldedHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return hash_folded(text); }
};
struct FoldedEqual {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

}  // namespace tripline::engine
