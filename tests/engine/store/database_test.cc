#include "engine/store/database.h"

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "tests/support/places.h"
#include "tests/support/store_rows.h"

namespace tripline::engine::store {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using tests::blob;
using tests::contents_of;
using tests::shown;
using tests::signal_row;
using tests::store_in;
using tests::TemporaryFolder;

CommitRows journal_alone(std::string_view blob) {
  CommitRows rows;
  rows.journal = blob;
  return rows;
}

TEST(Database, GivesBackWhatWasCommittedBeforeItWasClosed) {
  const TemporaryFolder folder;
  const std::string path = (folder.path() / "deep/down/store.db").string();
  const std::string journal = blob("j"), first = blob("opened"), second = blob("closed"), mark = blob("mark");
  const SignalRow open = signal_row(1, true, 100, first, 20), closed = signal_row(2, false, 50, second, 10);
  {
    Database database = Database::open(path).value();
    EXPECT_TRUE(database.created());
    CommitRows rows;
    rows.journal = journal;
    rows.signals = {open, closed};
    rows.transitions = {{0, open.id, 7, first}, {0, closed.id, 8, second}};
    rows.meta = {{"watermark", mark}};
    EXPECT_EQ(database.commit(rows).value(), 1u);
    EXPECT_EQ(database.commit(journal_alone(journal)).value(), 2u);
    EXPECT_EQ(database.last_transition(), 2u);
  }
  Database database = Database::open(path).value();
  EXPECT_FALSE(database.created());
  EXPECT_EQ(database.last_journal(), 2u);
  EXPECT_EQ(database.last_transition(), 2u);
  const auto contents = contents_of(database.read());
  EXPECT_THAT(contents.journal, ElementsAre(Pair(1u, journal), Pair(2u, journal)));
  EXPECT_THAT(contents.signals, ElementsAre(shown(closed), shown(open))) << "in order of first event time";
  EXPECT_THAT(contents.transitions,
              ElementsAre(shown(TransitionRow{1, open.id, 7, first}), shown(TransitionRow{2, closed.id, 8, second})));
  EXPECT_EQ(database.read().meta("watermark").value(), mark);
  EXPECT_EQ(database.read().meta("positions").value(), std::nullopt);
}

TEST(Database, ReplacesASignalByItsId) {
  const TemporaryFolder folder;
  Database database = Database::open(store_in(folder)).value();
  const std::string journal = blob("j"), before = blob("before"), after = blob("after, and longer");
  CommitRows rows;
  rows.journal = journal;
  rows.signals = {signal_row(1, true, 100, before, 30)};
  database.commit(rows).value();
  rows.signals = {signal_row(1, false, 200, after, 20)};
  database.commit(rows).value();
  EXPECT_THAT(contents_of(database.read()).signals, ElementsAre(shown(rows.signals[0])));
  EXPECT_THAT(database.read().check().value(), IsEmpty());
}

TEST(Database, DeletesSignalsWithTheirTransitionsAndGoesOnNumbering) {
  const TemporaryFolder folder;
  const std::string path = store_in(folder), journal = blob("j"), text = blob("t");
  {
    Database database = Database::open(path).value();
    CommitRows rows;
    rows.journal = journal;
    rows.signals = {signal_row(1, true, 0, text), signal_row(2, true, 0, text)};
    rows.transitions = {{0, {1, 1}, 1, text}, {0, {2, 2}, 1, text}};
    database.commit(rows).value();
    CommitRows deletion;
    deletion.journal = journal;
    deletion.deleted_signals = {{2, 2}};
    database.commit(deletion).value();
  }
  Database database = Database::open(path).value();
  CommitRows rows;
  rows.journal = journal;
  rows.transitions = {{0, {1, 1}, 2, text}};
  database.commit(rows).value();
  const auto contents = contents_of(database.read());
  EXPECT_THAT(contents.signals, ElementsAre(shown(signal_row(1, true, 0, text))));
  EXPECT_THAT(contents.transitions,
              ElementsAre(shown(TransitionRow{1, {1, 1}, 1, text}), shown(TransitionRow{3, {1, 1}, 2, text})));
}

TEST(Database, FindsSignalsByIdAndByWhetherTheyAreOpen) {
  const TemporaryFolder folder;
  Database database = Database::open(store_in(folder)).value();
  const std::string journal = blob("j"), text = blob("t");
  CommitRows rows;
  rows.journal = journal;
  rows.signals = {signal_row(3, true, 0, text, 1), signal_row(1, true, 0, text, 2), signal_row(2, false, 0, text, 0)};
  database.commit(rows).value();
  std::vector<std::uint64_t> seen;
  const Visit<SignalRow> visit = [&](const SignalRow& row) -> Result<void> {
    seen.push_back(row.id.high);
    return {};
  };
  database.read().each_signal(Which::kOpen, visit).value();
  EXPECT_THAT(seen, ElementsAre(3u, 1u));
  seen.clear();
  database.read().each_signal(Which::kClosed, visit).value();
  EXPECT_THAT(seen, ElementsAre(2u));
  seen.clear();
  EXPECT_TRUE(database.read().find_signal({1, 1}, visit).value());
  EXPECT_FALSE(database.read().find_signal({9, 9}, visit).value());
  EXPECT_THAT(seen, ElementsAre(1u));
}

TEST(Database, ReadsTransitionsFromANumberOn) {
  const TemporaryFolder folder;
  Database database = Database::open(store_in(folder)).value();
  const std::string journal = blob("j"), text = blob("t");
  CommitRows rows;
  rows.journal = journal;
  rows.transitions = std::vector<TransitionRow>(10, TransitionRow{0, {1, 1}, 1, text});
  database.commit(rows).value();
  std::vector<std::uint64_t> seen;
  const Visit<TransitionRow> visit = [&](const TransitionRow& row) -> Result<void> {
    seen.push_back(row.number);
    return {};
  };
  database.read().each_transition(4, 3, visit).value();
  EXPECT_THAT(seen, ElementsAre(5u, 6u, 7u));
}

TEST(Database, StopsReadingAtTheVisitorsError) {
  const TemporaryFolder folder;
  Database database = Database::open(store_in(folder)).value();
  const std::string journal = blob("j");
  for (int i = 0; i < 3; ++i) database.commit(journal_alone(journal)).value();
  int visits = 0;
  const auto read = database.read().each_journal_row(0, [&](const JournalRow&) -> Result<void> {
    return ++visits < 2 ? Result<void>{} : fail(ErrorCode::kStore, "no such version");
  });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "no such version");
  EXPECT_EQ(visits, 2);
}

