#include "rules/encoding.h"

#include <random>

#include <gtest/gtest.h>

namespace tripline::rules {
namespace {

TEST(Encoding, Base64IsAsRfc4648Says) {
  const struct {
    std::string_view bytes;
    std::string_view text;
  } cases[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xFB\xFF", "+/8="},
  };
  for (const auto& c : cases) EXPECT_EQ(base64(c.bytes), c.text);
}

/// The well-known example of the modifier.
TEST(Encoding, Base64OffsetsAreThePartsThatNeighboursCannotChange) {
  const std::array<std::string, 3> expected = {"Zm9v", "Zvb", "mb2"};
  EXPECT_EQ(base64_offsets("foo"), expected);
  EXPECT_EQ(base64_offsets("IEX("), (std::array<std::string, 3>{"SUVYK", "lFWC", "JRVgo"}));
  EXPECT_EQ(base64_offsets("")[0], "");
}

TEST(EncodingProperty, OneOffsetIsInTheBase64OfEveryTextThatHoldsTheBytes) {
  std::mt19937 random(1);
  const auto bytes = [&](std::size_t length) {
    std::string text;
    while (text.size() < length) text += static_cast<char>(random() % 256);
    return text;
  };
  for (int round = 0; round < 20'000; ++round) {
    const std::string inside = bytes(1 + random() % 9);
    const std::string before = bytes(random() % 7);
    const std::string whole = base64(before + inside + bytes(random() % 7));
    const std::string offset = base64_offsets(inside)[before.size() % 3];
    ASSERT_NE(whole.find(offset, before.size() / 3 * 4), std::string::npos);
    // And it is as long as it can be: all characters but the one at either end that neighbours share.
    ASSERT_GE(offset.size() + 2, inside.size() * 8 / 6);
  }
}

TEST(Encoding, Utf16IsAsItsThreeModifiersSay) {
  using namespace std::string_literals;
  EXPECT_EQ(utf16("cmd", Utf16::kLittleEndian), "c\0m\0d\0"s);
  EXPECT_EQ(utf16("cmd", Utf16::kBigEndian), "\0c\0m\0d"s);
  EXPECT_EQ(utf16("cmd", Utf16::kWithMark), "\xFF\xFE"s + "c\0m\0d\0"s);
  EXPECT_EQ(utf16("\xC3\xA9", Utf16::kLittleEndian), "\xE9\0"s);                 // e with acute
  EXPECT_EQ(utf16("\xE2\x82\xAC", Utf16::kBigEndian), "\x20\xAC"s);              // euro sign
  EXPECT_EQ(utf16("\xF0\x9F\x98\x80", Utf16::kBigEndian), "\xD8\x3D\xDE\x00"s);  // a surrogate pair
  EXPECT_EQ(utf16("a\xFFz", Utf16::kBigEndian), "\0a\xFF\xFD\0z"s);              // no UTF-8
  EXPECT_EQ(utf16("\xE2\x82", Utf16::kBigEndian), "\xFF\xFD"s);                  // cut short
}

}  // namespace
}  // namespace tripline::rules
