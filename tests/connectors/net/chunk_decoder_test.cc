#include "connectors/net/chunk_decoder.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace tripline::connectors::net {
namespace {

using namespace std::string_literals;

struct Decoded {
  std::string body;
  std::string left;
  bool whole = false;
  bool bad = false;
  bool operator==(const Decoded&) const = default;
};

/// In parts of `size`.
Decoded decode(std::string_view text, std::size_t size, std::size_t max_trailer_bytes = 64) {
  ChunkDecoder decoder(max_trailer_bytes);
  Decoded decoded;
  while (!text.empty() && !decoded.whole && !decoded.bad) {
    const auto step = decoder.next(text.substr(0, size));
    decoded.body += step.data;
    decoded.whole = step.found == ChunkDecoder::Found::kEnd;
    decoded.bad = step.found == ChunkDecoder::Found::kBad;
    EXPECT_EQ(decoder.bad().empty(), !decoded.bad);
    EXPECT_LE(step.taken, size);
    text.remove_prefix(step.taken);
  }
  if (!decoded.bad) decoded.left = text;
  return decoded;
}

TEST(ChunkDecoder, ReadsChunksInPartsOfAnySize) {
  const std::string text =
      "5\r\nhello\r\n0a;name=value;quoted=\"a\\\"; b\"\r\n0123456789\r\n000F\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\0\r\n"s +
      "0;last\r\nTrailer: x\r\nOther: y\r\n\r\nGET /next";
  const Decoded expected{"hello0123456789\r\n\r\n\r\n\r\n\r\n\r\n\r\n\0"s, "GET /next", true, false};
  for (std::size_t size = 1; size <= text.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_EQ(decode(text, size), expected);
  }
  EXPECT_EQ(decode("0\r\n\r\n", 99), (Decoded{"", "", true, false}));
}

TEST(ChunkDecoder, RefusesWhatIsNotPlain) {
  const struct {
    std::string_view name;
    std::string text;
  } cases[] = {
      {"no size", "\r\n"},
      {"no digit before an extension", ";a\r\n"},
      {"a prefix", "0x5\r\nhello\r\n"},
      {"a sign", "+5\r\nhello\r\n"},
      {"a minus", "-5\r\nhello\r\n"},
      {"a blank before the size", " 5\r\nhello\r\n"},
      {"a blank behind the size", "5 \r\nhello\r\n"},
      {"17 digits", "00000000000000005\r\nhello\r\n"},
      {"a bare line feed", "5\nhello\r\n"},
      {"a bare carriage return", "5\rhello\r\n"},
      {"a bare line feed in an extension", "5;a\nhello\r\n"},
      {"a bare carriage return in an extension", "5;a\rhello\r\n"},
      {"NUL in an extension", "5;\0\r\nhello\r\n"s},
      {"no extension behind a semicolon", "5;\r\nhello\r\n"},
      {"two semicolons", "5;;a\r\nhello\r\n"},
      {"an extension with a blank", "5;a b\r\nhello\r\n"},
      {"an extension without a value", "5;a=\r\nhello\r\n"},
      {"an extension that is quoted and does not end", "5;a=\"b\r\nhello\r\n"},
      {"an extension that is quoted and ends in a backslash", "5;a=\"b\\\r\nhello\r\n"},
      {"a long extension", "5;" + std::string(300, 'a') + "\r\nhello\r\n"},
      {"a chunk that is longer", "5\r\nhello!\r\n0\r\n\r\n"},
      {"a chunk that is shorter", "6\r\nhello\r\n0\r\n\r\n"},
      {"a line feed behind a chunk", "5\r\nhello\n0\r\n\r\n"},
      {"a trailer without a colon", "0\r\nA b\r\n\r\n"},
      {"a trailer with a blank before its colon", "0\r\nA : b\r\n\r\n"},
      {"a folded trailer", "0\r\nA: b\r\n c\r\n\r\n"},
      {"a bare line feed in a trailer", "0\r\nA: b\n\r\n"},
      {"a bare line feed at the end", "0\r\n\n"},
      {"large trailers", "0\r\nA: " + std::string(100, 'b') + "\r\n\r\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_TRUE(decode(c.text, 1).bad);
    EXPECT_TRUE(decode(c.text, 1000).bad);
  }
}

TEST(ChunkDecoder, WaitsForTheRest) {
  const std::string text = "5\r\nhello\r\n0\r\nA: b\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto decoded = decode(text.substr(0, size), 1000);
    EXPECT_FALSE(decoded.whole);
    EXPECT_FALSE(decoded.bad);
  }
  // All of the largest size is data that is still to come.
  EXPECT_EQ(decode("ffffffffffffffff\r\nabc", 1000), (Decoded{"abc", "", false, false}));
}

}  // namespace
}  // namespace tripline::connectors::net
