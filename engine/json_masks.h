#pragma once

#include <cstdint>

namespace tripline::engine {

// What scanners of JSON text make of one block's masks, a bit a byte, the lowest for the first byte.

/// The bytes that a backslash escapes; `carry`: 1 when the next block's first byte is one. An odd run of backslashes
/// escapes what follows it. Source: Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 3.1.1.
[[gnu::always_inline]] inline std::uint64_t find_escaped(std::uint64_t backslash, std::uint64_t& carry) {
  if (backslash == 0) {
    const std::uint64_t escaped = carry;
    carry = 0;
    return escaped;
  }
  constexpr std::uint64_t kEven = 0x5555555555555555;
  backslash &= ~carry;
  const std::uint64_t follows = backslash << 1 | carry;
  const std::uint64_t odd_starts = backslash & ~kEven & ~follows;
  unsigned long long even_sequences = 0;
  carry = __builtin_uaddll_overflow(odd_starts, backslash, &even_sequences) ? 1 : 0;
  return (kEven ^ (std::uint64_t{even_sequences} << 1)) & follows;
}

/// Bit i becomes the exclusive or of bits 0 to i: between an opening quote and its closing one all bits are set.
[[gnu::always_inline]] inline std::uint64_t prefix_xor(std::uint64_t bits) {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return bits;
}

}  // namespace tripline::engine
