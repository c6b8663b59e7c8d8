#include "connectors/structure_scan.h"

#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tripline::connectors {
namespace {

/// Where bytes of a kind are in one block, strings or not.
struct ByteMasks {
  std::uint64_t backslash = 0;
  std::uint64_t quote = 0;
  std::uint64_t bracket = 0;
  std::uint64_t follow = 0;  // what may follow a string: , : ] } and anything up to a blank
};

/// The bytes that a backslash escapes. An odd run of backslashes escapes what follows it.
/// Source: Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 3.1.1.
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

/// What the quotes of one block (those that no backslash escapes) and the state before it make of it; `in_quotes` is
/// prefix_xor of the quotes.
[[gnu::always_inline]] inline BlockMarks mark(const ByteMasks& bytes, std::uint64_t quote, std::uint64_t in_quotes,
                                              ScanState& state) {
  const std::uint64_t in_string = in_quotes ^ state.in_string;  // opening quotes too, closing ones not
  const std::uint64_t closing = quote & ~in_string;
  const std::uint64_t after_string = closing << 1 | state.after_string;
  state.in_string = std::uint64_t{0} - (in_string >> 63);
  state.after_string = closing >> 63;
  return {bytes.bracket & ~in_string, after_string & ~bytes.follow};
}

[[gnu::always_inline]] inline std::uint64_t unescaped_quotes(const ByteMasks& bytes, ScanState& state) {
  return bytes.quote & ~find_escaped(bytes.backslash, state.escaped);
}

[[gnu::always_inline]] inline BlockMarks mark(const ByteMasks& bytes, ScanState& state) {
  const std::uint64_t quote = unescaped_quotes(bytes, state);
  return mark(bytes, quote, prefix_xor(quote), state);
}

enum ByteKind : std::uint8_t { kBackslash = 1, kQuote = 2, kBracket = 4, kFollow = 8 };

constexpr std::array<std::uint8_t, 256> kKinds = [] {
  std::array<std::uint8_t, 256> kinds{};
  for (std::size_t c = 0; c <= ' '; ++c) kinds[c] = kFollow;
  kinds[','] = kinds[':'] = kFollow;
  kinds['}'] = kinds[']'] = kBracket | kFollow;
  kinds['{'] = kinds['['] = kBracket;
  kinds['\\'] = kBackslash;
  kinds['"'] = kQuote;
  return kinds;
}();

ByteMasks masks_portable(const char* data) {
  ByteMasks masks;
  for (std::size_t i = 0; i < kBlockBytes; ++i) {
    const std::uint8_t kinds = kKinds[static_cast<unsigned char>(data[i])];
    masks.backslash |= std::uint64_t{(kinds & kBackslash) != 0} << i;
    masks.quote |= std::uint64_t{(kinds & kQuote) != 0} << i;
    masks.bracket |= std::uint64_t{(kinds & kBracket) != 0} << i;
    masks.follow |= std::uint64_t{(kinds & kFollow) != 0} << i;
  }
  return masks;
}

#if defined(__x86_64__)

[[gnu::always_inline]] inline std::uint64_t bits_of(__m128i a) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(a));
}

[[gnu::always_inline]] inline ByteMasks masks_sse2(const char* data) {
  ByteMasks masks;
  for (int i = 0; i < 4; ++i) {
    const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + 16 * i));
    const __m128i lower = _mm_or_si128(c, _mm_set1_epi8(0x20));  // [ and { are one bit apart, so are ] and }
    const __m128i close = _mm_cmpeq_epi8(lower, _mm_set1_epi8('}'));
    const __m128i open = _mm_cmpeq_epi8(lower, _mm_set1_epi8('{'));
    const __m128i blank = _mm_cmpeq_epi8(_mm_min_epu8(c, _mm_set1_epi8(' ')), c);
    const __m128i separator =
        _mm_or_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8(',')), _mm_cmpeq_epi8(c, _mm_set1_epi8(':')));
    const int shift = 16 * i;
    masks.backslash |= bits_of(_mm_cmpeq_epi8(c, _mm_set1_epi8('\\'))) << shift;
    masks.quote |= bits_of(_mm_cmpeq_epi8(c, _mm_set1_epi8('"'))) << shift;
    masks.bracket |= bits_of(_mm_or_si128(open, close)) << shift;
    masks.follow |= bits_of(_mm_or_si128(_mm_or_si128(separator, blank), close)) << shift;
  }
  return masks;
}

void scan_sse2(const char* data, std::size_t blocks, ScanState& state, BlockMarks* marks) {
  ScanState local = state;
  for (std::size_t i = 0; i < blocks; ++i) marks[i] = mark(masks_sse2(data + i * kBlockBytes), local);
  state = local;
}

