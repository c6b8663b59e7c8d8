#include "engine/key_scan.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

const std::vector<std::string> kWanted{"tab", "abc", "tla"};

bool ends_in_one(std::string_view text) {
  return std::any_of(kWanted.begin(), kWanted.end(),
                     [&](std::string_view key) { return text.ends_with(key.substr(1)); });
}

/// The same from a walk over the bytes.
std::vector<std::uint32_t> colons_of(std::string_view text, bool& odd) {
  std::vector<std::uint32_t> colons;
  odd = false;
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    odd |= byte < ' ' || byte >= 0x80 || text.substr(i, 2) == "\\u" || text.substr(i, 2) == "\" ";
    if (text[i] == ':' && i > 0 && text[i - 1] == '"' && ends_in_one(text.substr(0, i - 1))) colons.push_back(i);
  }
  return colons;
}

TEST(KeyScan, FindsWhatAByteWiseWalkFinds) {
  KeyTails tails;
  for (const auto& key : kWanted) tails.add(key);
  std::mt19937 random(1);
  const char* const parts[] = {
      "{\"tab\":", "1,", "\"a\\\"b\":", "\"x\",", "\"abc\":", "\"tla\" :", "abc\":", "ab", "\\", "u"};
  std::size_t plain = 0, colons = 0;
  for (int round = 0; round < 6000; ++round) {
    std::string text;
    if (round % 3 == 0) {
      for (std::size_t i = 1 + random() % 300; i > 0; --i) text += static_cast<char>(random() % 256);
    } else {
      for (std::size_t i = random() % 60; i > 0; --i) text += parts[random() % (round % 3 == 1 ? 8 : std::size(parts))];
    }
    bool odd = false;
    const auto expected = colons_of(text, odd);
    const std::size_t size = text.size();
    text += std::string(kKeyBlock + 1, ':');  // what stands behind may be anything but an escape's end
    for (const auto scan : {scan_keys, scan_keys_portable}) {
      Keys keys;
      scan(text.data(), size, tails, keys);
      ASSERT_EQ(keys.odd, odd) << text;
      const std::vector<std::uint32_t> found(keys.colons.begin(), keys.colons.begin() + keys.count);
      ASSERT_TRUE(std::is_sorted(found.begin(), found.end()));
      ASSERT_TRUE(std::includes(found.begin(), found.end(), expected.begin(), expected.end())) << text;
      // Letters share their halves, so that there may be more, but nothing that is no key.
      for (const std::uint32_t at : found) ASSERT_TRUE(at >= 3 && text[at] == ':' && text[at - 1] == '"') << text;
      ASSERT_LE(found.size(), expected.size() * 2 + 2);
    }
    plain += odd ? 0 : 1;
    colons += expected.size();
  }
  EXPECT_GT(plain, 300U);
  EXPECT_GT(colons, 5000U);
}

}  // namespace
}  // namespace tripline::engine
