#pragma once

#include <cstddef>
#include <cstdint>

namespace tripline::engine {

inline constexpr std::size_t kTokenBlock = 64;

/// What the blocks before tell about the next one. All zero: nothing stands before it.
struct TokenState {
  std::uint64_t in_string = 0;  // all ones when the next block begins inside a string
  std::uint64_t escaped = 0;    // 1 when its first byte is escaped
  // The block before, a bit a byte, outside strings: closing quotes, } and ]; scalars' bytes; { and [; comma and colon.
  std::uint64_t done = 0, scalar = 0, open = 0, separator = 0;
};

/// One bit a byte of a block, the lowest for the first byte. All but `escapes` outside strings.
struct TokenMarks {
  std::uint64_t colons = 0;
  std::uint64_t scalars = 0;  // where true, false, null, a number or a run of anything else begins
  std::uint64_t escapes = 0;  // what a backslash in a string escapes
  /// Where the text leaves the form that record filters read: a byte that is not ASCII, a control byte, and a value, a
  /// closing bracket, a comma or colon that no JSON text without white space has behind the byte before it. That a
  /// colon follows a string, and a scalar no brace, is left to who looks at them.
  std::uint64_t other = 0;
};

/// Marks `blocks` blocks of text, 64 bytes each, from `data` on. AVX-512 or AVX2 is used where the machine has it.
void scan_tokens(const char* data, std::size_t blocks, TokenState& state, TokenMarks* marks);

/// Whether scan_tokens is faster than parsing: the machine has AVX2 and BMI2.
bool token_scan_is_fast();

/// The same as scan_tokens without SIMD.
void scan_tokens_portable(const char* data, std::size_t blocks, TokenState& state, TokenMarks* marks);

}  // namespace tripline::engine
