#include "app/serve/dead_letters.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/places.h"

namespace tripline::app {
namespace {

constexpr engine::EventTime kNow{std::chrono::seconds{1'800'000'000}};

DeadLetter letter(std::string text) {
  return {.source = "org",
          .delivery = "request-1",
          .offset = 7,
          .bytes = text.size(),
          .code = "bad_input",
          .reason = "no JSON",
          .text = std::move(text)};
}

TEST(DeadLetters, AreLinesThatSayWhereFromAndWhy) {
  EXPECT_EQ(line_of(letter("{oops"), kNow),
            "{\"time\":\"2027-01-15T08:00:00Z\",\"source\":\"org\",\"delivery\":\"request-1\",\"offset\":7,\"bytes\":5,"
            "\"code\":\"bad_input\",\"reason\":\"no JSON\",\"data\":\"e29vcHM=\"}\n");
}

TEST(DeadLetters, GoOnBehindThoseOfAnEarlierProcess) {
  const tests::TemporaryFolder folder;
  for (const std::string text : {"a", "b"}) {
    DeadLetters letters(folder.path().string() + "/made", 1 << 20);
    ASSERT_TRUE(letters.add({letter(text)}, kNow));
    EXPECT_EQ(letters.kept(), 1u);
  }
  EXPECT_EQ(tests::read_file(folder.path() / "made/dead-letter.ndjson"),
            line_of(letter("a"), kNow) + line_of(letter("b"), kNow));
}

TEST(DeadLetters, GiveUpTheOldestBeyondTheBoundAndCountThem) {
  const tests::TemporaryFolder folder;
  const std::string line = line_of(letter("x"), kNow);
  DeadLetters letters(folder.path().string(), 4 * line.size());
  ASSERT_TRUE(letters.add(std::vector<DeadLetter>(4, letter("x")), kNow));
  EXPECT_EQ(letters.given_up_bytes(), 0u);
  ASSERT_TRUE(letters.add({letter("x")}, kNow));
  EXPECT_EQ(letters.given_up_bytes(), 2 * line.size());
  EXPECT_EQ(tests::read_file(folder.path() / "dead-letter.1.ndjson"), line + line);
  EXPECT_EQ(tests::read_file(folder.path() / "dead-letter.ndjson"), line);
}

TEST(DeadLetters, SayWhyTheyCannotBeKept) {
  DeadLetters letters("/proc/no-such-folder", 1 << 20);
  const auto added = letters.add({letter("x")}, kNow);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, engine::ErrorCode::kIo);
  EXPECT_EQ(added.error().message.find("dead letters in /proc/no-such-folder/dead-letter.ndjson: cannot open"), 0u);
}

}  // namespace
}  // namespace tripline::app
