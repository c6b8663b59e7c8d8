#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text.h"

namespace tripline::engine {

/// Finds which of many literals occur in a text, ASCII letter case aside.
///
/// Each literal is looked for by three of its bytes, those that the fewest other literals have: one pass over the text
/// asks a small table of bits whether the three bytes at each place belong to any literal, and only then compares.
/// Memory: a literal's text and 24 to 36 bytes beside it, of which 4 to 8 are the bits that every place asks. (An
/// automaton's dense states would take a table row for each byte of each literal.)
/// Time: one step a byte, and one comparison for each literal whose three bytes stand there.
/// Immutable once built; shared by all workers.
class LiteralFinder {
 public:
  static constexpr std::size_t kShortest = 3;
  /// So few are looked for one after another: a search for one text is some twenty times as fast as a step a byte.
  static constexpr std::size_t kFew = 8;

  LiteralFinder() = default;
  /// `literals` are folded and at least kShortest bytes long.
  explicit LiteralFinder(std::vector<std::string> literals);

  bool empty() const { return literals_.empty(); }

  /// Calls `visit(i)` for each occurrence of the i-th literal; the same one may come several times.
  template <class Visit>
  void find(std::string_view text, Visit visit) const {
    if (literals_.size() <= kFew) {
      for (std::uint32_t i = 0; i < literals_.size(); ++i) {
        if (contains_folded(text, literals_[i])) visit(i);
      }
      return;
    }
    each_window(text, [&](std::uint32_t window, std::size_t at) {
      if (!maybe(window)) return;
      for (std::uint32_t i = first_of(window); i < anchors_.size() && anchors_[i].window == window; ++i) {
        const Anchor& anchor = anchors_[i];
        const std::string& literal = literals_[anchor.literal];
        if (at >= anchor.offset && starts_with_folded(text.substr(at - anchor.offset), literal)) visit(anchor.literal);
      }
    });
  }

 private:
  /// Three folded bytes of a literal, as the low bytes of `window`, and where they stand in it.
  struct Anchor {
    std::uint32_t window;
    std::uint32_t literal;
    std::uint32_t offset;
  };

  static std::uint64_t hash(std::uint32_t window) { return window * 0x9e3779b97f4a7c15ULL; }
  bool maybe(std::uint32_t window) const {
    const std::uint64_t bit = hash(window) >> bits_shift_;
    return bits_[bit / 64] >> (bit % 64) & 1;
  }
  /// Where the anchors with this window begin.
  std::uint32_t first_of(std::uint32_t window) const;

  static std::uint64_t folded_bytes(const char* at, std::size_t size) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, size);
    return fold8(word);
  }
  static std::uint32_t first_three(std::uint64_t word) {
    static_assert(std::endian::native == std::endian::little);
    return static_cast<std::uint32_t>(word & 0xffffff);
  }

  static std::uint32_t window_at(const std::string& literal, std::size_t at);

  /// Calls `visit(window, at)` for each place of `text` where three bytes begin.
  template <class Visit>
  static void each_window(std::string_view text, Visit visit) {
    if (text.size() < kShortest) return;
    std::size_t at = 0;
    for (; text.size() - at >= 8; at += 6) {  // eight bytes hold six windows
      std::uint64_t bytes = folded_bytes(text.data() + at, 8);
      for (std::size_t i = 0; i < 6; ++i, bytes >>= 8) visit(first_three(bytes), at + i);
    }
    const std::size_t rest = text.size() - at;
    std::uint64_t bytes = folded_bytes(text.data() + at, rest);
    for (std::size_t i = 0; i + 3 <= rest; ++i, bytes >>= 8) visit(first_three(bytes), at + i);
  }

  std::vector<std::string> literals_;
  std::vector<Anchor> anchors_;        // by window
  std::vector<std::uint32_t> places_;  // open addressing over the first anchor of each window; a power of two
  std::vector<std::uint64_t> bits_;
  int bits_shift_ = 63;
};

}  // namespace tripline::engine
