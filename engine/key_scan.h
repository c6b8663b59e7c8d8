#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace tripline::engine {

inline constexpr std::size_t kKeyBlock = 64;
inline constexpr std::size_t kKeyStretch = 64 * kKeyBlock;

/// The last two letters of keys, of which a scan finds those that it may see. Over-approximates from nine keys on, and
/// before that where letters share their halves.
class KeyTails {
 public:
  /// `key`: at least two letters.
  void add(std::string_view key);

  /// By the lower and the upper half of a byte; a bit is a set of keys. Of the last letter, and of the one before it.
  struct Letter {
    alignas(64) std::array<std::uint8_t, 64> low{};  // four times the same 16, for wide registers
    alignas(64) std::array<std::uint8_t, 64> high{};
  };
  Letter last;
  Letter before_last;

 private:
  std::uint8_t next_ = 1;
};

/// What a scan found in a stretch of text.
struct Keys {
  std::uint32_t count = 0;
  std::array<std::uint32_t, kKeyStretch + kKeyBlock> colons;  // places of the colons behind keys, ascending
  /// Whether there is a byte that is not ASCII, a control byte, a `\u`, or a blank behind a quote.
  bool odd = false;
};

/// Finds, in `size` bytes from `data` on, at most kKeyStretch, the colons right behind a quote and one of the tails,
/// whether they stand in a string or not. Up to kKeyBlock bytes behind the end are read, the last three bytes before
/// `data` are not: a key that ends there is not found. AVX-512 or AVX2 is used where the machine has it.
void scan_keys(const char* data, std::size_t size, const KeyTails& tails, Keys& keys);

/// The first `"` or `\` at or after `at`, before `end`; `end` when there is none. Reads up to 15 bytes behind `end`.
inline const char* find_quote_or_escape(const char* at, const char* end) {
#if defined(__x86_64__)
  for (; at < end; at += 16) {
    const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const int found =
        _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8('"')), _mm_cmpeq_epi8(c, _mm_set1_epi8('\\'))));
    if (found != 0) return std::min(at + __builtin_ctz(static_cast<unsigned>(found)), end);
  }
  return end;
#else
  return std::find_if(at, end, [](char c) { return c == '"' || c == '\\'; });
#endif
}

/// Whether scan_keys is faster than parsing: the machine has AVX2 and BMI2.
bool key_scan_is_fast();

/// The same as scan_keys without SIMD.
void scan_keys_portable(const char* data, std::size_t size, const KeyTails& tails, Keys& keys);

}  // namespace tripline::engine