TEST(Database, RefusesASecondWriterByNameAndLetsReadersIn) {
  const TemporaryFolder folder;
  const std::string path = store_in(folder), journal = blob("j");
  Database database = Database::open(path).value();
  database.commit(journal_alone(journal)).value();
  const auto second = Database::open(path);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kStore);
  EXPECT_THAT(second.error().message,
              AllOf(HasSubstr(path), HasSubstr("another tripline uses it"), HasSubstr(std::to_string(::getpid()))));

  const Reader reader = Reader::open(path).value();
  database.commit(journal_alone(journal)).value();
  EXPECT_EQ(contents_of(reader).journal.size(), 2u);
}

TEST(Database, CanBeOpenedAgainOnceTheFirstIsGone) {
  const TemporaryFolder folder;
  const std::string path = store_in(folder);
  { Database database = Database::open(path).value(); }
  EXPECT_TRUE(Database::open(path));
}

TEST(Database, KeepsWhatAProcessCommittedThatDiedWithoutClosing) {
  const TemporaryFolder folder;
  const std::string path = store_in(folder), journal = blob("j");
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // Nothing is destroyed, as by kill -9.
    auto* database = new Database(Database::open(path).value());
    for (int i = 0; i < 3; ++i) database->commit(journal_alone(journal)).value();
    database->begin_checkpoint({{0, "key", journal}});
    database->continue_checkpoint({}).value();
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  Database database = Database::open(path).value();
  EXPECT_EQ(database.last_journal(), 3u);
  const auto contents = contents_of(database.read());
  EXPECT_THAT(contents.state, ElementsAre(Pair(Pair(0, "key"), journal)));
  EXPECT_THAT(contents.journal, IsEmpty());
  EXPECT_THAT(database.read().check().value(), IsEmpty());
}

}  // namespace
}  // namespace tripline::engine::store
