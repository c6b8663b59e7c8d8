#include <gmock/gmock.h>

#include "tests/support/store_rows.h"

namespace tripline::engine::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using tests::blob;
using tests::signal_row;
using tests::store_in;
using tests::TemporaryFolder;

EventTime at(std::int64_t milliseconds) { return EventTime{std::chrono::milliseconds{milliseconds}}; }

/// Signals 1 to 6, two at each first time, the odd ones open.
Database with_signals(const TemporaryFolder& folder) {
  Database database = Database::open(store_in(folder)).value();
  const std::string text = blob("s");
  CommitRows rows;
  rows.journal = text;
  for (std::uint64_t id = 1; id <= 6; ++id) {
    rows.signals.push_back(signal_row(id, id % 2 == 1, 100, text, static_cast<std::int64_t>(id / 2) - 1));
  }
  database.commit(rows).value();
  return database;
}

std::vector<std::string> notes_of(const Reader& reader, std::uint64_t signal) {
  std::vector<std::string> notes;
  const Visit<NoteRow> visit = [&](const NoteRow& row) -> Result<void> {
    EXPECT_EQ(row.signal, (Digest{signal, signal}));
    notes.push_back(std::to_string(row.kind) + " " + format_time(row.at) + " " + std::string(row.author) + ": " +
                    std::string(row.text));
    return {};
  };
  reader.each_note({signal, signal}, visit).value();
  return notes;
}

TEST(Notes, AreKeptInOrderAndSeenByOthers) {
  const TemporaryFolder folder;
  Database database = with_signals(folder);
  EXPECT_TRUE(database.add_note({{1, 1}, 1, at(5), "alice", "mine"}).value());
  EXPECT_TRUE(database.add_note({{2, 2}, 1, at(6), "bob", ""}).value());
  EXPECT_TRUE(database.add_note({{1, 1}, 2, at(7), "", "it's \"done\"\n"}).value());
  EXPECT_FALSE(database.add_note({{9, 9}, 1, at(8), "alice", "of no signal"}).value());
  const Reader other = Reader::open(store_in(folder)).value();
  EXPECT_THAT(notes_of(other, 1),
              ElementsAre("1 1970-01-01T00:00:00.005Z alice: mine", "2 1970-01-01T00:00:00.007Z : it's \"done\"\n"));
  EXPECT_THAT(notes_of(other, 2), ElementsAre("1 1970-01-01T00:00:00.006Z bob: "));
  EXPECT_THAT(notes_of(other, 9), IsEmpty());
  EXPECT_EQ(database.last_journal(), 1u) << "a note is no commit";
}

TEST(Notes, SurviveAReopeningAndChangesOfTheirSignal) {
  const TemporaryFolder folder;
  {
    Database database = with_signals(folder);
    database.add_note({{1, 1}, 1, at(5), "alice", "mine"}).value();
  }
  Database database = Database::open(store_in(folder)).value();
  const std::string text = blob("changed");
  CommitRows rows;
  rows.journal = text;
  rows.signals.push_back(signal_row(1, false, 200, text));
  database.commit(rows).value();
  EXPECT_THAT(notes_of(database.read(), 1), testing::SizeIs(1));
  EXPECT_THAT(database.read().check().value(), IsEmpty());
}

TEST(Notes, GoWithTheirSignal) {
  const TemporaryFolder folder;
  Database database = with_signals(folder);
  database.add_note({{1, 1}, 1, at(5), "alice", "open"}).value();
  database.add_note({{2, 2}, 1, at(5), "alice", "closed"}).value();
  while (database.forget_signals({.changed_before = at(1000)}).value() > 0) {
  }
  EXPECT_THAT(notes_of(database.read(), 1), testing::SizeIs(1));
  EXPECT_THAT(notes_of(database.read(), 2), IsEmpty());
  EXPECT_THAT(database.read().check().value(), IsEmpty());
}

TEST(Marks, ArePutBesideCommits) {
  const TemporaryFolder folder;
  Database database = with_signals(folder);
  database.put_mark({"last_seen", blob("a")}).value();
  database.put_mark({"last_seen", blob("b")}).value();
  EXPECT_EQ(Reader::open(store_in(folder)).value().meta("last_seen").value(), blob("b"));
}

TEST(SignalsBefore, AreGivenFromTheLastOnUntilNoMoreAreWanted) {
  const TemporaryFolder folder;
  const Database database = with_signals(folder);
  using Ids = std::vector<std::uint64_t>;
  const struct {
    std::string_view name;
    Which which;
    std::optional<SignalPlace> before;
    std::size_t most;
    Ids ids;
  } cases[] = {
      {"all", Which::kAll, {}, 9, {6, 5, 4, 3, 2, 1}},
      {"two of them", Which::kAll, {}, 2, {6, 5}},
      {"those before a place in the middle of a moment", Which::kAll, SignalPlace{at(1), {5, 5}}, 9, {4, 3, 2, 1}},
      {"those before a place that is no signal", Which::kAll, SignalPlace{at(1), {0, 0}}, 9, {3, 2, 1}},
      {"open ones", Which::kOpen, SignalPlace{at(1), {5, 5}}, 9, {3, 1}},
      {"closed ones", Which::kClosed, SignalPlace{at(1), {5, 5}}, 9, {4, 2}},
      {"nothing is before the first", Which::kAll, SignalPlace{at(-1), {1, 1}}, 9, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Ids ids;
    const auto done = database.read().each_signal_before(c.which, c.before, [&](const SignalRow& row) -> Result<bool> {
      ids.push_back(row.id.low);
      return ids.size() < c.most;
    });
    EXPECT_TRUE(done);
    EXPECT_EQ(ids, c.ids);
  }
}

}  // namespace
}  // namespace tripline::engine::store
