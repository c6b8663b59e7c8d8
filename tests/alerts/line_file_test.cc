#include "alerts/line_file.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/messages.h"
#include "tests/support/places.h"

namespace tripline::alerts {
namespace {

namespace fs = std::filesystem;
using tests::read_file;

class Lines : public testing::Test {
 protected:
  std::string path(const std::string& name = "out.ndjson") const { return (folder_.path() / name).string(); }
  tests::TemporaryFolder folder_;
};
using LineFileTest = Lines;

TEST_F(LineFileTest, AddsLinesAndMovesFilesOnAsTheyGrow) {
  LineFile file({.path = path(), .rotate_bytes = 10, .keep = 2});
  for (const auto* line :
       {"one\n", "two\n", "three\n", "four\n", "five\n", "six\n", "a line beyond the bound\n", "7\n"}) {
    ASSERT_TRUE(file.append(line));
  }
  EXPECT_EQ(read_file(path()), "7\n");
  EXPECT_EQ(read_file(path() + ".1"), "a line beyond the bound\n");
  EXPECT_EQ(read_file(path() + ".2"), "six\n");
  EXPECT_FALSE(fs::exists(path() + ".3"));
  EXPECT_EQ(file.rotations(), 5u);
}

TEST_F(LineFileTest, GoesOnBehindWhatIsThere) {
  folder_.write("out.ndjson", "whole\nhalf a li");
  LineFile file({.path = path()});
  ASSERT_TRUE(file.append("next\n"));
  EXPECT_EQ(read_file(path()), "whole\nhalf a li\nnext\n");
  EXPECT_EQ(fs::status(path()).permissions() & fs::perms::others_all, fs::perms::others_read)
      << "the permissions of a file that is there are its owner's affair";
}

TEST_F(LineFileTest, BeginsAnewWhenSomebodyMovesTheFileAway) {
  LineFile file({.path = path(), .sync = false});
  ASSERT_TRUE(file.append("one\n"));
  EXPECT_EQ(fs::status(path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  fs::rename(path(), path("moved"));
  ASSERT_TRUE(file.append("two\n"));
  EXPECT_EQ(read_file(path()), "two\n");
  EXPECT_EQ(read_file(path("moved")), "one\n");
}

TEST_F(LineFileTest, SaysWhyItCannotWrite) {
  LineFile nowhere({.path = path("no/such/folder")});
  const auto written = nowhere.append("x\n");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, path("no/such/folder") + ": cannot be opened: No such file or directory");
  LineFile full({.path = "/dev/full"});
  EXPECT_FALSE(full.append("x\n"));
}

TEST_F(LineFileTest, IsWhatTheFileSinkWritesTo) {
  const auto sender = tests::make_sender("file", {{"path", path()}, {"rotate_bytes", "10KiB"}}, {});
  std::vector<Message> messages(150, tests::message_of(tests::bare_signal()));
  const Sent sent = tests::send_and_wait(*sender, messages);
  ASSERT_EQ(sent.verdicts.size(), 150u);
  for (const auto& verdict : sent.verdicts) EXPECT_EQ(verdict.kind, Verdict::Kind::kDelivered);
  std::size_t lines = 0;
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    const std::string text = read_file(entry.path());
    lines += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  EXPECT_EQ(lines, 150u) << "a hundred in the first file, the others in the second";

  const auto nowhere = tests::make_sender("file", {{"path", path("no/folder")}}, {});
  const Sent failed = tests::send_and_wait(*nowhere, {messages.front()});
  EXPECT_EQ(failed.verdicts.at(0).kind, Verdict::Kind::kRetry);
  EXPECT_TRUE(failed.verdicts.at(0).of_sink);
}

}  // namespace
}  // namespace tripline::alerts
