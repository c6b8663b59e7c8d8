#include "engine/token_scan.h"

#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "engine/json_masks.h"

namespace tripline::engine {
namespace {

/// Where bytes of a kind are in one block, strings or not.
struct ByteMasks {
  std::uint64_t backslash = 0;
  std::uint64_t quote = 0;
  std::uint64_t comma = 0;
  std::uint64_t colon = 0;
  std::uint64_t open = 0;   // { and [
  std::uint64_t close = 0;  // } and ]
  std::uint64_t alien = 0;  // control bytes, and what is not ASCII
};

/// The mask moved on by a byte. `before`: the mask of the block before; becomes this one's.
[[gnu::always_inline]] inline std::uint64_t behind(std::uint64_t mask, std::uint64_t& before) {
  return mask << 1 | std::exchange(before, mask) >> 63;
}

/// What the quotes of one block (those that no backslash escapes) and the state before it make of it; `in_quotes` is
/// prefix_xor of the quotes.
[[gnu::always_inline]] inline TokenMarks mark(const ByteMasks& bytes, std::uint64_t escaped, std::uint64_t quote,
                                              std::uint64_t in_quotes, TokenState& state) {
  const std::uint64_t in_string = in_quotes ^ state.in_string;  // opening quotes too, closing ones not
  state.in_string = std::uint64_t{0} - (in_string >> 63);
  const std::uint64_t opening = quote & in_string;
  const std::uint64_t closing = quote & ~in_string;
  const std::uint64_t outside = ~(in_string | quote);
  const std::uint64_t open = bytes.open & outside;
  const std::uint64_t close = bytes.close & outside;
  const std::uint64_t separator = (bytes.comma | bytes.colon) & outside;
  const std::uint64_t scalar = outside & ~(open | close | separator);

  const std::uint64_t behind_scalar = behind(scalar, state.scalar);
  const std::uint64_t behind_value = behind(closing | close, state.done) | behind_scalar;
  const std::uint64_t behind_open = behind(open, state.open);
  const std::uint64_t behind_separator = behind(separator, state.separator);

  TokenMarks marks;
  marks.colons = bytes.colon & outside;
  marks.scalars = scalar & ~behind_scalar;
  marks.escapes = escaped & in_string;
  marks.other = bytes.alien | (behind_value & (opening | open | marks.scalars)) |
                ((behind_open | behind_separator) & separator) | (behind_separator & close);
  return marks;
}

#if defined(__x86_64__)

[[gnu::target("avx2,bmi,bmi2"), gnu::always_inline]] inline std::uint64_t bits_of(__m256i a) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(a));
}

[[gnu::target("avx2,bmi,bmi2"), gnu::always_inline]] inline ByteMasks masks_avx2(const char* data) {
  ByteMasks masks;
  for (int i = 0; i < 2; ++i) {
    const __m256i c = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + 32 * i));
    const __m256i lower = _mm256_or_si256(c, _mm256_set1_epi8(0x20));   // [ and { are one bit apart, so are ] and }
    const __m256i blank = _mm256_cmpgt_epi8(_mm256_set1_epi8(' '), c);  // signed: what is not ASCII is below zero
    const int shift = 32 * i;
    masks.backslash |= bits_of(_mm256_cmpeq_epi8(c, _mm256_set1_epi8('\\'))) << shift;
    masks.quote |= bits_of(_mm256_cmpeq_epi8(c, _mm256_set1_epi8('"'))) << shift;
    masks.comma |= bits_of(_mm256_cmpeq_epi8(c, _mm256_set1_epi8(','))) << shift;
    masks.colon |= bits_of(_mm256_cmpeq_epi8(c, _mm256_set1_epi8(':'))) << shift;
    masks.open |= bits_of(_mm256_cmpeq_epi8(lower, _mm256_set1_epi8('{'))) << shift;
    masks.close |= bits_of(_mm256_cmpeq_epi8(lower, _mm256_set1_epi8('}'))) << shift;
    masks.alien |= bits_of(blank) << shift;
  }
  return masks;
}

