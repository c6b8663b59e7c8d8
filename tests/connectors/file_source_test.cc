#include "connectors/file_source.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::connectors {
namespace {

namespace fs = std::filesystem;

class FileSourceTest : public testing::Test {
 protected:
  FileSourceTest() {
    std::string pattern = (fs::temp_directory_path() / "tripline-XXXXXX").string();
    root_ = std::string(::mkdtemp(pattern.data())) + "/";
  }
  ~FileSourceTest() override { fs::remove_all(root_); }

  void write(const std::string& path, std::string_view text = "{}") {
    fs::create_directories(fs::path(root_ + path).parent_path());
    std::ofstream(root_ + path, std::ios::binary) << text;
  }

  std::unique_ptr<FileSource> open(std::vector<std::string> paths) {
    for (std::string& path : paths) path = path == "-" ? path : root_ + path;
    auto source = FileSource::open(paths);
    EXPECT_TRUE(source) << source.error().message;
    return source ? std::move(*source) : nullptr;
  }

  /// The paths in order of delivery, without the root.
  std::vector<std::string> read(FileSource& source) {
    std::vector<std::string> paths;
    for (auto envelope = source.next(); *envelope; envelope = source.next()) {
      EXPECT_EQ((*envelope)->sequence, paths.size());
      EXPECT_FALSE((*envelope)->body);
      const std::string& path = (*envelope)->path;
      paths.push_back(path.starts_with(root_) ? path.substr(root_.size()) : path);
    }
    EXPECT_EQ(paths.size(), source.files());
    return paths;
  }

  std::string root_;
};

using Paths = std::vector<std::string>;

std::string log_file(std::string_view account, std::string_view region, std::string_view time) {
  std::string name(account);
  return name.append("_CloudTrail_").append(region).append("_").append(time).append("_AbCdEfGhIjKlMnOp.json.gz");
}

TEST_F(FileSourceTest, GivesFilesInOrderOfDeliveryAcrossFolders) {
  const std::string late = "b/" + log_file("123456789012", "eu-west-1", "20260115T1015Z");
  const std::string early = "c/" + log_file("123456789012", "us-east-1", "20260115T1005Z");
  const std::string tie_a = "a/" + log_file("123456789012", "us-east-1", "20260115T1010Z");
  const std::string tie_b = "a/" + log_file("210987654321", "us-east-1", "20260115T1010Z");
  for (const auto& path : {late, early, tie_a, tie_b}) write(path);
  write("z.json");
  write("y/2.ndjson");
  write("y/1.ndjson");
  const auto source = open({"z.json", "b", "-", "y", "c", "a"});
  EXPECT_EQ(read(*source), (Paths{"z.json", "-", "y/1.ndjson", "y/2.ndjson", early, tie_a, tie_b, late}));
}

TEST_F(FileSourceTest, TellsWhatAnObjectNameSays) {
  write(log_file("123456789012", "eu-west-1", "20260115T1015Z"));
  write("other.json");
  const auto source = open({""});
  const auto other = source->next();
  EXPECT_FALSE((**other).delivered);
  EXPECT_EQ((**other).account, "");
  const auto log = source->next();
  EXPECT_EQ(engine::format_time(*(**log).delivered), "2026-01-15T10:15:00Z");
  EXPECT_EQ((**log).account, "123456789012");
  EXPECT_EQ((**log).region, "eu-west-1");
}

TEST_F(FileSourceTest, PassesOverWhatIsNoLogAndCountsIt) {
  write("logs/a.json", "12345");
  write("logs/b", "123");
  write("logs/README.md");
  write("logs/LICENSE");
  write("logs/rule.test.yml");
  write("logs/.hidden");
  write("logs/.git/config");
  write("logs/123456789012_CloudTrail-Digest_eu-west-1_trail_us-east-1_20260115T101112Z.json.gz");
  ASSERT_EQ(::mkfifo((root_ + "logs/pipe").c_str(), 0600), 0);
  const auto source = open({"logs"});
  EXPECT_EQ(read(*source), (Paths{"logs/a.json", "logs/b"}));
  EXPECT_EQ(source->digests_skipped(), 1u);
  EXPECT_EQ(source->others_skipped(), 6u);
  EXPECT_EQ(source->bytes_on_disk(), 8u);
}

TEST_F(FileSourceTest, NamesWhatCannotBeReadWithinAFolderAndReadsTheRest) {
  write("logs/a.json");
  fs::create_symlink(root_ + "nowhere", root_ + "logs/dangling");
  write("logs/secret/b.json");
  fs::permissions(root_ + "logs/secret", fs::perms::none);
  const auto source = open({"logs"});
  const bool is_root = ::geteuid() == 0;  // who may read everything
  EXPECT_EQ(read(*source), is_root ? (Paths{"logs/a.json", "logs/secret/b.json"}) : Paths{"logs/a.json"});
  ASSERT_EQ(source->unreadable().size(), is_root ? 1U : 2U);
  EXPECT_EQ(source->unreadable()[0], root_ + "logs/dangling: No such file or directory");
  if (!is_root) {
    EXPECT_EQ(source->unreadable()[1], root_ + "logs/secret/: Permission denied");
  }
  fs::permissions(root_ + "logs/secret", fs::perms::owner_all);
}

TEST_F(FileSourceTest, ReadsAFileThatIsNamedWhateverItIsCalled) {
  write("notes.txt");
  write(".hidden");
  const auto source = open({"notes.txt", ".hidden"});
  EXPECT_EQ(read(*source), (Paths{"notes.txt", ".hidden"}));
}

TEST_F(FileSourceTest, ReadsEachFileOnceAndLeavesLoops) {
  write("logs/a.json");
  write("elsewhere/b.json");
  fs::create_directory_symlink(root_ + "logs", root_ + "logs/loop");
  fs::create_directory_symlink(root_ + "elsewhere", root_ + "logs/more");
  const auto source = open({"logs", "logs/../logs/a.json", "elsewhere", "-", "-"});
  EXPECT_EQ(read(*source), (Paths{"logs/a.json", "logs/more/b.json", "-"}));
  EXPECT_EQ(source->repeated_skipped(), 4u);
}

TEST_F(FileSourceTest, NamesAPathThatIsNotThere) {
  const auto source = FileSource::open({root_ + "nowhere.json"});
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, engine::ErrorCode::kIo);
  EXPECT_EQ(source.error().message, root_ + "nowhere.json: No such file or directory");
}

}  // namespace
}  // namespace tripline::connectors
