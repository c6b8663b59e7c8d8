#include "engine/store/open.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "tests/support/store_rows.h"

namespace tripline::engine::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using tests::blob;
using tests::contents_of;
using tests::finish_checkpoint;
using tests::read_file;
using tests::store_in;
using tests::TemporaryFolder;

/// A store with 200 rows of state, 20 of the journal and 20 signals.
std::string store_with_rows(const TemporaryFolder& folder) {
  const std::string path = store_in(folder), text = blob(std::string(500, 'x'));
  Database database = Database::open(path).value();
  CommitRows rows;
  rows.journal = text;
  for (std::uint64_t id = 1; id <= 20; ++id) rows.signals.push_back(tests::signal_row(id, true, 0, text));
  database.commit(rows).value();
  std::vector<StateRow> state;
  for (int i = 0; i < 200; ++i) state.push_back({0, "key" + std::to_string(1000 + i), text});
  database.begin_checkpoint(std::move(state));
  finish_checkpoint(database);
  rows.signals.clear();
  for (int i = 0; i < 20; ++i) database.commit(rows).value();
  database.compact().value();  // no free pages that hold old rows, so that harm hits what is read
  return path;
}

void overwrite(const std::string& path, std::uintmax_t at, const std::string& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(at));
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  ASSERT_TRUE(file.good());
}

/// The page that holds `text`, which must be there.
std::uintmax_t page_with(const std::string& path, const std::string& text) {
  const std::size_t at = read_file(path).find(text);
  EXPECT_NE(at, std::string::npos) << text;
  return at / 4096 * 4096;
}

// Each of these was, or may be, somebody's store: it is refused, by name, and stays as it is.
TEST(OpenStore, RefusesWhatIsNoSoundStoreAndLeavesItAsItIs) {
  const struct {
    std::string_view name;
    void (*harm)(const std::string& path);
    std::string_view message;
  } cases[] = {
      {"an empty file", [](const std::string& path) { std::filesystem::resize_file(path, 0); },
       "it is an empty file, which no store ever is"},
      {"text", [](const std::string& path) { overwrite(path, 0, std::string(8192, 'a')); }, "it is not a database"},
      {"a first page of zeroes", [](const std::string& path) { overwrite(path, 0, std::string(4096, '\0')); },
       "it is not a database"},
      {"a file cut in the middle",
       [](const std::string& path) { std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2); },
       "it is damaged"},
      {"a file cut within its first page", [](const std::string& path) { std::filesystem::resize_file(path, 1000); },
       "it is"},
      {"a bad page of the state",
       [](const std::string& path) { overwrite(path, page_with(path, "key1100"), std::string(4096, '\xee')); },
       "it is damaged"},
      {"a state page of zeroes",
       [](const std::string& path) { overwrite(path, page_with(path, "key1100"), std::string(4096, '\0')); },
       "it is damaged"},
      {"another program's database",
       [](const std::string& path) {
         Connection::open(path, Connection::Mode::kWrite, "").value()->run("PRAGMA application_id = 7", "test").value();
       },
       "it is a database, but not a store of Tripline"},
      {"a version to come",
       [](const std::string& path) {
         Connection::open(path, Connection::Mode::kWrite, "").value()->run("PRAGMA user_version = 99", "test").value();
       },
       "it has version 99, this Tripline writes version 2"},
      {"a table that is missing",
       [](const std::string& path) {
         Connection::open(path, Connection::Mode::kWrite, "").value()->run("DROP TABLE meta", "test").value();
       },
       "no such table"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const TemporaryFolder folder;
    const std::string path = store_with_rows(folder);
    c.harm(path);
    const std::string before = read_file(path);
    const auto opened = Database::open(path);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::kStore);
    EXPECT_THAT(opened.error().message, AllOf(HasSubstr(path), HasSubstr(c.message), HasSubstr(";")));
    EXPECT_EQ(read_file(path), before);
    EXPECT_FALSE(Database::open(path)) << "nor the next time";
  }
}

