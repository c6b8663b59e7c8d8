#include "connectors/folder_watch.h"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/places.h"

namespace tripline::connectors {
namespace {

using engine::EventTime;

EventTime now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

class FolderWatchTest : public testing::Test {
 protected:
  FolderWatch::Options options() const {
    return {.path = folder_.path().string(),
            .name = "trail",
            .patterns = {"*.json", "*.json.gz"},
            .rescan = std::chrono::hours{1},
            .settle = std::chrono::milliseconds{1}};
  }
  /// The next file's path below the folder; it is settled at once.
  std::string take(bool durable = true) {
    const auto envelope = intake_.take();
    EXPECT_TRUE(envelope);
    EXPECT_EQ(envelope->source, "trail");
    marks_.push_back(*envelope->mark);
    intake_.settle(envelope->sequence,
                   durable ? engine::Result<void>() : engine::fail(engine::ErrorCode::kStore, "the disk is full"));
    return envelope->path.substr(folder_.path().string().size() + 1);
  }

  tests::TemporaryFolder folder_;
  Intake intake_{Intake::Options{}};
  std::vector<engine::Mark> marks_;
};

TEST_F(FolderWatchTest, BringsWhatIsThereAndWhatComes) {
  folder_.write("a.json", "1");
  folder_.write("deep/down/b.json.gz", "1");
  FolderWatch watch(options(), intake_, now);
  ASSERT_TRUE(watch.start());
  EXPECT_EQ((std::set{take(), take()}), (std::set<std::string>{"a.json", "deep/down/b.json.gz"}));
  folder_.write("c.json", "1");
  EXPECT_EQ(take(), "c.json");
  folder_.write("new/folder/d.json", "1");
  EXPECT_EQ(take(), "new/folder/d.json");
  // Moved into its place, as careful writers do.
  folder_.write(".e.tmp", "1");
  std::filesystem::rename(folder_.path() / ".e.tmp", folder_.path() / "e.json");
  EXPECT_EQ(take(), "e.json");
  watch.stop();
  EXPECT_EQ(watch.counters().durable, 5u);
}

TEST_F(FolderWatchTest, PassesOverWhatIsNoLog) {
  folder_.write("notes.txt", "1");
  folder_.write(".hidden.json", "1");
  folder_.write(".git/a.json", "1");
  folder_.write("111122223333_CloudTrail-Digest_eu-west-1_t_eu-west-1_20231115T001000Z.json.gz", "1");
  folder_.write("z.json", "1");
  FolderWatch watch(options(), intake_, now);
  ASSERT_TRUE(watch.start());
  EXPECT_EQ(take(), "z.json");
  watch.stop();
  EXPECT_EQ(watch.counters().taken, 1u);
}

TEST_F(FolderWatchTest, BringsNothingTwiceAfterARestart) {
  folder_.write("a.json", "1");
  {
    FolderWatch watch(options(), intake_, now);
    ASSERT_TRUE(watch.start());
    EXPECT_EQ(take(), "a.json");
  }
  folder_.write("b.json", "1");
  FolderWatch watch(options(), intake_, now);
  EXPECT_TRUE(watch.remember(marks_.at(0)));
  EXPECT_FALSE(watch.remember({"file:other:" + std::string(32, '0'), "\x01"}));
  ASSERT_TRUE(watch.start());
  EXPECT_EQ(take(), "b.json");
  watch.stop();
  EXPECT_EQ(watch.counters().taken, 1u);
}

TEST_F(FolderWatchTest, BringsAgainWhatFailed) {
  auto often = options();
  often.rescan = std::chrono::milliseconds{20};
  folder_.write("a.json", "1");
  FolderWatch watch(often, intake_, now);
  ASSERT_TRUE(watch.start());
  EXPECT_EQ(take(false), "a.json");
  EXPECT_EQ(take(), "a.json");
}

TEST_F(FolderWatchTest, ForgetsMarksOfFilesThatAreGone) {
  auto often = options();
  often.rescan = std::chrono::milliseconds{20};
  const std::string a = folder_.write("a.json", "1");
  FolderWatch watch(often, intake_, now);
  ASSERT_TRUE(watch.start());
  EXPECT_EQ(take(), "a.json");
  std::filesystem::remove(a);
  folder_.write("b.json", "1");
  EXPECT_EQ(take(), "b.json");
  std::vector<engine::Mark> forgotten;
  while (forgotten.empty()) forgotten = watch.take_forgotten();
  EXPECT_EQ(forgotten[0].key, marks_[0].key);
  EXPECT_EQ(forgotten[0].value, "");
}

TEST_F(FolderWatchTest, KnowsFromTheStartWhatWaitsLongest) {
  folder_.write("AWSLogs/111122223333_CloudTrail_eu-west-1_20231115T0010Z_AAAAAAAAAAAAAAAA.json.gz", "1");
  FolderWatch watch(options(), intake_, now);
  ASSERT_TRUE(watch.start());
  EXPECT_EQ(watch.oldest(), engine::parse_time("2023-11-15T00:10:00Z"));
  const auto envelope = intake_.take();
  EXPECT_EQ(envelope->delivered, engine::parse_time("2023-11-15T00:10:00Z"));
  EXPECT_EQ(envelope->account, "111122223333");
  EXPECT_EQ(watch.oldest(), engine::parse_time("2023-11-15T00:10:00Z")) << "it is not durable yet";
  intake_.settle(envelope->sequence, {});
  EXPECT_FALSE(watch.oldest());
}

TEST_F(FolderWatchTest, SaysWhatItCannotWatch) {
  auto wrong = options();
  wrong.path = "/no/such/folder";
  FolderWatch watch(wrong, intake_, now);
  const auto started = watch.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message,
            "folder /no/such/folder/ of the source trail cannot be watched: No such file or directory");
}

}  // namespace
}  // namespace tripline::connectors
