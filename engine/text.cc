#include "engine/text.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>
#include <cstring>

namespace tripline::engine {
namespace {

std::uint64_t load8(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// The last 1 to 7 bytes of a text as a word; bytes stand in it once or twice, at places that `size` alone decides.
std::uint64_t load_rest(const char* at, std::size_t size) {
  if (size >= 4) {
    std::uint32_t first, last;
    std::memcpy(&first, at, sizeof first);
    std::memcpy(&last, at + size - 4, sizeof last);
    return std::uint64_t{last} << 32 | first;
  }
  const auto byte = [at](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(at[i])}; };
  return byte(size - 1) << 16 | byte(size / 2) << 8 | byte(0);
}

bool equal_bytes(const char* text, const char* folded, std::size_t size) {
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    if (fold8(load8(text + i)) != load8(folded + i)) return false;
  }
  if (i == size) return true;
  return fold8(load_rest(text + i, size - i)) == load_rest(folded + i, size - i);
}

#if defined(__SSE2__)
__m128i load16(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }

__m128i fold16(__m128i bytes) {
  // 'A' becomes the smallest signed byte, so that one comparison finds the 26 letters.
  const __m128i moved = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(0x80 - 'A')));
  const __m128i upper = _mm_cmplt_epi8(moved, _mm_set1_epi8(-128 + 26));
  return _mm_add_epi8(bytes, _mm_and_si128(upper, _mm_set1_epi8('a' - 'A')));
}
#endif

}  // namespace

std::string fold(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) c = fold(c);
  return folded;
}

bool equals_folded(std::string_view text, std::string_view folded) {
  return text.size() == folded.size() && equal_bytes(text.data(), folded.data(), folded.size());
}

bool starts_with_folded(std::string_view text, std::string_view folded) {
  return text.size() >= folded.size() && equal_bytes(text.data(), folded.data(), folded.size());
}

bool ends_with_folded(std::string_view text, std::string_view folded) {
  return text.size() >= folded.size() &&
         equal_bytes(text.data() + (text.size() - folded.size()), folded.data(), folded.size());
}

bool contains_folded(std::string_view text, std::string_view folded) {
  return find_folded(text, folded) != std::string_view::npos;
}

std::size_t find_folded(std::string_view text, std::string_view folded, std::size_t from) {
  const std::size_t size = folded.size();
  if (from > text.size() || size > text.size() - from) return std::string_view::npos;
  if (size == 0) return from;
  const char* const data = text.data();
  const std::size_t last = text.size() - size;  // the last place where it can begin
  std::size_t at = from;
#if defined(__SSE2__)
  // Sixteen places at a time: those whose first and last bytes fit are compared whole.
  const __m128i first_byte = _mm_set1_epi8(folded.front());
  const __m128i last_byte = _mm_set1_epi8(folded.back());
  while (last - at >= 15) {
    const __m128i begins = _mm_cmpeq_epi8(fold16(load16(data + at)), first_byte);
    const __m128i ends = _mm_cmpeq_epi8(fold16(load16(data + at + size - 1)), last_byte);
    auto places = static_cast<unsigned>(_mm_movemask_epi8(_mm_and_si128(begins, ends)));
    for (; places != 0; places &= places - 1) {
      const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(places));
      if (equal_bytes(data + place, folded.data(), size)) return place;
    }
    if (last - at < 16) return std::string_view::npos;
    at += 16;
  }
#endif
  for (; at <= last; ++at) {
    if (fold(data[at]) == folded.front() && equal_bytes(data + at, folded.data(), size)) return at;
  }
  return std::string_view::npos;
}

std::uint64_t hash_folded(std::string_view text) {
  constexpr std::uint64_t kMultiplier = 0x9e3779b97f4a7c15ULL;
  std::uint64_t hash = text.size() * kMultiplier;
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ fold8(word)) * kMultiplier;
    hash ^= hash >> 32;
  };
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) mix(load8(text.data() + i));
  if (i < text.size()) mix(load_rest(text.data() + i, text.size() - i));
  hash *= 0xd6e8feb86659fd93ULL;
  return hash ^ (hash >> 32);
}

bool FoldedEqual::operator()(std::string_view a, std::string_view b) const {
  if (a.size() != b.size()) return false;
  std::size_t i = 0;
  for (; i + 8 <= a.size(); i += 8) {
    if (fold8(load8(a.data() + i)) != fold8(load8(b.data() + i))) return false;
  }
  return i == a.size() || fold8(load_rest(a.data() + i, a.size() - i)) == fold8(load_rest(b.data() + i, a.size() - i));
}

}  // namespace tripline::engine
