#include "engine/text.h"

#include <random>

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

// The oracles: one byte after another.

std::string slow_fold(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// Texts whose bytes lie around the edges of what folding touches, and around the edges of a register.
std::string random_text(std::mt19937& random, std::size_t longest) {
  static constexpr unsigned char kBytes[] = {'@', 'A', 'B',  'Z',  '[',  '`',  'a',  'b',
                                             'z', '{', 0x00, 0x7f, 0x80, 0xc1, 0xe1, 0xff};
  std::string text(random() % (longest + 1), '\0');
  for (char& c : text) c = static_cast<char>(kBytes[random() % sizeof kBytes]);
  return text;
}

/// A text of exactly its own size on the heap, so that a sanitizer sees a read past its end.
class Exact {
 public:
  explicit Exact(std::string_view text) : bytes_(text.begin(), text.end()) {}
  operator std::string_view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

TEST(Text, FoldsAsciiLettersAndNothingElse) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    const bool upper = byte >= 'A' && byte <= 'Z';
    EXPECT_EQ(fold(text), upper ? std::string(1, static_cast<char>(byte + 32)) : text) << byte;
  }
  EXPECT_EQ(fold("ÄÖ K"), "ÄÖ k");  // the last is no Kelvin sign
}

TEST(Text, ComparesLikeAByteAfterAnother) {
  std::mt19937 random(1);
  for (int round = 0; round < 20000; ++round) {
    const Exact text(random_text(random, 40));
    std::string other = random() % 2 ? random_text(random, 6) : slow_fold(text);
    if (!other.empty() && random() % 2) other.erase(0, random() % other.size());
    if (!other.empty() && random() % 2) other.resize(random() % other.size());
    const Exact folded(slow_fold(other));
    const std::string expected = slow_fold(text);
    const std::string_view want = folded;
    ASSERT_EQ(equals_folded(text, folded), expected == want);
    ASSERT_EQ(starts_with_folded(text, folded), expected.starts_with(want));
    ASSERT_EQ(ends_with_folded(text, folded), expected.ends_with(want));
    ASSERT_EQ(contains_folded(text, folded), expected.find(want) != std::string::npos);
    const std::size_t from = random() % (expected.size() + 2);
    ASSERT_EQ(find_folded(text, folded, from), expected.find(want, from)) << expected << " / " << want << " @ " << from;
  }
}

TEST(Text, FindsAtEveryPlaceAndLength) {
  for (std::size_t size = 1; size <= 70; ++size) {
    for (std::size_t length = 1; length <= size; ++length) {
      for (std::size_t place = 0; place + length <= size; ++place) {
        std::string text(size, 'x');
        for (std::size_t i = 0; i < length; ++i) text[place + i] = i % 2 ? 'B' : 'A';
        std::string wanted;
        for (std::size_t i = 0; i < length; ++i) wanted += i % 2 ? 'b' : 'a';
        ASSERT_EQ(find_folded(Exact(text), Exact(wanted)), place) << size << ' ' << length;
      }
    }
  }
}

TEST(Text, HashesAlikeWhatDiffersInLetterCaseOnly) {
  std::mt19937 random(2);
  for (int round = 0; round < 20000; ++round) {
    const Exact text(random_text(random, 40));
    const Exact folded(slow_fold(text));
    ASSERT_EQ(hash_folded(text), hash_folded(folded));
    const Exact other(random_text(random, 3));
    ASSERT_EQ(FoldedEqual()(text, other), slow_fold(text) == slow_fold(other));
    ASSERT_TRUE(FoldedEqual()(text, folded));
  }
}

TEST(Text, HashesApartWhatDiffersInOneByte) {
  const std::string text = "arn:aws:iam::123456789012:role/deploy";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    const std::string base = text.substr(0, size);
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = base;
      other[i] = '#';
      EXPECT_NE(hash_folded(base), hash_folded(other)) << other;
    }
    EXPECT_NE(hash_folded(base), hash_folded(base + std::string(1, '\0')));
  }
}

}  // namespace
}  // namespace tripline::engine
