#include "engine/key_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tripline::engine {
namespace {

/// One bit a byte of a block.
struct Masks {
  std::uint64_t colon = 0;
  std::uint64_t quote = 0;
  std::uint64_t tail = 0;  // the last letter but one of what may be a wanted key
  std::uint64_t odd = 0;
};

/// Gathers a stretch's keys from its blocks' masks.
struct Collector {
  Keys& keys;
  std::size_t size;
  Masks before;
  std::uint32_t count = 0;
  std::uint64_t odd = 0;

  [[gnu::always_inline]] void add(const Masks& masks, std::size_t at) {
    std::uint64_t found = masks.colon & (masks.quote << 1 | before.quote >> 63) & (masks.tail << 3 | before.tail >> 61);
    std::uint64_t strange = masks.odd;
    before = masks;
    if (size - at < kKeyBlock) {
      const std::uint64_t inside = (std::uint64_t{1} << (size - at)) - 1;
      found &= inside;
      strange &= inside;
    }
    odd |= strange;
    for (; found != 0; found &= found - 1) {
      keys.colons[count++] = static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(__builtin_ctzll(found));
    }
  }
  [[gnu::always_inline]] void finish() {
    keys.count = count;
    keys.odd = odd != 0;
  }
};

#if defined(__x86_64__)

#define TRIPLINE_AVX2 gnu::target("avx2,bmi,bmi2")
#define TRIPLINE_AVX512 gnu::target("avx512f,avx512bw,bmi,bmi2")

[[TRIPLINE_AVX2, gnu::always_inline]] inline std::uint64_t bits_of(__m256i a) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(a));
}

struct Tables256 {
  __m256i low, high;
};

[[TRIPLINE_AVX2, gnu::always_inline]] inline Tables256 tables_avx2(const KeyTails::Letter& letter) {
  return {_mm256_load_si256(reinterpret_cast<const __m256i*>(letter.low.data())),
          _mm256_load_si256(reinterpret_cast<const __m256i*>(letter.high.data()))};
}

[[TRIPLINE_AVX2, gnu::always_inline]] inline __m256i sets_avx2(const Tables256& tables, __m256i c) {
  const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(c, 4), _mm256_set1_epi8(0x0f));
  return _mm256_and_si256(_mm256_shuffle_epi8(tables.low, c), _mm256_shuffle_epi8(tables.high, upper));
}

[[TRIPLINE_AVX2]] void scan_avx2(const char* data, std::size_t size, const KeyTails& tails, Keys& keys) {
  const Tables256 before_last = tables_avx2(tails.before_last);
  const Tables256 last = tables_avx2(tails.last);
  Collector out{keys, size, {}};
  for (std::size_t at = 0; at < size; at += kKeyBlock) {
    Masks masks;
    for (int i = 0; i < 2; ++i) {
      const __m256i c = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + at + 32 * i));
      const __m256i next = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + at + 32 * i + 1));
      const __m256i sets = _mm256_and_si256(sets_avx2(before_last, c), sets_avx2(last, next));
      const __m256i escape = _mm256_and_si256(_mm256_cmpeq_epi8(c, _mm256_set1_epi8('\\')),
                                              _mm256_cmpeq_epi8(next, _mm256_set1_epi8('u')));
      const __m256i alien = _mm256_cmpgt_epi8(_mm256_set1_epi8(' '), c);  // signed: what is not ASCII is below zero
      const int shift = 32 * i;
      masks.colon |= bits_of(_mm256_cmpeq_epi8(c, _mm256_set1_epi8(':'))) << shift;
      masks.quote |= bits_of(_mm256_cmpeq_epi8(c, _mm256_set1_epi8('"'))) << shift;
      masks.tail |= (bits_of(_mm256_cmpeq_epi8(sets, _mm256_setzero_si256())) ^ 0xffffffff) << shift;
      const __m256i blank =
          _mm256_and_si256(_mm256_cmpeq_epi8(c, _mm256_set1_epi8('"')), _mm256_cmpeq_epi8(next, _mm256_set1_epi8(' ')));
      masks.odd |= bits_of(_mm256_or_si256(_mm256_or_si256(escape, blank), alien)) << shift;
    }
    out.add(masks, at);
  }
  out.finish();
}

struct Tables512 {
  __m512i low, high;
};

