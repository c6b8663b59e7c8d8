#include "tests/support/power_cut_disk.h"

#include <set>

#include <gmock/gmock.h>
#include <sqlite3.h>

namespace tripline::tests {
namespace {

using Survives = PowerCutDisk::Survives;

/// A file on the disk, used as SQLite would.
class File {
 public:
  File(const PowerCutDisk& disk, const char* name, int kind) : vfs_(sqlite3_vfs_find(disk.name().c_str())) {
    memory_.resize(static_cast<std::size_t>(vfs_->szOsFile));
    code_ = vfs_->xOpen(vfs_, name, file(), kind | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  }
  ~File() {
    if (code_ == SQLITE_OK) file()->pMethods->xClose(file());
  }
  bool write(sqlite3_int64 at, const std::string& text) {
    return file()->pMethods->xWrite(file(), text.data(), static_cast<int>(text.size()), at) == SQLITE_OK;
  }
  bool truncate(sqlite3_int64 size) { return file()->pMethods->xTruncate(file(), size) == SQLITE_OK; }
  bool sync() { return file()->pMethods->xSync(file(), SQLITE_SYNC_NORMAL) == SQLITE_OK; }
  std::string content() {
    sqlite3_int64 size = 0;
    file()->pMethods->xFileSize(file(), &size);
    std::string text(static_cast<std::size_t>(size), '\0');
    file()->pMethods->xRead(file(), text.data(), static_cast<int>(size), 0);
    return text;
  }

 private:
  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }

  sqlite3_vfs* vfs_;
  std::vector<char> memory_;
  int code_;
};

std::string content(const PowerCutDisk& disk, const char* name) {
  return File(disk, name, SQLITE_OPEN_MAIN_DB).content();
}

/// A disk with the file "a", that and what is in it synced.
void make(PowerCutDisk& disk, const std::string& text) {
  File file(disk, "a", SQLITE_OPEN_MAIN_JOURNAL);
  EXPECT_TRUE(file.write(0, text) && file.sync());
}

TEST(PowerCutDisk, KeepsWhatWasSyncedAndForgetsTheRest) {
  std::mt19937_64 random(1);
  PowerCutDisk disk;
  make(disk, "synced");
  {
    File file(disk, "a", SQLITE_OPEN_MAIN_DB);
    EXPECT_TRUE(file.write(2, "------"));
    EXPECT_EQ(file.content(), "sy------");
  }
  disk.cut_power(Survives::kNothing, random);
  EXPECT_EQ(content(disk, "a"), "synced");
  {
    File file(disk, "a", SQLITE_OPEN_MAIN_DB);
    EXPECT_TRUE(file.truncate(2));
  }
  disk.cut_power(Survives::kNothing, random);
  EXPECT_EQ(content(disk, "a"), "synced");
  {
    File file(disk, "a", SQLITE_OPEN_MAIN_DB);
    EXPECT_TRUE(file.truncate(2));
  }
  disk.cut_power(Survives::kAll, random);
  EXPECT_EQ(content(disk, "a"), "sy");
  disk.cut_power(Survives::kNothing, random);
  EXPECT_EQ(content(disk, "a"), "synced") << "a kill syncs nothing";
}

TEST(PowerCutDisk, ForgetsAFileWhoseFolderWasNotSynced) {
  std::mt19937_64 random(1);
  PowerCutDisk disk;
  {
    File file(disk, "a", SQLITE_OPEN_MAIN_DB);
    EXPECT_TRUE(file.write(0, "x") && file.sync());
  }
  disk.cut_power(Survives::kNothing, random);
  EXPECT_EQ(disk.bytes(), 0u);

  make(disk, "x");
  sqlite3_vfs* vfs = sqlite3_vfs_find(disk.name().c_str());
  EXPECT_EQ(vfs->xDelete(vfs, "a", 0), SQLITE_OK);
  EXPECT_EQ(disk.bytes(), 0u);
  disk.cut_power(Survives::kNothing, random);
  EXPECT_EQ(disk.bytes(), 1u) << "so did its deletion not happen";
  EXPECT_EQ(vfs->xDelete(vfs, "a", 1), SQLITE_OK);
  disk.cut_power(Survives::kNothing, random);
  EXPECT_EQ(disk.bytes(), 0u);
}

TEST(PowerCutDisk, TearsWritesApartAndPutsThemOutOfOrder) {
  std::mt19937_64 random(1);
  const std::string a(1024, 'a'), b(1024, 'b'), c(1024, 'c');
  std::set<std::string> seen;  // the first letter of each sector
  for (int i = 0; i < 500; ++i) {
    PowerCutDisk disk;
    make(disk, a);
    {
      File file(disk, "a", SQLITE_OPEN_MAIN_DB);
      EXPECT_TRUE(file.write(0, b) && file.write(0, c));
    }
    disk.cut_power(Survives::kSome, random);
    const std::string left = content(disk, "a");
    seen.insert({left[0], left[512]});
  }
  EXPECT_EQ(seen.size(), 9u) << "each sector has each version, whatever the other has";
}

TEST(PowerCutDisk, FailsFromTheChosenChangeOnUntilThePowerIsBack) {
  std::mt19937_64 random(1);
  PowerCutDisk disk;
  make(disk, "x");
  {
    File file(disk, "a", SQLITE_OPEN_MAIN_DB);
    disk.fail_at(2);
    EXPECT_TRUE(file.write(0, "y"));
    EXPECT_FALSE(disk.failed());
    EXPECT_FALSE(file.sync());
    EXPECT_TRUE(disk.failed());
    EXPECT_FALSE(file.write(0, "z"));
  }
  disk.cut_power(Survives::kNothing, random);
  EXPECT_EQ(content(disk, "a"), "x");
}

TEST(PowerCutDisk, IsFullAtItsCapacity) {
  PowerCutDisk disk;
  make(disk, "xxxx");
  disk.set_capacity(6);
  File file(disk, "a", SQLITE_OPEN_MAIN_DB);
  EXPECT_TRUE(file.write(0, "yyyyyy"));
  EXPECT_FALSE(file.write(0, "zzzzzzz"));
  EXPECT_EQ(file.content(), "yyyyyy");
}

}  // namespace
}  // namespace tripline::tests
