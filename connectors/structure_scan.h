#pragma once

#include <cstddef>
#include <cstdint>

namespace tripline::connectors {

inline constexpr std::size_t kBlockBytes = 64;

/// What the blocks before tell about the next one. All zero: the next byte is outside any string.
struct ScanState {
  std::uint64_t in_string = 0;     // all ones when the next block begins inside a string
  std::uint64_t escaped = 0;       // 1 when its first byte is escaped
  std::uint64_t after_string = 0;  // 1 when the byte before it closed a string
};

/// One bit a byte of a block, the lowest for the first byte.
struct BlockMarks {
  std::uint64_t brackets = 0;  // { } [ ] outside strings
  std::uint64_t broken = 0;  // bytes that no JSON text has there: behind a closing quote, and none of , : ] } or space
};

/// Marks `blocks` blocks of JSON text, 64 bytes each, from `data` on. A quote too many or too few shows as `broken`
/// within a string or two, as the texts then seem to stand outside and begin with letters.
/// A backslash escapes a quote or backslash behind it, within strings or not. AVX-512 or AVX2 is used where the machine
/// has it, else SSE2.
void scan_blocks(const char* data, std::size_t blocks, ScanState& state, BlockMarks* marks);

/// The same without SIMD, for other machines and as the tests' oracle.
void scan_blocks_portable(const char* data, std::size_t blocks, ScanState& state, BlockMarks* marks);

}  // namespace tripline::connectors
