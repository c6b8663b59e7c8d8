#include <atomic>
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>

#include "tests/support/power_cut_disk.h"
#include "tests/support/store_rows.h"

namespace tripline::engine::store {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::blob;
using tests::contents_of;
using tests::finish_checkpoint;
using tests::shown;
using tests::signal_row;
using tests::store_in;
using tests::TemporaryFolder;

EventTime at(std::int64_t milliseconds) { return EventTime{std::chrono::milliseconds{milliseconds}}; }

/// Signals 1 to 4, closed in this order, and 5, open and older than all; each of 100 bytes, with a transition of 10.
Database with_signals(const TemporaryFolder& folder) {
  Database database = Database::open(store_in(folder)).value();
  const std::string journal = blob("j"), text = blob(std::string(99, 's')), step = blob(std::string(9, 't'));
  CommitRows rows;
  rows.journal = journal;
  for (std::uint64_t id = 1; id <= 5; ++id) {
    rows.signals.push_back(signal_row(id, id == 5, id == 5 ? 0 : static_cast<std::int64_t>(id) * 100, text));
    rows.transitions.push_back({0, {id, id}, 1, step});
  }
  database.commit(rows).value();
  return database;
}

std::vector<std::uint64_t> ids_of(const Database& database) {
  std::vector<std::uint64_t> ids;
  const Visit<SignalRow> visit = [&](const SignalRow& row) -> Result<void> {
    return ids.push_back(row.id.low), Result<void>{};
  };
  database.read().each_signal(Which::kAll, visit).value();
  return ids;
}

TEST(Retention, ForgetsWhatClosedBeforeATimeOrBeyondASize) {
  const struct {
    std::string_view name;
    Retention retention;
    std::vector<std::uint64_t> left;
  } cases[] = {
      {"nothing is old", {at(100)}, {1, 2, 3, 4, 5}},
      {"two changed last before it", {at(201)}, {3, 4, 5}},
      {"all are old but the open one stays", {at(1'000'000)}, {5}},
      {"within the size: 400 bytes of closed signals, 50 of transitions", {at(0), 450}, {1, 2, 3, 4, 5}},
      {"one byte beyond the size", {at(0), 449}, {2, 3, 4, 5}},
      {"beyond it by more than one", {at(0), 339}, {3, 4, 5}},
      {"both", {at(101), 229}, {4, 5}},
      {"no size at all", {at(0), 0}, {5}},
  };
  for (const auto& c : cases) {
    for (const std::size_t rows : {std::size_t{1}, std::size_t{100}}) {
      SCOPED_TRACE(std::string(c.name) + ", " + std::to_string(rows) + " a step");
      const TemporaryFolder folder;
      Database database = with_signals(folder);
      std::size_t forgotten = 0;
      for (std::size_t now = 1; now > 0; forgotten += now) {
        now = database.forget_signals(c.retention, {std::chrono::hours{1}, rows, 1 << 20}).value();
        EXPECT_LE(now, rows);
      }
      EXPECT_EQ(forgotten, 5 - c.left.size());
      EXPECT_EQ(ids_of(database), c.left);
      EXPECT_EQ(contents_of(database.read()).transitions.size(), c.left.size());
      EXPECT_EQ(database.last_transition(), 5u);
      EXPECT_THAT(database.read().check().value(), IsEmpty());
    }
  }
}

TEST(Check, SaysWhatIsWrong) {
  const struct {
    const char* harm;
    std::string_view finding;
  } cases[] = {
      {"DELETE FROM journal WHERE number = 2", "1 numbers are missing from the journal"},
      {"DELETE FROM progress", "progress has not exactly one row"},
      {"UPDATE progress SET checkpoint = 5, staging = 4", "staged that are older"},
      {"INSERT INTO state_next VALUES (0, x'61', x'0161')", "staged rows belong to no checkpoint"},
      {"UPDATE signals SET bytes = 7", "1 signals have an id or a size that is wrong"},
      {"UPDATE transitions SET signal = x'01'", "1 transitions have an id or a size that is wrong"},
      {"UPDATE journal SET value = x'' WHERE number = 1", "1 blobs in table journal do not begin with a version"},
      {"UPDATE signals SET value = x'00', bytes = 1", "1 blobs in table signals do not begin with a version"},
      {"INSERT INTO state VALUES (0, x'61', x'0061')", "1 blobs in table state do not begin with a version"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.harm);
    const TemporaryFolder folder;
    const std::string path = store_in(folder), text = blob("t");
    {
      Database database = Database::open(path).value();
      CommitRows rows;
      rows.journal = text;
      rows.signals = {signal_row(1, true, 0, text)};
      rows.transitions = {{0, {1, 1}, 1, text}};
      database.commit(rows).value();
      rows.signals.clear();
      rows.transitions.clear();
      for (int i = 0; i < 2; ++i) database.commit(rows).value();
    }
    EXPECT_THAT(Reader::open(path).value().check().value(), IsEmpty());
    Connection::open(path, Connection::Mode::kWrite, "").value()->run(c.harm, "test").value();
    EXPECT_THAT(Reader::open(path).value().check().value(), Contains(HasSubstr(c.finding)));
  }
}

TEST(Compact, GivesBackFreeSpaceAndKeepsTheRest) {
  const TemporaryFolder folder;
  Database database = Database::open(store_in(folder)).value();
  const std::string journal = blob(std::string(100'000, 'j'));
  CommitRows rows;
  rows.journal = journal;
  for (int i = 0; i < 20; ++i) database.commit(rows).value();
  database.begin_checkpoint({{0, "a", blob("1")}});
  finish_checkpoint(database);
  const auto contents = contents_of(database.read());
  const Sizes before = database.read().sizes().value();
  EXPECT_GT(before.free_bytes, 1'900'000u);
  EXPECT_EQ(before.journal_rows, 0u);
  database.compact().value();
  const Sizes after = database.read().sizes().value();
  EXPECT_EQ(after.free_bytes, 0u);
  EXPECT_EQ(after.wal_bytes, 0u);
  EXPECT_LT(after.file_bytes, before.file_bytes - 1'900'000);
  EXPECT_EQ(std::filesystem::file_size(store_in(folder)), after.file_bytes);
  EXPECT_EQ(contents_of(database.read()), contents);
  database.commit(rows).value();
  EXPECT_EQ(database.read().sizes().value().journal_rows, 1u);
}

TEST(Sizes, CountsRowsByTable) {
  const TemporaryFolder folder;
  Database database = with_signals(folder);
  const Counts counts = database.read().counts().value();
  EXPECT_EQ(counts.journal, 1u);
  EXPECT_EQ(counts.state, 0u);
  EXPECT_EQ(counts.open_signals, 1u);
  EXPECT_EQ(counts.closed_signals, 4u);
  EXPECT_EQ(counts.transitions, 5u);
}

TEST(Backup, IsWholeAndOfOneMomentWhileCommitsGoOn) {
  const TemporaryFolder folder;
  Database database = Database::open(store_in(folder)).value();
  const std::string journal = blob(std::string(20'000, 'j'));
  CommitRows rows;
  rows.journal = journal;
  for (int i = 0; i < 50; ++i) database.commit(rows).value();
  std::atomic<bool> done = false;
  std::thread other([&] {  // as another process would
    const Reader reader = Reader::open(store_in(folder)).value();
    for (int i = 0; i < 3; ++i) reader.backup((folder.path() / ("backup" + std::to_string(i))).string()).value();
    done = true;
  });
  std::uint64_t meanwhile = 0;
  for (; !done; ++meanwhile) database.commit(rows).value();
  other.join();
  EXPECT_GT(meanwhile, 0u);
  for (int i = 0; i < 3; ++i) {
    const std::string path = (folder.path() / ("backup" + std::to_string(i))).string();
    EXPECT_FALSE(std::filesystem::exists(path + "-wal")) << "one file is all of it";
    EXPECT_FALSE(std::filesystem::exists(path + ".part"));
    Database copy = Database::open(path).value();
    EXPECT_GE(copy.last_journal(), 50u);
    EXPECT_LE(copy.last_journal(), database.last_journal());
    EXPECT_EQ(contents_of(copy.read()).journal.size(), copy.last_journal());
    EXPECT_THAT(copy.read().check().value(), IsEmpty());
  }
}

TEST(Backup, RefusesAFileThatIsThere) {
  const TemporaryFolder folder;
  Database database = with_signals(folder);
  const std::string there = folder.write("there", "mine");
  const auto backup = database.read().backup(there);
  ASSERT_FALSE(backup);
  EXPECT_THAT(backup.error().message, AllOf(HasSubstr(there), HasSubstr("it is there already")));
  EXPECT_EQ(tests::read_file(there), "mine");
  const auto nowhere = database.read().backup((folder.path() / "no/such/folder").string());
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().message, AllOf(HasSubstr("no/such/folder"), HasSubstr("cannot be opened")));
}

TEST(FullDisk, FailsTheCommitByNameAndKeepsTheRest) {
  const TemporaryFolder folder(tests::memory_folder());
  tests::PowerCutDisk disk;
  Options options;
  options.vfs = disk.name();
  Database database = Database::open(store_in(folder), options).value();
  const std::string journal = blob(std::string(50'000, 'j'));
  CommitRows rows;
  rows.journal = journal;
  database.commit(rows).value();
  disk.set_capacity(disk.bytes() + 20'000);
  for (int i = 0; i < 2; ++i) {
    const auto full = database.commit(rows);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ErrorCode::kStore);
    EXPECT_THAT(full.error().message,
                AllOf(HasSubstr(store_in(folder)), HasSubstr("the disk is full"), HasSubstr("free some space")));
    EXPECT_EQ(database.last_journal(), 1u);
    EXPECT_EQ(contents_of(database.read()).journal.size(), 1u);
  }
  disk.set_capacity(SIZE_MAX);
  EXPECT_EQ(database.commit(rows).value(), 2u) << "once there is space, the same commit works";
  EXPECT_THAT(database.read().check().value(), IsEmpty());
}

}  // namespace
}  // namespace tripline::engine::store
