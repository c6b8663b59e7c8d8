#include "engine/token_scan.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

enum class Kind { kNone, kInString, kClosing, kScalar, kOpen, kClose, kSeparator };

/// The same marks from a walk over the bytes.
std::vector<TokenMarks> scan_slowly(std::string_view text) {
  std::vector<TokenMarks> marks(text.size() / kTokenBlock);
  bool in_string = false;
  bool escaped = false;
  Kind before = Kind::kNone;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    TokenMarks& mark = marks[i / kTokenBlock];
    const std::uint64_t bit = std::uint64_t{1} << (i % kTokenBlock);
    if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) >= 0x80) mark.other |= bit;
    const bool quote = c == '"' && !escaped;
    if (escaped && in_string) mark.escapes |= bit;
    escaped = c == '\\' && !escaped;
    const bool behind_value = before == Kind::kClosing || before == Kind::kScalar || before == Kind::kClose;
    const bool value_wanted = before == Kind::kOpen || before == Kind::kSeparator;
    if (quote && in_string) {
      in_string = false;
      before = Kind::kClosing;
    } else if (in_string) {
      before = Kind::kInString;
    } else if (quote) {
      in_string = true;
      if (behind_value) mark.other |= bit;
      before = Kind::kInString;
    } else if (c == '{' || c == '[') {
      if (behind_value) mark.other |= bit;
      before = Kind::kOpen;
    } else if (c == '}' || c == ']') {
      if (before == Kind::kSeparator) mark.other |= bit;
      before = Kind::kClose;
    } else if (c == ',' || c == ':') {
      if (value_wanted) mark.other |= bit;
      if (c == ':') mark.colons |= bit;
      before = Kind::kSeparator;
    } else {
      if (before != Kind::kScalar) {
        mark.scalars |= bit;
        if (behind_value) mark.other |= bit;
      }
      before = Kind::kScalar;
    }
  }
  return marks;
}

TEST(TokenScan, MarksWhatAByteWiseWalkMarks) {
  std::mt19937 random(1);
  const std::string_view likely = "\"\"\"\"\\\\{}[],,::1tab \n";
  for (int round = 0; round < 3000; ++round) {
    std::string text((1 + random() % 5) * kTokenBlock, ' ');
    const bool any_byte = round % 3 == 0;
    for (char& c : text) c = any_byte ? static_cast<char>(random() % 256) : likely[random() % likely.size()];
    const auto expected = scan_slowly(text);
    for (const auto scan : {scan_tokens, scan_tokens_portable}) {
      // In two calls, as the state between them counts.
      std::vector<TokenMarks> marks(expected.size());
      TokenState state;
      const std::size_t first = random() % (marks.size() + 1);
      scan(text.data(), first, state, marks.data());
      scan(text.data() + first * kTokenBlock, marks.size() - first, state, marks.data() + first);
      for (std::size_t i = 0; i < marks.size(); ++i) {
        ASSERT_EQ(marks[i].colons, expected[i].colons) << "block " << i << " of\n" << text;
        ASSERT_EQ(marks[i].scalars, expected[i].scalars) << "block " << i << " of\n" << text;
        ASSERT_EQ(marks[i].escapes, expected[i].escapes) << "block " << i << " of\n" << text;
        ASSERT_EQ(marks[i].other, expected[i].other) << "block " << i << " of\n" << text;
      }
    }
  }
}

}  // namespace
}  // namespace tripline::engine
