#include "connectors/structure_scan.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::connectors {
namespace {

/// The same marks from a walk over the bytes.
std::vector<BlockMarks> scan_slowly(std::string_view text) {
  std::vector<BlockMarks> marks(text.size() / kBlockBytes);
  bool in_string = false;
  bool escaped = false;
  bool after_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::uint64_t bit = std::uint64_t{1} << (i % kBlockBytes);
    const bool bracket = std::string_view("{}[]").find(c) != std::string_view::npos;
    const bool follows =
        static_cast<unsigned char>(c) <= ' ' || std::string_view(",:]}").find(c) != std::string_view::npos;
    if (after_string && !follows) marks[i / kBlockBytes].broken |= bit;
    after_string = false;
    const bool quote = c == '"' && !escaped;
    escaped = c == '\\' && !escaped;
    if (quote) {
      in_string = !in_string;
      after_string = !in_string;
    } else if (bracket && !in_string) {
      marks[i / kBlockBytes].brackets |= bit;
    }
  }
  return marks;
}

TEST(StructureScan, MarksWhatAByteWiseWalkMarks) {
  std::mt19937 random(1);
  const std::string_view likely = "\"\"\"\\\\\\{}[],: \n\tab";
  for (int round = 0; round < 3000; ++round) {
    std::string text((1 + random() % 5) * kBlockBytes, ' ');
    const bool any_byte = round % 3 == 0;
    for (char& c : text) c = any_byte ? static_cast<char>(random() % 256) : likely[random() % likely.size()];
    const auto expected = scan_slowly(text);
    for (const auto scan : {scan_blocks, scan_blocks_portable}) {
      // In two calls, as the state between them counts.
      std::vector<BlockMarks> marks(expected.size());
      ScanState state;
      const std::size_t first = random() % (marks.size() + 1);
      scan(text.data(), first, state, marks.data());
      scan(text.data() + first * kBlockBytes, marks.size() - first, state, marks.data() + first);
      for (std::size_t i = 0; i < marks.size(); ++i) {
        ASSERT_EQ(marks[i].brackets, expected[i].brackets) << "block " << i << " of\n" << text;
        ASSERT_EQ(marks[i].broken, expected[i].broken) << "block " << i << " of\n" << text;
      }
    }
  }
}

}  // namespace
}  // namespace tripline::connectors