[[gnu::target("avx2"), gnu::always_inline]] inline std::uint64_t bits_of(__m256i a) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(a));
}

[[gnu::target("avx2"), gnu::always_inline]] inline ByteMasks masks_avx2(const char* data) {
  ByteMasks masks;
  for (int i = 0; i < 2; ++i) {
    const __m256i c = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + 32 * i));
    const __m256i lower = _mm256_or_si256(c, _mm256_set1_epi8(0x20));
    const __m256i close = _mm256_cmpeq_epi8(lower, _mm256_set1_epi8('}'));
    const __m256i open = _mm256_cmpeq_epi8(lower, _mm256_set1_epi8('{'));
    const __m256i blank = _mm256_cmpeq_epi8(_mm256_min_epu8(c, _mm256_set1_epi8(' ')), c);
    const __m256i separator =
        _mm256_or_si256(_mm256_cmpeq_epi8(c, _mm256_set1_epi8(',')), _mm256_cmpeq_epi8(c, _mm256_set1_epi8(':')));
    const int shift = 32 * i;
    masks.backslash |= bits_of(_mm256_cmpeq_epi8(c, _mm256_set1_epi8('\\'))) << shift;
    masks.quote |= bits_of(_mm256_cmpeq_epi8(c, _mm256_set1_epi8('"'))) << shift;
    masks.bracket |= bits_of(_mm256_or_si256(open, close)) << shift;
    masks.follow |= bits_of(_mm256_or_si256(_mm256_or_si256(separator, blank), close)) << shift;
  }
  return masks;
}

[[gnu::target("avx2")]] void scan_avx2(const char* data, std::size_t blocks, ScanState& state, BlockMarks* marks) {
  ScanState local = state;
  for (std::size_t i = 0; i < blocks; ++i) marks[i] = mark(masks_avx2(data + i * kBlockBytes), local);
  state = local;
}

#define TRIPLINE_AVX512 gnu::target("avx512f,avx512bw,pclmul")

[[TRIPLINE_AVX512, gnu::always_inline]] inline ByteMasks masks_avx512(const char* data) {
  const __m512i c = _mm512_loadu_si512(data);
  const __m512i lower = _mm512_or_si512(c, _mm512_set1_epi8(0x20));
  const std::uint64_t close = _mm512_cmpeq_epi8_mask(lower, _mm512_set1_epi8('}'));
  const std::uint64_t open = _mm512_cmpeq_epi8_mask(lower, _mm512_set1_epi8('{'));
  const std::uint64_t blank = _mm512_cmple_epu8_mask(c, _mm512_set1_epi8(' '));
  const std::uint64_t separator =
      _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8(',')) | _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8(':'));
  return {_mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8('\\')), _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8('"')),
          open | close, separator | blank | close};
}

/// prefix_xor as one carry-less multiplication by all ones.
[[TRIPLINE_AVX512, gnu::always_inline]] inline std::uint64_t prefix_xor_by_clmul(std::uint64_t bits) {
  const __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128(static_cast<long long>(bits)), _mm_set1_epi8(-1), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

[[TRIPLINE_AVX512]] void scan_avx512(const char* data, std::size_t blocks, ScanState& state, BlockMarks* marks) {
  ScanState local = state;
  for (std::size_t i = 0; i < blocks; ++i) {
    const ByteMasks bytes = masks_avx512(data + i * kBlockBytes);
    const std::uint64_t quote = unescaped_quotes(bytes, local);
    marks[i] = mark(bytes, quote, prefix_xor_by_clmul(quote), local);
  }
  state = local;
}

#undef TRIPLINE_AVX512

using Scan = void (*)(const char*, std::size_t, ScanState&, BlockMarks*);

Scan best_scan() {
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("pclmul")) return scan_avx512;
  return __builtin_cpu_supports("avx2") ? scan_avx2 : scan_sse2;
}

#endif

}  // namespace

void scan_blocks_portable(const char* data, std::size_t blocks, ScanState& state, BlockMarks* marks) {
  for (std::size_t i = 0; i < blocks; ++i) marks[i] = mark(masks_portable(data + i * kBlockBytes), state);
}

void scan_blocks(const char* data, std::size_t blocks, ScanState& state, BlockMarks* marks) {
#if defined(__x86_64__)
  static const Scan kScan = best_scan();
  kScan(data, blocks, state, marks);
#else
  scan_blocks_portable(data, blocks, state, marks);
#endif
}

}  // namespace tripline::connectors
