#include <filesystem>

#include <gmock/gmock.h>

#include "engine/store/schema.h"
#include "tests/support/power_cut_disk.h"
#include "tests/support/store_rows.h"

namespace tripline::engine::store {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using tests::contents_of;
using tests::finish_checkpoint;
using tests::read_file;
using tests::shown;
using tests::store_in;
using tests::TemporaryFolder;

/// Makes the store that a text of SQL describes.
void write_store(const std::string& path, const std::string& version, const std::string& vfs = "") {
  auto connection = Connection::open(path, Connection::Mode::kCreate, vfs).value();
  connection->run("PRAGMA journal_mode = WAL", "test").value();
  connection->run(read_file(tests::repository() / "tests/engine/store" / version), "test").value();
}

/// The columns and indexes that a file has, as SQLite keeps them, without layout.
std::vector<std::string> tables_of(const std::string& path) {
  const auto connection = Connection::open(path, Connection::Mode::kRead, "").value();
  auto rows =
      Statement::prepare(*connection,
                         "SELECT replace(replace(replace(replace(sql, char(10), ''), ' ', ''), '(,', '('), ',)', ')')"
                         " FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name",
                         "test")
          .value();
  std::vector<std::string> tables;
  while (rows.step().value()) tables.emplace_back(rows.text());
  return tables;
}

/// What the store of version_1.sql must hold for ever, whatever version it was migrated to.
void expect_contents_of_version_1(const Database& database) {
  const auto contents = contents_of(database.read());
  EXPECT_THAT(contents.state, ElementsAre(Pair(Pair(0, "b"), "\1b"), Pair(Pair(1, "c"), "\1c")));
  EXPECT_THAT(contents.journal, ElementsAre(Pair(3u, "\0013"), Pair(4u, "\0014")));
  EXPECT_THAT(contents.signals, ElementsAre(shown(tests::signal_row(2, false, 200, "\1c", 4)),
                                            shown(tests::signal_row(1, true, 100, "\1o", 5))));
  EXPECT_THAT(contents.transitions,
              ElementsAre(shown(TransitionRow{6, {1, 1}, 1, "\1t"}), shown(TransitionRow{7, {2, 2}, 3, "\1t"})));
  EXPECT_THAT(contents.meta, ElementsAre(Pair("watermark", "\1w")));
  EXPECT_EQ(database.last_journal(), 4u);
  EXPECT_EQ(database.last_transition(), 7u);
}

TEST(Migration, ReadsAStoreOfVersion1) {
  const TemporaryFolder folder;
  const std::string path = store_in(folder);
  write_store(path, "version_1.sql");
  Database database = Database::open(path).value();
  expect_contents_of_version_1(database);
  finish_checkpoint(database);
  expect_contents_of_version_1(database);
  EXPECT_THAT(database.read().check().value(), IsEmpty());
}

TEST(Migration, MakesNewStoresLikeMigratedOnes) {
  const TemporaryFolder folder;
  const std::string old = store_in(folder), fresh = old + ".fresh";
  write_store(old, "version_1.sql");
  { Database database = Database::open(old).value(); }
  { Database database = Database::open(fresh).value(); }
  EXPECT_EQ(tables_of(old), tables_of(fresh));
  EXPECT_THAT(tables_of(fresh), testing::SizeIs(17));
}

/// A version of tests after the newest one: a column and a table more.
Options with_version_3(std::vector<Migration>& all) {
  all.assign(migrations().begin(), migrations().end());
  all.push_back({all.back().to + 1,
                 "ALTER TABLE signals ADD COLUMN note TEXT NOT NULL DEFAULT ''; CREATE TABLE deliveries (id INTEGER)"});
  Options options;
  options.schema = all;
  return options;
}

TEST(Migration, BringsAnOlderStoreToTheNewestVersionAfterACopy) {
  const TemporaryFolder folder;
  const std::string path = store_in(folder);
  write_store(path, "version_1.sql");
  std::vector<Migration> all;
  const Options options = with_version_3(all);
  {
    Database database = Database::open(path, options).value();
    expect_contents_of_version_1(database);
    EXPECT_FALSE(database.created());
  }
  const auto reopened = Connection::open(path, Connection::Mode::kRead, "").value();
  EXPECT_EQ(reopened->number("PRAGMA user_version", "test").value(), 3);
  EXPECT_EQ(reopened->number("SELECT count(*) FROM signals WHERE note = ''", "test").value(), 2);
  {
    Database copy = Database::open(path + ".v1.bak").value();
    expect_contents_of_version_1(copy);
  }
  EXPECT_FALSE(std::filesystem::exists(path + ".v2.bak")) << "one copy, of where it began";
  const auto newer = Database::open(path);
  ASSERT_FALSE(newer);
  EXPECT_THAT(newer.error().message, AllOf(HasSubstr("it has version 3"), HasSubstr("writes version 2")));
}

TEST(Migration, LeavesAStoreAsItWasWhenItFails) {
  const TemporaryFolder folder;
  const std::string path = store_in(folder);
  write_store(path, "version_1.sql");
  std::vector<Migration> all;
  Options options = with_version_3(all);
  all.push_back({4, "CREATE TABLE more (id INTEGER); CREATE TABLE signals (there INTEGER)"});
  options.schema = all;
  const auto failed = Database::open(path, options);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, AllOf(HasSubstr("migrate it from version 1"), HasSubstr("signals")));
  Database database = Database::open(path).value();
  expect_contents_of_version_1(database);
}

