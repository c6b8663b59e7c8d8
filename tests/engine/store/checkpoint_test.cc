#include "engine/store/checkpoint.h"

#include <gmock/gmock.h>

#include "tests/support/store_rows.h"

namespace tripline::engine::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using tests::blob;
using tests::contents_of;
using tests::finish_checkpoint;
using tests::store_in;
using tests::TemporaryFolder;

constexpr StepLimit kOneRow{std::chrono::hours{1}, 1, std::size_t{1} << 20};

void commit(Database& database, int times = 1) {
  const std::string journal = blob("j");
  CommitRows rows;
  rows.journal = journal;
  for (int i = 0; i < times; ++i) database.commit(rows).value();
}

std::vector<std::uint64_t> journal_of(const Database& database) {
  std::vector<std::uint64_t> numbers;
  for (const auto& row : contents_of(database.read()).journal) numbers.push_back(row.first);
  return numbers;
}

TEST(Checkpoint, ReplacesTheJournalThatItHolds) {
  const TemporaryFolder folder;
  Database database = Database::open(store_in(folder)).value();
  commit(database, 3);
  database.begin_checkpoint({{0, "a", blob("1")}, {0, "b", blob("2")}, {1, "a", blob("3")}});
  EXPECT_TRUE(database.checkpointing());
  finish_checkpoint(database);
  EXPECT_FALSE(database.checkpointing());
  commit(database);
  const auto contents = contents_of(database.read());
  EXPECT_THAT(contents.state,
              ElementsAre(Pair(Pair(0, "a"), blob("1")), Pair(Pair(0, "b"), blob("2")), Pair(Pair(1, "a"), blob("3"))));
  EXPECT_THAT(journal_of(database), ElementsAre(4u));
  EXPECT_EQ(database.read().counts().value().journal, 1u) << "rows that the checkpoint holds are deleted";
}

TEST(Checkpoint, ChangesAndDeletesRowsOfTheOneBefore) {
  const TemporaryFolder folder;
  Database database = Database::open(store_in(folder)).value();
  commit(database);
  database.begin_checkpoint({{0, "a", blob("1")}, {0, "b", blob("2")}, {0, "c", blob("3")}});
  finish_checkpoint(database);
  commit(database);
  database.begin_checkpoint({{0, "a", std::nullopt}, {0, "c", blob("4")}, {0, "d", std::nullopt}});
  finish_checkpoint(database);
  EXPECT_THAT(contents_of(database.read()).state,
              ElementsAre(Pair(Pair(0, "b"), blob("2")), Pair(Pair(0, "c"), blob("4"))));
  EXPECT_THAT(database.read().check().value(), IsEmpty());
}

TEST(Checkpoint, ComparesKeysAsBytes) {
  const TemporaryFolder folder;
  Database database = Database::open(store_in(folder)).value();
  commit(database);
  const std::string zero("\0", 1), high = "\xff", empty;
  database.begin_checkpoint({{0, empty, blob("e")}, {0, zero, blob("z")}, {0, high, blob("h")}});
  finish_checkpoint(database, kOneRow);
  EXPECT_THAT(
      contents_of(database.read()).state,
      ElementsAre(Pair(Pair(0, empty), blob("e")), Pair(Pair(0, zero), blob("z")), Pair(Pair(0, high), blob("h"))));
}

// The state is what it was before, or what it is after; with the journal behind it, it is always whole.
TEST(Checkpoint, ReadsTheSameAtEveryStepOfIt) {
  const TemporaryFolder folder;
  const std::string path = store_in(folder);
  Database database = Database::open(path).value();
  const Reader reader = Reader::open(path).value();
  commit(database, 2);
  database.begin_checkpoint({{0, "a", blob("1")}, {0, "b", blob("2")}});
  finish_checkpoint(database);
  commit(database, 3);
  const auto before = contents_of(reader);
  ASSERT_EQ(before.journal.size(), 3u);
  database.begin_checkpoint({{0, "a", std::nullopt}, {0, "b", blob("5")}, {0, "c", blob("6")}});
  int steps = 0, old_state = 0;
  for (bool more = true; more; ++steps) {
    more = database.continue_checkpoint(kOneRow).value();
    commit(database);  // between the steps
    const auto now = contents_of(reader);
    for (const char* key : {"a", "b", "c"}) {
      const auto row = now.state.find({0, key});
      EXPECT_EQ(reader.find_state_row(0, key).value(),
                row == now.state.end() ? std::nullopt : std::optional(row->second));
    }
    if (now.state == before.state) {
      ++old_state;
      EXPECT_EQ(now.journal.size(), 3u + static_cast<std::size_t>(steps) + 1);
    } else {
      EXPECT_THAT(now.state, ElementsAre(Pair(Pair(0, "b"), blob("5")), Pair(Pair(0, "c"), blob("6"))));
      EXPECT_EQ(now.journal.size(), static_cast<std::size_t>(steps) + 1);
    }
    EXPECT_THAT(reader.check().value(), IsEmpty());
  }
  EXPECT_EQ(old_state, 2) << "two rows staged; the third completes it";
  EXPECT_EQ(steps, 3 + 4 + 4) << "staging, moving and trimming, a row each, and a look that there are no more";
}

