#include "engine/literal_finder.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace tripline::engine {
namespace {

std::set<std::uint32_t> found(const LiteralFinder& finder, std::string_view text) {
  std::set<std::uint32_t> out;
  finder.find(text, [&](std::uint32_t literal) { out.insert(literal); });
  return out;
}

TEST(LiteralFinder, FindsLiteralsWhateverTheirLetterCase) {
  const LiteralFinder finder({"console", "login", "consolelogin", "xyz"});
  EXPECT_EQ(found(finder, "ConsoleLogin"), (std::set<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(found(finder, "console"), (std::set<std::uint32_t>{0}));
  EXPECT_EQ(found(finder, "XYZ"), (std::set<std::uint32_t>{3}));
  EXPECT_EQ(found(finder, "consol"), (std::set<std::uint32_t>{}));
  EXPECT_EQ(found(finder, "xy"), (std::set<std::uint32_t>{}));
  EXPECT_EQ(found(finder, ""), (std::set<std::uint32_t>{}));
  EXPECT_EQ(found(finder, {}), (std::set<std::uint32_t>{}));
}

TEST(LiteralFinder, WithoutLiteralsFindsNothing) {
  EXPECT_TRUE(LiteralFinder().empty());
  EXPECT_EQ(found(LiteralFinder(), "anything"), (std::set<std::uint32_t>{}));
}

TEST(LiteralFinder, FindsWhatASearchForEachLiteralFinds) {
  std::mt19937 random(5);
  const auto text = [&](std::size_t size) {
    std::string out(size, ' ');
    for (char& c : out) c = "abAB\xc3\xa9"[random() % 6];
    return out;
  };
  std::size_t hits = 0;
  for (int round = 0; round < 2000; ++round) {
    std::set<std::string> distinct;
    for (std::size_t i = 1 + random() % 40; i > 0; --i) distinct.insert(fold(text(3 + random() % 12)));
    const std::vector<std::string> literals(distinct.begin(), distinct.end());
    const LiteralFinder finder(literals);
    for (int i = 0; i < 10; ++i) {
      // On the heap and of its exact size, so that a sanitizer sees a read past the end.
      const std::string made = text(random() % 40);
      const std::vector<char> bytes(made.begin(), made.end());
      std::set<std::uint32_t> expected;
      for (std::uint32_t literal = 0; literal < literals.size(); ++literal) {
        if (fold(made).find(literals[literal]) != std::string::npos) expected.insert(literal);
      }
      hits += expected.size();
      ASSERT_EQ(found(finder, {bytes.data(), bytes.size()}), expected) << made;
    }
  }
  EXPECT_GT(hits, 10000U);
}

}  // namespace
}  // namespace tripline::engine
