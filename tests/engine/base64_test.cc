#include "engine/base64.h"

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "tests/support/deliveries.h"

namespace tripline::engine {
namespace {

using Decode = std::optional<std::size_t> (*)(std::string_view, char*);

/// From and to memory of just the size that is asked for.
std::optional<std::string> decode_by(Decode decode, std::string_view text) {
  const std::vector<char> from(text.begin(), text.end());
  std::vector<char> to(base64_room(text.size()));
  const auto size = decode({from.data(), from.size()}, to.data());
  if (!size) return std::nullopt;
  return std::string(to.data(), *size);
}

std::optional<std::string> decode(std::string_view text) {
  const auto decoded = decode_by(base64_decode, text);
  EXPECT_EQ(decoded, decode_by(base64_decode_portable, text)) << text;
  return decoded;
}

/// OpenSSL's, which needs padding, and lets white space and '-' pass.
std::optional<std::string> decode_by_openssl(std::string text) {
  text.resize((text.size() + 3) / 4 * 4, '=');
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::string to(text.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(to.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  return to.substr(0, static_cast<std::size_t>(size) - padding);
}

TEST(Base64, DecodesTheVectorsOfRfc4648) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {"Zg==", "f"},
      {"Zm8=", "fo"},
      {"Zm9v", "foo"},
      {"Zm9vYg==", "foob"},
      {"Zm9vYmE=", "fooba"},
      {"Zm9vYmFy", "foobar"},
  };
  for (const auto& [text, bytes] : cases) EXPECT_EQ(decode(text), bytes) << text;
}

TEST(Base64, DecodesWithoutPadding) {
  EXPECT_EQ(decode("Zg"), "f");
  EXPECT_EQ(decode("Zm8"), "fo");
  EXPECT_EQ(decode("Zm9vYg"), "foob");
}

TEST(Base64, IsNothingElse) {
  for (const std::string_view text : {"Z", "Zm9vY", "Zg=", "=", "====", "Zm=v", "Zg==Zg==", "Zm9v\n", " Zm9v", "Zm 9",
                                      "Zm9v-_==", "Zm9-", "{\"a\":1}", "Zm\xc3\xa4", "Zm9vZm9v!mFy"}) {
    EXPECT_EQ(decode(text), std::nullopt) << text;
  }
}

TEST(Base64, GivesBackWhatWasEncoded) {
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    std::string bytes(random() % 200, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    EXPECT_EQ(decode(tests::base64(bytes)), bytes);
    EXPECT_EQ(base64_encode(bytes), tests::base64(bytes));
  }
}

TEST(Base64, DecodesAllTextsOfTheAlphabetAsOpensslDoes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::mt19937 random(6);
  for (int round = 0; round < 3000; ++round) {
    std::string text(random() % 300, '\0');
    for (char& c : text) c = kAlphabet[random() % kAlphabet.size()];
    if (text.size() % 4 == 1) text.pop_back();
    ASSERT_EQ(decode(text), decode_by_openssl(text)) << text;
  }
}

TEST(Base64, OneForeignByteAnywhereIsRefused) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string good(160, 'k');
  for (int byte = 0; byte < 256; ++byte) {
    const bool foreign = kAlphabet.find(static_cast<char>(byte)) == std::string_view::npos;
    for (std::size_t at = 0; at < good.size(); ++at) {
      std::string text = good;
      text[at] = static_cast<char>(byte);
      const bool padding = byte == '=' && at + 1 == good.size();
      ASSERT_EQ(decode(text).has_value(), !foreign || padding) << byte << " at " << at;
    }
  }
}

TEST(Base64, EncodesMoreThanOneStretch) {
  std::string bytes((std::size_t{3} << 20) + 2, 'x');
  bytes.back() = 'y';
  EXPECT_EQ(base64_encode(bytes), tests::base64(bytes));
}

}  // namespace
}  // namespace tripline::engine
