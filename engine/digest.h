#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace tripline::engine {

/// 128 bits that stand for a text: signals' ids and what is known of credentials.
struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Digest&) const = default;
};

struct DigestHash {
  std::size_t operator()(const Digest& digest) const { return static_cast<std::size_t>(digest.low); }  // it is a hash
};

/// The first 128 bits of SHA-256 over the parts, each preceded by its length, so that no two lists of parts collide by
/// concatenation. Stable: stores keep it.
Digest digest_128(std::initializer_list<std::string_view> parts);

/// 32 lower-case hexadecimal digits.
std::string to_hex(const Digest& digest);

/// What to_hex() made.
Digest from_hex(std::string_view digits);

}  // namespace tripline::engine
