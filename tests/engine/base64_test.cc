#include "engine/base64.h"

#include <optional>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/deliveries.h"

namespace tripline::engine {
namespace {

std::optional<std::string> decode(std::string_view text) {
  std::string to(base64_room(text.size()), '\0');
  const auto size = base64_decode(text, to.data());
  if (!size) return std::nullopt;
  return to.substr(0, *size);
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

TEST(Base64, EncodesMoreThanOneStretch) {
  std::string bytes((std::size_t{3} << 20) + 2, 'x');
  bytes.back() = 'y';
  EXPECT_EQ(base64_encode(bytes), tests::base64(bytes));
}

}  // namespace
}  // namespace tripline::engine
