#include "engine/store/reader.h"

#include <algorithm>
#include <sys/stat.h>

#include "engine/store/backup.h"
#include "engine/store/columns.h"
#include "engine/store/schema.h"

namespace tripline::engine::store {
namespace {

// Staged rows of a checkpoint that is complete stand before those that are not moved yet.
std::string state_rows(const std::string& which) {
  return "SELECT key, value FROM state AS old WHERE " + which + R"( AND NOT EXISTS (
  SELECT 1 FROM progress, state_next AS new
  WHERE progress.staging = progress.checkpoint AND new.space = old.space AND new.key = old.key)
UNION ALL
SELECT key, value FROM state_next WHERE )" +
         which + R"( AND value IS NOT NULL AND (SELECT staging = checkpoint FROM progress)
ORDER BY key)";
}

// A staged row, which may say that there is none any more, stands before an older one.
constexpr const char* kStateRow = R"(
SELECT value IS NOT NULL, value FROM state_next
WHERE space = ?1 AND key = ?2 AND (SELECT staging = checkpoint FROM progress)
UNION ALL
SELECT 1, value FROM state WHERE space = ?1 AND key = ?2
LIMIT 1)";

const std::string kSignalColumns = "SELECT id, rule_id, open, closes_at, changed_at, first, value FROM signals ";

SignalRow read_signal(Statement& statement) {
  SignalRow row;
  row.id = statement.key();
  row.rule_id = statement.text();
  row.open = statement.integer() != 0;
  row.closes_at = read_time(statement);
  row.changed_at = read_time(statement);
  row.first = read_time(statement);
  row.blob = statement.blob();
  return row;
}

StateView read_state(Statement& statement) {
  const std::string_view key = statement.blob();
  return {key, statement.blob()};
}

/// Calls visit with what `read` makes of each row.
template <class Row, class Read>
Result<void> each(Statement& statement, const Read& read, const Visit<Row>& visit) {
  for (;;) {
    auto stepped = statement.step();
    if (!stepped) return stepped.error();
    if (!*stepped) return {};
    if (auto visited = visit(read(statement)); !visited) return visited;
  }
}

/// 0 when there is none.
std::uint64_t file_size(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? static_cast<std::uint64_t>(facts.st_size) : 0;
}

}  // namespace

Result<Reader> Reader::open(const std::string& path, const std::string& vfs) {
  auto connection = Connection::open(path, Connection::Mode::kRead, vfs);
  if (!connection) return connection.error();
  if (auto version = read_version(**connection, migrations(), false); !version) return version.error();
  return Reader(std::move(*connection));
}

Result<void> Reader::each_state_row(std::int64_t space, const Visit<StateView>& visit) const {
  auto rows = Statement::prepare(*connection_, state_rows("space = ?1"), "read its state");
  if (!rows) return rows.error();
  rows->bind(space);
  return each<StateView>(*rows, read_state, visit);
}

Result<void> Reader::each_state_row(std::int64_t space, std::string_view from, std::string_view to,
                                    const Visit<StateView>& visit) const {
  auto rows = Statement::prepare(*connection_, state_rows("space = ?1 AND key >= ?2 AND key < ?3"), "read its state");
  if (!rows) return rows.error();
  rows->bind(space).bind(from).bind(to);
  return each<StateView>(*rows, read_state, visit);
}

Result<std::optional<std::string>> Reader::find_state_row(std::int64_t space, std::string_view key) const {
  auto row = Statement::prepare(*connection_, kStateRow, "read its state");
  if (!row) return row.error();
  const auto stepped = row->bind(space).bind(key).step();
  if (!stepped) return stepped.error();
  if (!*stepped || row->integer() == 0) return std::optional<std::string>();
  return std::optional<std::string>(row->blob());
}

Result<std::uint64_t> Reader::checkpoint() const {
  auto number = connection_->number("SELECT checkpoint FROM progress", "read its checkpoint");
  if (!number) return number.error();
  return static_cast<std::uint64_t>(*number);
}

Result<void> Reader::each_journal_row(std::uint64_t after, const Visit<JournalRow>& visit) const {
  auto rows = Statement::prepare(*connection_, "SELECT number, value FROM journal WHERE number > ? ORDER BY number",
                                 "read its journal");
  if (!rows) return rows.error();
  rows->bind(after);
  const auto read = [](Statement& row) {
    const std::uint64_t number = row.natural();
    return JournalRow{number, row.blob()};
  };
  return each<JournalRow>(*rows, read, visit);
}

Result<std::optional<std::string>> Reader::find_journal_row(std::uint64_t number) const {
  auto row = Statement::prepare(*connection_, "SELECT value FROM journal WHERE number = ?", "read its journal");
  if (!row) return row.error();
  const auto stepped = row->bind(number).step();
  if (!stepped) return stepped.error();
  if (!*stepped) return std::optional<std::string>();
  return std::optional<std::string>(row->blob());
}

Result<void> Reader::each_signal(Which which, const Visit<SignalRow>& visit) const {
  // Named, so that it is an error and no slow sort, should an index not give the order any more.
  const char* where = which == Which::kAll    ? "ORDER BY first, id"
                      : which == Which::kOpen ? "INDEXED BY signals_open WHERE open = 1 ORDER BY first, id"
                                              : "INDEXED BY signals_by_first WHERE open = 0 ORDER BY first, id";
  auto rows = Statement::prepare(*connection_, kSignalColumns + where, "read its signals");
  if (!rows) return rows.error();
  return each<SignalRow>(*rows, read_signal, visit);
}

