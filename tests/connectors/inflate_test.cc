#include "connectors/inflate.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/deliveries.h"

namespace tripline::connectors {
namespace {

using engine::ErrorCode;

struct Inflated {
  std::string text;
  std::optional<ErrorCode> trouble;
};

/// Inflates `bytes`, pulled `pull_step` and read `read_step` bytes at a time.
Inflated inflate(std::string_view bytes, std::size_t pull_step = 1 << 16, std::size_t read_step = 1 << 16,
                 const Limits& limits = {}) {
  std::uint64_t left = limits.max_inflated_bytes;
  GzipStream stream(
      [&, pull_step](char* to, std::size_t size) -> engine::Result<std::size_t> {
        const std::size_t taken = std::min({size, pull_step, bytes.size()});
        std::memcpy(to, bytes.data(), taken);
        bytes.remove_prefix(taken);
        return taken;
      },
      limits, left);
  Inflated result;
  std::string part(read_step, '\0');
  for (;;) {
    const auto got = stream.read(part.data(), part.size());
    EXPECT_TRUE(got);
    result.text.append(part, 0, *got);
    if (*got < read_step) break;
  }
  if (stream.trouble()) result.trouble = stream.trouble()->code;
  return result;
}

/// Text that compresses about as well as logs do.
std::string some_text(std::size_t size) {
  std::mt19937 random(3);
  std::string text;
  while (text.size() < size) text += "{\"n\":" + std::to_string(random()) + "}\n";
  return text;
}

TEST(GzipStream, InflatesMembersAsOneText) {
  const std::string a = some_text(200000);
  const std::string b = "b";
  // A block type that there is none of, at the beginning of the data: nothing comes out.
  const auto damaged = [](std::string gzip) { return gzip.replace(10, 1, "\xff"); };
  const struct {
    std::string_view name;
    std::string bytes;
    std::string text;
    std::optional<ErrorCode> trouble;
  } cases[] = {
      {"nothing", "", "", std::nullopt},
      {"one member", tests::gzip(a), a, std::nullopt},
      {"an empty member", tests::gzip(""), "", std::nullopt},
      {"three members", tests::gzip(a) + tests::gzip("") + tests::gzip(b), a + b, std::nullopt},
      {"lines between members", tests::gzip(a) + "\n" + tests::gzip(b) + "\n", a + b, std::nullopt},
      {"zeros behind a member", tests::gzip(b) + std::string(1024, '\0'), b, std::nullopt},
      {"text behind a member", tests::gzip(b) + "text", b, ErrorCode::kBadInput},
      {"text between members", tests::gzip(a) + "text\x1f" + tests::gzip(b), a + b, ErrorCode::kBadInput},
      {"a damaged member before another", damaged(tests::gzip(a)) + tests::gzip(b), b, ErrorCode::kBadInput},
      {"the start of a member behind one", tests::gzip(b) + "\x1f\x8b", b, ErrorCode::kTruncated},
      {"no gzip at all", "text", "", ErrorCode::kBadInput},
      {"a wrong checksum", tests::gzip(b).replace(tests::gzip(b).size() - 8, 1, "\x01"), b, ErrorCode::kBadInput},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    for (const std::size_t step : {1u, 7u, 1u << 16}) {
      const Inflated inflated = inflate(c.bytes, step, step);
      EXPECT_EQ(inflated.text, c.text);
      EXPECT_EQ(inflated.trouble, c.trouble);
    }
  }
}

TEST(GzipStream, GivesWhatCameOutBeforeTheCut) {
  const std::string text = some_text(300000);
  const std::string bytes = tests::gzip(text);
  for (const std::size_t size : {bytes.size() - 1, bytes.size() / 2, std::size_t{11}}) {
    const Inflated inflated = inflate(std::string_view(bytes).substr(0, size));
    EXPECT_EQ(inflated.trouble, ErrorCode::kTruncated);
    EXPECT_EQ(inflated.text, text.substr(0, inflated.text.size()));
    EXPECT_GT(inflated.text.size() + 4096, text.size() * (size - 11) / bytes.size() / 2);
  }
}

TEST(GzipStream, GoesOnWithTheMemberBehindOneThatIsCutOff) {
  const std::string text = some_text(300000);
  const std::string bytes = tests::gzip(text);
  const std::string next = some_text(1000);
  for (std::size_t size = 20; size < bytes.size(); size += 997) {
    const Inflated inflated = inflate(bytes.substr(0, size) + tests::gzip(next));
    ASSERT_TRUE(inflated.trouble);
    ASSERT_TRUE(inflated.text.ends_with(next)) << "cut off at " << size;
  }
}

TEST(GzipStream, StopsAtItsLimits) {
  Limits limits;
  limits.max_inflated_bytes = 1000;
  const std::string text = some_text(5000);
  const Inflated cut = inflate(tests::gzip(text), 1 << 16, 1 << 16, limits);
  EXPECT_EQ(cut.trouble, ErrorCode::kTooLarge);
  EXPECT_EQ(cut.text, text.substr(0, 1000));
  const Inflated whole = inflate(tests::gzip(text.substr(0, 1000)), 1 << 16, 1 << 16, limits);
  EXPECT_EQ(whole.trouble, std::nullopt);
  EXPECT_EQ(whole.text.size(), 1000u);

  Limits ratio;
  ratio.max_inflate_ratio = 100;
  const std::string zeros = tests::gzip(std::string(std::size_t{70} << 20, '0'));
  EXPECT_EQ(inflate(zeros, 1 << 16, 1 << 16, ratio).trouble, ErrorCode::kTooLarge);
  EXPECT_EQ(inflate(zeros, 1 << 16, 1 << 16).trouble, std::nullopt);
}

TEST(InflateWhole, GivesOneMemberAndNothingElse) {
  const std::string text = some_text(100000);
  const std::string bytes = tests::gzip(text);
  ASSERT_EQ(gzip_size_hint(bytes), text.size());
  std::string to(text.size(), '\0');
  EXPECT_EQ(inflate_whole(bytes, to.data(), to.size()), text.size());
  EXPECT_EQ(to, text);
  EXPECT_EQ(inflate_whole(bytes, to.data(), to.size() - 1), std::nullopt);
  EXPECT_EQ(inflate_whole(bytes + bytes, to.data(), to.size()), std::nullopt);
  EXPECT_EQ(inflate_whole(bytes + "\n", to.data(), to.size()), std::nullopt);
  EXPECT_EQ(inflate_whole(bytes.substr(0, 500), to.data(), to.size()), std::nullopt);
  EXPECT_EQ(inflate_whole("text", to.data(), to.size()), std::nullopt);
}

}  // namespace
}  // namespace tripline::connectors