TEST(OpenStore, RefusesAMissingFileWhoseWalIsThere) {
  const TemporaryFolder folder;
  const std::string path = store_in(folder);
  folder.write("store.db-wal", "commits");
  const auto opened = Database::open(path);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, AllOf(HasSubstr(path), HasSubstr("it is missing, but")));
  EXPECT_EQ(read_file(path + "-wal"), "commits");
}

TEST(OpenStore, TakesAnEmptyFileForABeginningOnlyBesideItsMarker) {
  const TemporaryFolder folder;
  const std::string path = folder.write("store.db", "");
  EXPECT_FALSE(Database::open(path));
  folder.write("store.db.new", "");
  const auto opened = Database::open(path);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->created());
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST(OpenStore, KeepsAWholeStoreWhoseMarkerIsLeftOver) {
  const TemporaryFolder folder;
  const std::string path = store_with_rows(folder);
  folder.write("store.db.new", "");
  Database database = Database::open(path).value();
  EXPECT_FALSE(database.created());
  EXPECT_EQ(database.last_journal(), 21u);
  EXPECT_EQ(contents_of(database.read()).state.size(), 200u);
}

TEST(OpenStore, RefusesAnothersDatabaseBesideAMarkerToo) {
  const TemporaryFolder folder;
  const std::string path = store_with_rows(folder);
  Connection::open(path, Connection::Mode::kWrite, "").value()->run("PRAGMA application_id = 7", "test").value();
  folder.write("store.db.new", "");
  const auto opened = Database::open(path);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("not a store of Tripline"));
}

TEST(OpenStore, SaysWhichPageOfASignalIsBadWhenItIsRead) {
  const TemporaryFolder folder;
  const std::string path = store_with_rows(folder);
  overwrite(path, page_with(path, "some-rule"), std::string(4096, '\xee'));
  Database database = Database::open(path).value();  // a start does not read closed signals
  const auto read = database.read().each_signal(Which::kAll, [](const SignalRow&) -> Result<void> { return {}; });
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, AllOf(HasSubstr(path), HasSubstr("it is damaged"), HasSubstr("backup")));
  EXPECT_FALSE(database.read().check().value().empty());
}

/// For as long as it lives, the process is not root, whom permissions do not bind.
class Unprivileged {
 public:
  Unprivileged() {
    if (root_ && ::seteuid(65534) != 0) ADD_FAILURE() << "seteuid";
  }
  ~Unprivileged() {
    if (root_ && ::seteuid(0) != 0) ADD_FAILURE() << "seteuid";
  }

 private:
  bool root_ = ::geteuid() == 0;
};

TEST(OpenStore, SaysWhatItMayNotWrite) {
  const struct {
    std::string_view name;
    mode_t folder, file;
    std::string_view message;
  } cases[] = {
      {"a folder that may not be written", 0555, 0, "cannot make its lock file"},
      {"a file that may only be read", 0777, 0444, "it is read-only"},
      {"a file that may not be read", 0777, 0, "cannot be opened"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const TemporaryFolder folder;
    const std::string path = c.folder == 0555 ? store_in(folder) : store_with_rows(folder);
    if (c.folder != 0555) {
      std::filesystem::remove(path + ".lock");
      ASSERT_EQ(::chmod(path.c_str(), c.file), 0);
    }
    ASSERT_EQ(::chmod(folder.path().c_str(), c.folder), 0);
    {
      const Unprivileged user;
      const auto opened = Database::open(path);
      ASSERT_FALSE(opened);
      EXPECT_EQ(opened.error().code, ErrorCode::kStore);
      EXPECT_THAT(opened.error().message, AllOf(HasSubstr(path), HasSubstr(c.message), HasSubstr("let this user")));
    }
    ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  }
}

TEST(OpenStore, SaysWhichFolderCannotBeMade) {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "");
  const auto below_a_file = Database::open(file + "/store.db");
  ASSERT_FALSE(below_a_file);
  EXPECT_THAT(below_a_file.error().message, AllOf(HasSubstr(file), HasSubstr("Not a directory")));
  const auto a_folder = Database::open(folder.path().string());
  ASSERT_FALSE(a_folder);
  EXPECT_THAT(a_folder.error().message, HasSubstr(folder.path().string()));
}

}  // namespace
}  // namespace tripline::engine::store
