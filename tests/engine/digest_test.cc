#include "engine/digest.h"

#include <string>

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

TEST(Digest, IsTheFirstHalfOfSha256OverPartsWithTheirLengths) {
  // printf '1:a2:bc' | sha256sum
  EXPECT_EQ(to_hex(digest_128({"a", "bc"})), "5310a58788781ab25d5ad7c3f8503582");
}

TEST(Digest, TellsListsOfPartsApartThatReadTheSame) {
  EXPECT_NE(digest_128({"a", "bc"}), digest_128({"ab", "c"}));
  EXPECT_NE(digest_128({"a", "bc"}), digest_128({"abc"}));
  EXPECT_NE(digest_128({"a", ""}), digest_128({"a"}));
  EXPECT_NE(digest_128({"1:a"}), digest_128({"a"}));
}

TEST(Digest, IsReadFromTheDigitsThatItIsWrittenAs) {
  const Digest digests[] = {{}, {.high = 0x0123456789abcdef, .low = 1}, {.high = ~0ULL, .low = ~0ULL}};
  const std::string digits[] = {"00000000000000000000000000000000", "0123456789abcdef0000000000000001",
                                "ffffffffffffffffffffffffffffffff"};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(to_hex(digests[i]), digits[i]);
    EXPECT_EQ(from_hex(digits[i]), digests[i]);
  }
}

}  // namespace
}  // namespace tripline::engine
