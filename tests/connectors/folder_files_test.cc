#include "connectors/folder_files.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::connectors {
namespace {

using engine::EventTime;
using std::chrono::seconds;

constexpr seconds kSettle{2};
EventTime at(int second) { return EventTime(seconds{1'700'000'000 + second}); }

FoundFile file(std::string path, int changed, std::uint64_t size = 10) {
  return {.path = std::move(path),
          .size = size,
          .changed_ns = std::chrono::nanoseconds(at(changed).time_since_epoch()).count(),
          .inode = 1};
}

std::string next(FolderFiles& files, int now) {
  const auto found = files.next(at(now));
  return found ? found->path : "";
}

TEST(FolderFiles, GivesEachFileOnce) {
  FolderFiles files(kSettle);
  const std::vector<FoundFile> found{file("logs/b", 0), file("logs/a", 0)};
  files.look_at_all(found, at(10));
  EXPECT_EQ(next(files, 10), "logs/a");
  files.look_at_all(found, at(11));
  EXPECT_EQ(next(files, 11), "logs/b") << "one in hand is not given again";
  files.done(found[0]);
  files.done(found[1]);
  files.look_at_all(found, at(12));
  EXPECT_EQ(next(files, 12), "");
  EXPECT_EQ(files.waiting(), 0u);
}

TEST(FolderFiles, WaitsForAFileThatIsBeingWritten) {
  FolderFiles files(kSettle);
  files.look_at("logs/", {file("logs/a", 10, 1)}, at(10));
  EXPECT_EQ(next(files, 11), "");
  EXPECT_EQ(files.next_ready(), at(12));
  files.look_at("logs/", {file("logs/a", 11, 2)}, at(11));
  EXPECT_EQ(next(files, 12), "") << "it has grown";
  EXPECT_EQ(next(files, 13), "logs/a");
}

TEST(FolderFiles, WatchesAFileThatGrowsThoughItsTimeStandsStill) {
  FolderFiles files(kSettle);
  files.look_at("logs/", {file("logs/a", 10, 1)}, at(10));
  files.look_at("logs/", {file("logs/a", 10, 2)}, at(12));
  EXPECT_EQ(next(files, 13), "");
  EXPECT_EQ(next(files, 14), "logs/a");
}

TEST(FolderFiles, DoesNotWaitForATimeToCome) {
  FolderFiles files(kSettle);
  files.look_at("logs/", {file("logs/a", 99'999)}, at(10));
  EXPECT_EQ(next(files, 12), "logs/a");
}

TEST(FolderFiles, GivesAFileThatChangedAgain) {
  FolderFiles files(kSettle);
  files.look_at_all({file("logs/a", 0)}, at(10));
  EXPECT_EQ(next(files, 10), "logs/a");
  files.done(file("logs/a", 0));
  files.look_at_all({file("logs/a", 20)}, at(30));
  EXPECT_EQ(next(files, 30), "logs/a");
}

TEST(FolderFiles, GivesWhatFailedAgainAtTheNextLook) {
  FolderFiles files(kSettle);
  files.look_at_all({file("logs/a", 0)}, at(10));
  const auto taken = files.next(at(10));
  files.failed(*taken);
  EXPECT_EQ(next(files, 11), "");
  files.look_at_all({file("logs/a", 0)}, at(12));
  EXPECT_EQ(next(files, 12), "logs/a");
}

TEST(FolderFiles, CountsWhatFailedAmongWhatIsStillToCome) {
  const std::string path = "logs/111122223333_CloudTrail_eu-west-1_20260115T1010Z_0123456789abcdef.json.gz";
  FolderFiles files(kSettle);
  files.look_at_all({file(path, 0)}, at(10));
  const auto oldest = files.oldest();
  ASSERT_TRUE(oldest);
  const auto taken = files.next(at(10));
  ASSERT_TRUE(taken);
  files.failed(*taken);
  EXPECT_EQ(files.oldest(), oldest);
  files.look_at_all({file(path, 0)}, at(12));
  EXPECT_EQ(files.oldest(), oldest);
  files.done(*files.next(at(12)));
  EXPECT_FALSE(files.oldest());
}

TEST(FolderFiles, WaitsAnewForAFileThatChangedInHand) {
  FolderFiles files(kSettle);
  files.look_at_all({file("logs/a", 0)}, at(10));
  EXPECT_EQ(next(files, 10), "logs/a");
  files.put_back(file("logs/a", 0, 11), at(10));
  EXPECT_EQ(next(files, 11), "");
  EXPECT_EQ(files.next(at(12)), file("logs/a", 0, 11));
}

TEST(FolderFiles, KnowsWhatAnEarlierProcessRead) {
  FolderFiles files(kSettle);
  files.remember(file("logs/a", 0).digest());
  files.look_at_all({file("logs/a", 0), file("logs/b", 0)}, at(10));
  EXPECT_EQ(next(files, 10), "logs/b");
  EXPECT_EQ(next(files, 10), "");
}

TEST(FolderFiles, ForgetsFilesThatAreGone) {
  FolderFiles files(kSettle);
  files.remember(file("logs/a", 0).digest());
  files.remember(file("logs/b", 0).digest());
  files.look_at("logs/", {file("logs/a", 0)}, at(10));
  EXPECT_TRUE(files.take_forgotten().empty()) << "a look at one folder knows nothing of others";
  files.look_at_all({file("logs/a", 0)}, at(11));
  EXPECT_EQ(files.take_forgotten(), (std::vector{file("logs/b", 0).digest()}));
  EXPECT_TRUE(files.take_forgotten().empty());
  EXPECT_EQ(files.remembered(), 1u);
}

TEST(FolderFiles, LetsAFileGoThatVanishesBeforeItIsRead) {
  FolderFiles files(kSettle);
  files.look_at("logs/", {file("logs/a", 0), file("logs/b", 0)}, at(10));
  files.look_at("logs/sub/", {}, at(10));
  files.look_at("logs/", {file("logs/b", 0)}, at(10));
  EXPECT_EQ(next(files, 10), "logs/b");
  EXPECT_EQ(next(files, 10), "");
}

TEST(FolderFiles, ComeInTheOrderOfTheirDelivery) {
  const auto object = [](const std::string& time, const std::string& id) {
    return file("s/111122223333_CloudTrail_eu-west-1_" + time + "_" + id + ".json.gz", 0);
  };
  FolderFiles files(kSettle);
  files.look_at_all(
      {file("s/a.json", 0), object("20231115T0010Z", "AAAAAAAAAAAAAAAA"), object("20231115T0005Z", "BBBBBBBBBBBBBBBB")},
      at(10));
  EXPECT_EQ(files.oldest(), engine::parse_time("2023-11-15T00:05:00Z"));
  EXPECT_NE(next(files, 10).find("0005Z"), std::string::npos);
  EXPECT_EQ(files.oldest(), engine::parse_time("2023-11-15T00:05:00Z")) << "it is in hand";
  EXPECT_NE(next(files, 10).find("0010Z"), std::string::npos);
  EXPECT_EQ(next(files, 10), "s/a.json");
}

}  // namespace
}  // namespace tripline::connectors