TEST(Migration, RefusesReadersBeforeIt) {
  const TemporaryFolder folder;
  const std::string path = store_in(folder);
  write_store(path, "version_1.sql");
  const auto older = Reader::open(path);
  ASSERT_FALSE(older);
  EXPECT_THAT(older.error().message, AllOf(HasSubstr("it has version 1"), HasSubstr("migrates it")));
  { Database database = Database::open(path).value(); }
  EXPECT_TRUE(Reader::open(path));
  Connection::open(path, Connection::Mode::kWrite, "").value()->run("PRAGMA user_version = 3", "test").value();
  const auto newer = Reader::open(path);
  ASSERT_FALSE(newer);
  EXPECT_THAT(newer.error().message, HasSubstr("it has version 3"));
}

// Whenever the power fails, the store is of version 1 or of version 3, whole; and once it is of version 3, the copy is
// there.
TEST(Migration, SurvivesAPowerCutAtEveryChangeToTheDisk) {
  using Survives = tests::PowerCutDisk::Survives;
  const TemporaryFolder folder(tests::memory_folder());
  const std::string path = store_in(folder);
  std::mt19937_64 random(1);
  std::vector<Migration> all;
  Options options = with_version_3(all);
  bool migrated = false;
  for (std::size_t cut = 0; !migrated; ++cut) {
    const std::size_t fail_at = 1 + cut / 8;  // each change eight times, with different survivors
    SCOPED_TRACE(cut);
    tests::PowerCutDisk disk;
    options.vfs = disk.name();
    write_store(path, "version_1.sql", disk.name());
    disk.fail_at(fail_at);
    migrated = Database::open(path, options).has_value();
    if (!disk.failed()) disk.fail_at(1);
    disk.cut_power(cut % 8 == 0 ? Survives::kNothing : cut % 8 == 1 ? Survives::kAll : Survives::kSome, random);
    std::int64_t version = 0;
    {
      const auto connection = Connection::open(path, Connection::Mode::kWrite, disk.name()).value();
      version = read_version(*connection, all, true).value();
    }
    EXPECT_TRUE(version == 3 || !migrated);
    EXPECT_NE(version, 2);
    if (version == 3) {
      Options of_version_1;
      of_version_1.vfs = disk.name();
      const auto copy = Database::open(path + ".v1.bak", of_version_1);
      ASSERT_TRUE(copy) << copy.error().message;
      expect_contents_of_version_1(*copy);
    }
    Database database = Database::open(path, options).value();
    expect_contents_of_version_1(database);
  }
}

}  // namespace
}  // namespace tripline::engine::store