[[gnu::target("avx2,bmi,bmi2")]] void scan_avx2(const char* data, std::size_t blocks, TokenState& state,
                                                TokenMarks* marks) {
  TokenState local = state;
  for (std::size_t i = 0; i < blocks; ++i) {
    const ByteMasks bytes = masks_avx2(data + i * kTokenBlock);
    const std::uint64_t escaped = find_escaped(bytes.backslash, local.escaped);
    const std::uint64_t quote = bytes.quote & ~escaped;
    marks[i] = mark(bytes, escaped, quote, prefix_xor(quote), local);
  }
  state = local;
}

#define TRIPLINE_AVX512 gnu::target("avx512f,avx512bw,pclmul,bmi,bmi2")

[[TRIPLINE_AVX512, gnu::always_inline]] inline ByteMasks masks_avx512(const char* data) {
  const __m512i c = _mm512_loadu_si512(data);
  const __m512i lower = _mm512_or_si512(c, _mm512_set1_epi8(0x20));
  ByteMasks masks;
  masks.backslash = _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8('\\'));
  masks.quote = _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8('"'));
  masks.comma = _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8(','));
  masks.colon = _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8(':'));
  masks.open = _mm512_cmpeq_epi8_mask(lower, _mm512_set1_epi8('{'));
  masks.close = _mm512_cmpeq_epi8_mask(lower, _mm512_set1_epi8('}'));
  masks.alien = _mm512_cmplt_epi8_mask(c, _mm512_set1_epi8(' '));
  return masks;
}

/// prefix_xor as one carry-less multiplication by all ones.
[[TRIPLINE_AVX512, gnu::always_inline]] inline std::uint64_t prefix_xor_by_clmul(std::uint64_t bits) {
  const __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128(static_cast<long long>(bits)), _mm_set1_epi8(-1), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

[[TRIPLINE_AVX512]] void scan_avx512(const char* data, std::size_t blocks, TokenState& state, TokenMarks* marks) {
  TokenState local = state;
  for (std::size_t i = 0; i < blocks; ++i) {
    const ByteMasks bytes = masks_avx512(data + i * kTokenBlock);
    const std::uint64_t escaped = find_escaped(bytes.backslash, local.escaped);
    const std::uint64_t quote = bytes.quote & ~escaped;
    marks[i] = mark(bytes, escaped, quote, prefix_xor_by_clmul(quote), local);
  }
  state = local;
}

#undef TRIPLINE_AVX512

#endif

using Scan = void (*)(const char*, std::size_t, TokenState&, TokenMarks*);

Scan best_scan() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi2"))
    return scan_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) return scan_avx2;
#endif
  return scan_tokens_portable;
}

}  // namespace

void scan_tokens_portable(const char* data, std::size_t blocks, TokenState& state, TokenMarks* marks) {
  for (std::size_t i = 0; i < blocks; ++i) {
    ByteMasks bytes;
    for (std::size_t at = 0; at < kTokenBlock; ++at) {
      const char c = data[i * kTokenBlock + at];
      const std::uint64_t bit = std::uint64_t{1} << at;
      if (c == '\\') bytes.backslash |= bit;
      if (c == '"') bytes.quote |= bit;
      if (c == ',') bytes.comma |= bit;
      if (c == ':') bytes.colon |= bit;
      if (c == '{' || c == '[') bytes.open |= bit;
      if (c == '}' || c == ']') bytes.close |= bit;
      if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) >= 0x80) bytes.alien |= bit;
    }
    const std::uint64_t escaped = find_escaped(bytes.backslash, state.escaped);
    const std::uint64_t quote = bytes.quote & ~escaped;
    marks[i] = mark(bytes, escaped, quote, prefix_xor(quote), state);
  }
}

void scan_tokens(const char* data, std::size_t blocks, TokenState& state, TokenMarks* marks) {
  static const Scan kScan = best_scan();
  kScan(data, blocks, state, marks);
}

bool token_scan_is_fast() { return best_scan() != scan_tokens_portable; }

}  // namespace tripline::engine
