#include <array>
#include <cstdint>

#include "engine/base64.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tripline::engine {
namespace {

/// In what a foreign character stands for; no 24 bits of data have it.
constexpr std::uint32_t kForeign = std::uint32_t{1} << 31;

/// What each character stands for in each place of a quad, the first highest.
constexpr std::array<std::array<std::uint32_t, 256>, 4> kBits = [] {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::array<std::uint32_t, 256>, 4> bits{};
  for (std::size_t place = 0; place < 4; ++place) {
    bits[place].fill(kForeign);
    for (std::uint32_t value = 0; value < 64; ++value) {
      bits[place][static_cast<unsigned char>(kAlphabet[value])] = value << (18 - 6 * place);
    }
  }
  return bits;
}();

std::uint32_t bits_at(std::size_t place, char c) { return kBits[place][static_cast<unsigned char>(c)]; }

void put(std::uint32_t bits, std::size_t bytes, char* to) {
  for (std::size_t i = 0; i < bytes; ++i) to[i] = static_cast<char>(bits >> (16 - 8 * i) & 0xff);
}

/// Whether `text` ends as base64 may; takes its padding off.
bool take_padding(std::string_view& text) {
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  if (padding > 0 && text.size() % 4 != 0) return false;
  text.remove_suffix(padding);
  return text.size() % 4 != 1;
}

/// Decodes what is left of `text`, which has no padding; false: something in it is foreign.
bool decode_quads(std::string_view text, char* to) {
  std::uint32_t foreign = 0;
  for (; text.size() >= 4; text.remove_prefix(4), to += 3) {
    const std::uint32_t bits = bits_at(0, text[0]) | bits_at(1, text[1]) | bits_at(2, text[2]) | bits_at(3, text[3]);
    foreign |= bits;
    put(bits, 3, to);
  }
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < text.size(); ++i) last |= bits_at(i, text[i]);
  if (!text.empty()) put(last, text.size() - 1, to);
  return ((foreign | last) & kForeign) == 0;
}

std::size_t decoded_size(std::size_t characters) { return characters / 4 * 3 + (characters % 4 * 3) / 4; }

#if defined(__x86_64__)

/// Decodes 32 characters at a time into 24 bytes, writing 32, and returns how many it read: it stops before foreign
/// ones and near the end. Source: Mula and Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions", 2018.
[[gnu::target("avx2")]] std::size_t decode_avx2(std::string_view text, char* to) {
  // A character is foreign when the sets of its upper and its lower half have one in common.
  const __m256i lower_sets =
      _mm256_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a,
                       0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a);
  const __m256i upper_sets =
      _mm256_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
                       0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
  // From a character to its value, by its upper half; `/` shares that of `+` and takes the place before.
  const __m256i distances = _mm256_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 19, 4,
                                             -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m256i reversed = _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1, 2, 1, 0, 6, 5, 4,
                                            10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
  const __m256i together = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7);
  const __m256i slash = _mm256_set1_epi8('/');
  const __m256i half = _mm256_set1_epi8(0x0f);
  // base64_room() is enough for the eight bytes too many as long as that many characters are left.
  constexpr std::size_t kLeft = 40;
  std::size_t at = 0;
  for (; text.size() - at >= kLeft; at += 32, to += 24) {
    const __m256i c = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
    const __m256i upper = _mm256_and_si256(_mm256_srli_epi32(c, 4), half);
    const __m256i lower = _mm256_and_si256(c, half);
    if (!_mm256_testz_si256(_mm256_shuffle_epi8(lower_sets, lower), _mm256_shuffle_epi8(upper_sets, upper))) break;
    const __m256i place = _mm256_add_epi8(_mm256_cmpeq_epi8(c, slash), upper);
    const __m256i values = _mm256_add_epi8(c, _mm256_shuffle_epi8(distances, place));
    const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
    const __m256i quads = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
    const __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(quads, reversed), together);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), bytes);
  }
  return at;
}

#endif

}  // namespace

std::optional<std::size_t> base64_decode_portable(std::string_view text, char* to) {
  if (!take_padding(text) || !decode_quads(text, to)) return std::nullopt;
  return decoded_size(text.size());
}

std::optional<std::size_t> base64_decode(std::string_view text, char* to) {
#if defined(__x86_64__)
  static const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;
  if (kHasAvx2) {
    if (!take_padding(text)) return std::nullopt;
    const std::size_t read = decode_avx2(text, to);
    if (!decode_quads(text.substr(read), to + read / 4 * 3)) return std::nullopt;
    return decoded_size(text.size());
  }
#endif
  return base64_decode_portable(text, to);
}

}  // namespace tripline::engine
