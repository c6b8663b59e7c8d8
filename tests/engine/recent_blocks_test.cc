#include "engine/recent_blocks.h"

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

class RecentBlocksTest : public testing::Test {
 protected:
  std::string block_of(std::uint64_t first, std::size_t events) {
    FactsBlockWriter writer(codec_);
    for (std::uint64_t id = first; id < first + events; ++id) writer.add({.time = {}, .id = id});
    Packer out;
    writer.write(out);
    return out.take();
  }

  const FactsCodec codec_{{}};
};

TEST_F(RecentBlocksTest, AreFoundByTheirRowsUntilThereAreTooManyEvents) {
  RecentBlocks blocks(5);
  blocks.add(7, 2, block_of(70, 2));
  blocks.add(8, 0, "");
  blocks.add(9, 3, block_of(90, 3));
  ASSERT_NE(blocks.find(7), nullptr);
  EXPECT_EQ(blocks.find(7)->id(1), 71u);
  EXPECT_EQ(blocks.find(9)->size(), 3u);
  for (const std::uint64_t row : {0, 6, 8, 10}) EXPECT_EQ(blocks.find(row), nullptr) << row;
  blocks.add(12, 1, block_of(120, 1));
  EXPECT_EQ(blocks.find(7), nullptr);
  EXPECT_NE(blocks.find(9), nullptr);
  blocks.add(13, 100, block_of(130, 100));
  EXPECT_EQ(blocks.find(12), nullptr);
  ASSERT_NE(blocks.find(13), nullptr) << "the last one, whatever its size";
  EXPECT_EQ(blocks.find(13)->id(99), 229u);
}

TEST_F(RecentBlocksTest, KeepThoseThatWereReadWhileTheyAreAskedFor) {
  RecentBlocks blocks(5);
  EXPECT_EQ(blocks.find(1), nullptr);
  ASSERT_NE(blocks.keep(1, block_of(10, 2)), nullptr);
  for (std::uint64_t row = 2; row < 200; ++row) {
    ASSERT_NE(blocks.keep(row, block_of(10 * row, 1)), nullptr);
    ASSERT_NE(blocks.find(1), nullptr) << row;
    EXPECT_EQ(blocks.find(1)->id(1), 11u);
  }
  EXPECT_NE(blocks.find(199), nullptr);
  EXPECT_EQ(blocks.find(2), nullptr);
  EXPECT_EQ(blocks.keep(300, "damaged"), nullptr);
}

TEST_F(RecentBlocksTest, OfNoEventsAreNone) {
  RecentBlocks blocks(0);
  blocks.add(1, 1, block_of(1, 1));
  EXPECT_EQ(blocks.find(1), nullptr);
}

TEST_F(RecentBlocksTest, ThatAreDamagedAreNotFound) {
  RecentBlocks blocks(5);
  blocks.add(1, 1, "damaged");
  EXPECT_EQ(blocks.find(1), nullptr);
}

}  // namespace
}  // namespace tripline::engine
