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
  /// A file that is there as a whole from its first moment on, as careful writers have it.
  std::string put(const std::string& name) const {
    const std::filesystem::path there = folder_.path() / name;
    std::filesystem::create_directories(there.parent_path());
    std::filesystem::rename(folder_.write(".staging/" + there.filename().string(), "1"), there);
    return there.string();
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
  put("a.json");
  put("deep/down/b.json.gz");
  FolderWatch watch(options(), intake_, now);
  ASSERT_TRUE(watch.start());
  EXPECT_EQ((std::set{take(), take()}), (std::set<std::string>{"a.json", "deep/down/b.json.gz"}));
  put("c.json");
  EXPECT_EQ(take(), "c.json");
  put("new/folder/d.json");
  EXPECT_EQ(take(), "new/folder/d.json");
  watch.stop();
  EXPECT_EQ(watch.counters().durable, 4u);
}

TEST_F(FolderWatchTest, PassesOverWhatIsNoLog) {
  put("notes.txt");
  put(".hidden.json");
  put(".git/a.json");
  put("111122223333_CloudTrail-Digest_eu-west-1_t_eu-west-1_20231115T001000Z.json.gz");
  put("z.json");
  FolderWatch watch(options(), intake_, now);
  ASSERT_TRUE(watch.start());
  EXPECT_EQ(take(), "z.json");
  watch.stop();
  EXPECT_EQ(watch.counters().taken, 1u);
}

TEST_F(FolderWatchTest, BringsNothingTwiceAfterARestart) {
  put("a.json");
  {
    FolderWatch watch(options(), intake_, now);
    ASSERT_TRUE(watch.start());
    EXPECT_EQ(take(), "a.json");
  }
  put("b.json");
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
  put("a.json");
  FolderWatch watch(often, intake_, now);
  ASSERT_TRUE(watch.start());
  EXPECT_EQ(take(false), "a.json");
  EXPECT_EQ(take(), "a.json");
}

TEST_F(FolderWatchTest, ForgetsMarksOfFilesThatAreGone) {
  auto often = options();
  often.rescan = std::chrono::milliseconds{20};
  const std::string a = put("a.json");
  FolderWatch watch(often, intake_, now);
  ASSERT_TRUE(watch.start());
  EXPECT_EQ(take(), "a.json");
  std::filesystem::remove(a);
  put("b.json");
  EXPECT_EQ(take(), "b.json");
  std::vector<engine::Mark> forgotten;
  while (forgotten.empty()) forgotten = watch.take_forgotten();
  EXPECT_EQ(forgotten[0].key, marks_[0].key);
  EXPECT_EQ(forgotten[0].value, "");
}

TEST_F(FolderWatchTest, KnowsFromTheStartWhatWaitsLongest) {
  put("AWSLogs/111122223333_CloudTrail_eu-west-1_20231115T0010Z_AAAAAAAAAAAAAAAA.json.gz");
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