TEST(Checkpoint, IsThrownAwayWhenTheProcessEndsBeforeItIsComplete) {
  const TemporaryFolder folder;
  {
    Database database = Database::open(store_in(folder)).value();
    commit(database, 2);
    database.begin_checkpoint({{0, "a", blob("1")}, {0, "b", blob("2")}});
    database.continue_checkpoint(kOneRow).value();
  }
  Database database = Database::open(store_in(folder)).value();
  EXPECT_FALSE(database.checkpointing());
  EXPECT_THAT(contents_of(database.read()).state, IsEmpty());
  EXPECT_THAT(journal_of(database), ElementsAre(1u, 2u));
  EXPECT_THAT(database.read().check().value(), IsEmpty());
  database.begin_checkpoint({{0, "b", blob("3")}});
  finish_checkpoint(database);
  EXPECT_THAT(contents_of(database.read()).state, ElementsAre(Pair(Pair(0, "b"), blob("3"))));
}

TEST(Checkpoint, IsFinishedByTheNextProcessWhereverThisOneEndsOnceItIsComplete) {
  for (int steps = 2; steps < 7; ++steps) {
    SCOPED_TRACE(steps);
    const TemporaryFolder folder;
    {
      Database database = Database::open(store_in(folder)).value();
      commit(database, 2);
      database.begin_checkpoint({{0, "a", blob("1")}, {0, "b", blob("2")}});
      for (int step = 0; step < steps; ++step) ASSERT_TRUE(database.continue_checkpoint(kOneRow).value());
      commit(database);
    }
    Database database = Database::open(store_in(folder)).value();
    EXPECT_TRUE(database.checkpointing());
    for (bool more = true; more; more = database.continue_checkpoint(kOneRow).value()) {
      EXPECT_THAT(contents_of(database.read()).state,
                  ElementsAre(Pair(Pair(0, "a"), blob("1")), Pair(Pair(0, "b"), blob("2"))));
      EXPECT_THAT(journal_of(database), ElementsAre(3u));
    }
    EXPECT_EQ(database.read().counts().value().journal, 1u);
    EXPECT_EQ(database.last_journal(), 3u);
  }
}

TEST(Checkpoint, WithoutChangesStillShortensTheJournal) {
  const TemporaryFolder folder;
  Database database = Database::open(store_in(folder)).value();
  commit(database, 2);
  database.begin_checkpoint({});
  finish_checkpoint(database);
  EXPECT_THAT(journal_of(database), IsEmpty());
  database.begin_checkpoint({});
  EXPECT_FALSE(database.checkpointing()) << "nothing was committed since";
}

TEST(Checkpoint, KeepsJournalRowsThatAreAskedForUntilALaterOneDoesNot) {
  const TemporaryFolder folder;
  {
    Database database = Database::open(store_in(folder)).value();
    commit(database, 5);
    database.begin_checkpoint({{0, "a", blob("1")}}, 4);
    finish_checkpoint(database, kOneRow);
  }
  {
    Database database = Database::open(store_in(folder)).value();
    EXPECT_FALSE(database.checkpointing()) << "nothing of it is left to do";
    EXPECT_FALSE(database.read().find_journal_row(3).value());
    EXPECT_EQ(database.read().find_journal_row(4).value(), blob("j"));
    EXPECT_EQ(database.read().find_journal_row(5).value(), blob("j"));
    EXPECT_THAT(journal_of(database), IsEmpty()) << "the state holds them";
    EXPECT_EQ(database.read().sizes().value().journal_rows, 0u);
    EXPECT_THAT(database.read().check().value(), IsEmpty());
    commit(database, 2);
    database.begin_checkpoint({}, 6);
    database.continue_checkpoint(kOneRow).value();
    database.continue_checkpoint(kOneRow).value();
  }
  Database database = Database::open(store_in(folder)).value();
  EXPECT_TRUE(database.checkpointing()) << "what it kept no longer is still there";
  finish_checkpoint(database, kOneRow);
  EXPECT_FALSE(database.read().find_journal_row(5).value());
  EXPECT_TRUE(database.read().find_journal_row(6).value());
  commit(database);
  database.begin_checkpoint({});
  finish_checkpoint(database);
  EXPECT_EQ(database.read().counts().value().journal, 0u);
}

TEST(Checkpoint, KeepsNumberingWhenTheJournalIsEmpty) {
  const TemporaryFolder folder;
  {
    Database database = Database::open(store_in(folder)).value();
    commit(database, 5);
    database.begin_checkpoint({});
    finish_checkpoint(database);
  }
  Database database = Database::open(store_in(folder)).value();
  EXPECT_EQ(database.last_journal(), 5u);
  commit(database);
  EXPECT_THAT(journal_of(database), ElementsAre(6u));
}

TEST(Checkpoint, KeepsTheWalBoundedOverManyOfThem) {
  const TemporaryFolder folder;
  Options options;
  options.wal_pages = 100;
  Database database = Database::open(store_in(folder), options).value();
  const std::string value = blob(std::string(2000, 'v'));
  std::uint64_t most = 0;
  for (int round = 0; round < 20; ++round) {
    commit(database);
    std::vector<StateRow> rows;
    for (int i = 0; i < 200; ++i) rows.push_back({0, std::to_string(1000 + i), value});
    database.begin_checkpoint(std::move(rows));
    while (database.continue_checkpoint({std::chrono::hours{1}, 20, 1 << 20}).value()) {
      most = std::max(most, database.read().sizes().value().wal_bytes);
    }
  }
  EXPECT_GT(most, 0u);
  EXPECT_LT(most, 300u * 4096) << "200 rows of 2 kB take 100 pages and more in each of 40 phases";
}

}  // namespace
}  // namespace tripline::engine::store