Result<void> Reader::each_signal_before(Which which, const std::optional<SignalPlace>& before,
                                        const std::function<Result<bool>(const SignalRow&)>& visit) const {
  const std::string from = which == Which::kOpen     ? "INDEXED BY signals_open WHERE open = 1 AND "
                           : which == Which::kClosed ? "INDEXED BY signals_by_first WHERE open = 0 AND "
                                                     : "INDEXED BY signals_by_first WHERE ";
  auto rows = Statement::prepare(
      *connection_, kSignalColumns + from + "(first, id) < (?, ?) ORDER BY first DESC, id DESC", "read its signals");
  if (!rows) return rows.error();
  const SignalPlace last{EventTime::max(), {UINT64_MAX, UINT64_MAX}};
  const SignalPlace& place = before ? *before : last;
  rows->bind(place.first.time_since_epoch().count()).bind(place.id);
  for (;;) {
    const auto stepped = rows->step();
    if (!stepped) return stepped.error();
    if (!*stepped) return {};
    const auto more = visit(read_signal(*rows));
    if (!more) return more.error();
    if (!*more) return {};
  }
}

Result<bool> Reader::find_signal(const Digest& id, const Visit<SignalRow>& visit) const {
  auto row = Statement::prepare(*connection_, kSignalColumns + "WHERE id = ?", "read a signal");
  if (!row) return row.error();
  auto stepped = row->bind(id).step();
  if (!stepped || !*stepped) return stepped;
  if (auto visited = visit(read_signal(*row)); !visited) return visited.error();
  return true;
}

Result<void> Reader::each_transition(std::uint64_t after, std::size_t limit, const Visit<TransitionRow>& visit) const {
  auto rows = Statement::prepare(
      *connection_, "SELECT number, signal, kind, value FROM transitions WHERE number > ? ORDER BY number LIMIT ?",
      "read its transitions");
  if (!rows) return rows.error();
  rows->bind(after).bind(static_cast<std::uint64_t>(limit));
  const auto read = [](Statement& row) {
    TransitionRow transition;
    transition.number = row.natural();
    transition.signal = row.key();
    transition.kind = row.integer();
    transition.blob = row.blob();
    return transition;
  };
  return each<TransitionRow>(*rows, read, visit);
}

Result<void> Reader::each_note(const Digest& signal, const Visit<NoteRow>& visit) const {
  auto rows = Statement::prepare(*connection_,
                                 "SELECT signal, kind, at, author, text FROM notes WHERE signal = ? ORDER BY number",
                                 "read its notes");
  if (!rows) return rows.error();
  rows->bind(signal);
  const auto read = [](Statement& row) {
    NoteRow note;
    note.signal = row.key();
    note.kind = row.integer();
    note.at = read_time(row);
    note.author = row.text();
    note.text = row.text();
    return note;
  };
  return each<NoteRow>(*rows, read, visit);
}

Result<std::optional<std::string>> Reader::meta(std::string_view key) const {
  auto row = Statement::prepare(*connection_, "SELECT value FROM meta WHERE key = ?", "read its marks");
  if (!row) return row.error();
  auto stepped = row->bind_text(key).step();
  if (!stepped) return stepped.error();
  if (!*stepped) return std::optional<std::string>{};
  return std::optional<std::string>{row->blob()};
}

Result<void> Reader::each_meta(const Visit<MetaRow>& visit) const {
  auto rows = Statement::prepare(*connection_, "SELECT key, value FROM meta ORDER BY key", "read its marks");
  if (!rows) return rows.error();
  const auto read = [](Statement& row) {
    const std::string_view key = row.text();
    return MetaRow{key, row.blob()};
  };
  return each<MetaRow>(*rows, read, visit);
}

Result<Sizes> Reader::sizes() const {
  const auto number = [&](const char* sql) { return connection_->number(sql, "read its size"); };
  const auto page = number("PRAGMA page_size"), pages = number("PRAGMA page_count"),
             free = number("PRAGMA freelist_count"),
             journal = number("SELECT coalesce((SELECT max(number) FROM journal) - checkpoint, 0) FROM progress");
  for (const auto* result : {&page, &pages, &free, &journal}) {
    if (!*result) return result->error();
  }
  Sizes sizes;
  sizes.file_bytes = static_cast<std::uint64_t>(*page * *pages);
  sizes.free_bytes = static_cast<std::uint64_t>(*page * *free);
  sizes.wal_bytes = file_size(connection_->path() + "-wal");
  sizes.journal_rows = static_cast<std::uint64_t>(std::max<std::int64_t>(*journal, 0));
  return sizes;
}

Result<Counts> Reader::counts() const {
  Counts counts;
  const struct {
    std::uint64_t& count;
    const char* sql;
  } tables[] = {
      {counts.journal, "SELECT count(*) FROM journal"},
      {counts.state, "SELECT count(*) FROM state"},
      {counts.open_signals, "SELECT count(*) FROM signals WHERE open = 1"},
      {counts.closed_signals, "SELECT count(*) FROM signals WHERE open = 0"},
      {counts.transitions, "SELECT count(*) FROM transitions"},
  };
  for (const auto& table : tables) {
    auto count = connection_->number(table.sql, "count its rows");
    if (!count) return count.error();
    table.count = static_cast<std::uint64_t>(*count);
  }
  return counts;
}

Result<void> Reader::backup(const std::string& to) const { return backup_database(*connection_, to); }

}  // namespace tripline::engine::store