[[TRIPLINE_AVX512, gnu::always_inline]] inline Tables512 tables_avx512(const KeyTails::Letter& letter) {
  return {_mm512_load_si512(letter.low.data()), _mm512_load_si512(letter.high.data())};
}

[[TRIPLINE_AVX512, gnu::always_inline]] inline __m512i sets_avx512(const Tables512& tables, __m512i c) {
  const __m512i upper = _mm512_and_si512(_mm512_srli_epi16(c, 4), _mm512_set1_epi8(0x0f));
  return _mm512_and_si512(_mm512_shuffle_epi8(tables.low, c), _mm512_shuffle_epi8(tables.high, upper));
}

[[TRIPLINE_AVX512]] void scan_avx512(const char* data, std::size_t size, const KeyTails& tails, Keys& keys) {
  const Tables512 before_last = tables_avx512(tails.before_last);
  const Tables512 last = tables_avx512(tails.last);
  Collector out{keys, size, {}};
  for (std::size_t at = 0; at < size; at += kKeyBlock) {
    const __m512i c = _mm512_loadu_si512(data + at);
    const __m512i next = _mm512_loadu_si512(data + at + 1);
    Masks masks;
    masks.colon = _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8(':'));
    masks.quote = _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8('"'));
    masks.tail = _mm512_test_epi8_mask(sets_avx512(before_last, c), sets_avx512(last, next));
    const std::uint64_t escape =
        _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8('\\')) & _mm512_cmpeq_epi8_mask(next, _mm512_set1_epi8('u'));
    const std::uint64_t blank = masks.quote & _mm512_cmpeq_epi8_mask(next, _mm512_set1_epi8(' '));
    masks.odd = _mm512_cmplt_epi8_mask(c, _mm512_set1_epi8(' ')) | escape | blank;
    out.add(masks, at);
  }
  out.finish();
}

#undef TRIPLINE_AVX2
#undef TRIPLINE_AVX512

#endif

using Scan = void (*)(const char*, std::size_t, const KeyTails&, Keys&);

Scan best_scan() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("bmi2") && __builtin_cpu_supports("avx512bw")) return scan_avx512;
  if (__builtin_cpu_supports("bmi2") && __builtin_cpu_supports("avx2")) return scan_avx2;
#endif
  return scan_keys_portable;
}

}  // namespace

void KeyTails::add(std::string_view key) {
  const auto put = [this](Letter& letter, char c) {
    const auto byte = static_cast<unsigned char>(c);
    for (std::size_t i = 0; i < letter.low.size(); i += 16) {
      letter.low[i + byte % 16] |= next_;
      letter.high[i + byte / 16] |= next_;
    }
  };
  put(last, key[key.size() - 1]);
  put(before_last, key[key.size() - 2]);
  next_ = static_cast<std::uint8_t>(next_ == 0x80 ? 1 : next_ << 1);
}

void scan_keys_portable(const char* data, std::size_t size, const KeyTails& tails, Keys& keys) {
  const auto sets_of = [](const KeyTails::Letter& letter, char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 ? letter.low[byte % 16] & letter.high[byte / 16] : 0;
  };
  Collector out{keys, size, {}};
  for (std::size_t at = 0; at < size; at += kKeyBlock) {
    Masks masks;
    for (std::size_t i = 0; i < kKeyBlock; ++i) {
      const char c = data[at + i];
      const char next = data[at + i + 1];
      const std::uint64_t bit = std::uint64_t{1} << i;
      if (c == ':') masks.colon |= bit;
      if (c == '"') masks.quote |= bit;
      if ((sets_of(tails.before_last, c) & sets_of(tails.last, next)) != 0) masks.tail |= bit;
      const auto byte = static_cast<unsigned char>(c);
      const bool strange = (c == '\\' && next == 'u') || (c == '"' && next == ' ');
      if (byte < ' ' || byte >= 0x80 || strange) masks.odd |= bit;
    }
    out.add(masks, at);
  }
  out.finish();
}

void scan_keys(const char* data, std::size_t size, const KeyTails& tails, Keys& keys) {
  static const Scan kScan = best_scan();
  kScan(data, size, tails, keys);
}

bool key_scan_is_fast() { return best_scan() != scan_keys_portable; }

}  // namespace tripline::engine
