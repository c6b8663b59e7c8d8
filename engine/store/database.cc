#include "engine/store/database.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "engine/store/columns.h"
#include "engine/store/folder.h"

namespace tripline::engine::store {
namespace {

constexpr std::string_view kCommit = "commit to it";
constexpr std::string_view kNote = "add a note to it";
constexpr std::string_view kForget = "forget closed signals";

}  // namespace

Result<Database> Database::open(const std::string& path, const Options& options) {
  if (auto made = make_folder(folder_of(path)); !made) return made.error();
  auto lock = LockFile::take(path);
  if (!lock) return lock.error();
  auto opened = open_for_writing(path, options);
  if (!opened) return opened.error();
  Database database(std::move(*lock), std::move(*opened));
  if (auto prepared = database.prepare(); !prepared) return prepared.error();
  return database;
}

Database::Database(LockFile lock, Opened opened)
    : lock_(std::move(lock)),
      connection_(std::move(opened.connection)),
      reader_(std::make_unique<Reader>(*connection_)),
      created_(opened.created) {}

Result<void> Database::prepare() {
  auto checkpoint = Checkpoint::recover(*connection_);
  if (!checkpoint) return checkpoint.error();
  checkpoint_ = std::make_unique<Checkpoint>(std::move(*checkpoint));
  auto outbox = OutboxTables::open(*connection_);
  if (!outbox) return outbox.error();
  outbox_ = std::make_unique<OutboxTables>(std::move(*outbox));

  // Numbers go on where they were, also when the rows that had them are gone.
  const auto journal = connection_->number(
      "SELECT max(checkpoint, (SELECT coalesce(max(number), 0) FROM journal)) FROM progress", "read its journal");
  const auto transition = connection_->number(
      "SELECT max(last_transition, (SELECT coalesce(max(number), 0) FROM transitions)) FROM progress",
      "read its transitions");
  if (!journal) return journal.error();
  if (!transition) return transition.error();
  last_journal_ = static_cast<std::uint64_t>(*journal);
  last_transition_ = static_cast<std::uint64_t>(*transition);

  const struct {
    Statement& statement;
    const char* sql;
    std::string_view doing;
  } statements[] = {
      {put_journal_, "INSERT INTO journal (number, value) VALUES (?, ?)", kCommit},
      {put_signal_,
       "INSERT INTO signals (id, rule_id, open, closes_at, changed_at, first, bytes, value)"
       " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET rule_id = excluded.rule_id,"
       " open = excluded.open, closes_at = excluded.closes_at, changed_at = excluded.changed_at,"
       " first = excluded.first, bytes = excluded.bytes, value = excluded.value",
       kCommit},
      {put_transition_, "INSERT INTO transitions (number, signal, kind, bytes, value) VALUES (?, ?, ?, ?, ?)", kCommit},
      {put_meta_, "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
       kCommit},
      {delete_meta_, "DELETE FROM meta WHERE key = ?", kCommit},
      {delete_signal_, "DELETE FROM signals WHERE id = ?", kForget},
      {delete_transitions_, "DELETE FROM transitions WHERE signal = ?", kForget},
      {delete_notes_, "DELETE FROM notes WHERE signal = ?", kForget},
      {put_note_,
       "INSERT INTO notes (signal, kind, at, author, text)"
       " SELECT id, ?, ?, ?, ? FROM signals WHERE id = ? RETURNING number",
       kNote},
      {keep_last_transition_, "UPDATE progress SET last_transition = ?", kForget},
      {closed_bytes_,
       "SELECT coalesce((SELECT sum(bytes) FROM signals WHERE open = 0), 0) +"
       " coalesce((SELECT sum(bytes) FROM transitions), 0)",
       kForget},
      {oldest_closed_,
       "SELECT id, changed_at, bytes + coalesce((SELECT sum(bytes) FROM transitions WHERE signal = id), 0)"
       " FROM signals WHERE open = 0 ORDER BY changed_at LIMIT 1",
       kForget},
  };
  for (const auto& [statement, sql, doing] : statements) {
    auto prepared = Statement::prepare(*connection_, sql, doing);
    if (!prepared) return prepared.error();
    statement = std::move(*prepared);
  }
  return {};
}

Result<std::uint64_t> Database::commit(const CommitRows& rows) {
  auto transaction = Transaction::begin(*connection_, Transaction::Kind::kWrite, kCommit);
  if (!transaction) return transaction.error();
  if (auto done = put(rows); !done) return done.error();
  if (auto done = transaction->commit(); !done) return done.error();
  last_transition_ += rows.transitions.size();
  return ++last_journal_;
}

Result<void> Database::put(const CommitRows& rows) {
  assert(has_version(rows.journal));
  if (auto done = put_journal_.bind(last_journal_ + 1).bind(rows.journal).run(); !done) return done;
  for (const SignalRow& row : rows.signals) {
    assert(has_version(row.blob));
    put_signal_.bind(row.id).bind_text(row.rule_id).bind(std::int64_t{row.open});
    put_signal_.bind(milliseconds(row.closes_at)).bind(milliseconds(row.changed_at)).bind(milliseconds(row.first));
    if (auto done = put_signal_.bind(std::uint64_t{row.blob.size()}).bind(row.blob).run(); !done) return done;
  }
  std::uint64_t number = last_transition_;
  for (const TransitionRow& row : rows.transitions) {
    assert(has_version(row.blob));
    put_transition_.bind(++number).bind(row.signal).bind(row.kind);
    if (auto done = put_transition_.bind(std::uint64_t{row.blob.size()}).bind(row.blob).run(); !done) return done;
  }
  for (const MetaRow& row : rows.meta) {
    assert(row.blob.empty() || has_version(row.blob));
    if (row.blob.empty()) {
      if (auto done = delete_meta_.bind_text(row.key).run(); !done) return done;
      continue;
    }
    if (auto done = put_meta_.bind_text(row.key).bind(row.blob).run(); !done) return done;
  }
  for (const Digest& id : rows.deleted_signals) {
    if (auto done = forget(id); !done) return done;
  }
  return rows.deleted_signals.empty() ? Result<void>{} : keep_last_transition_.bind(number).run();
}

Result<void> Database::forget(const Digest& id) {
  if (auto done = delete_transitions_.bind(id).run(); !done) return done;
  if (auto done = delete_notes_.bind(id).run(); !done) return done;
  if (auto done = outbox_->forget(id); !done) return done;
  return delete_signal_.bind(id).run();
}

Result<bool> Database::add_note(const NoteRow& row) {
  auto transaction = Transaction::begin(*connection_, Transaction::Kind::kWrite, kNote);
  if (!transaction) return transaction.error();
  put_note_.bind(row.kind).bind(milliseconds(row.at)).bind_text(row.author).bind_text(row.text).bind(row.signal);
  const auto added = put_note_.step();
  if (!added) return added.error();
  put_note_.reset();
  if (!*added) return false;
  if (auto done = transaction->commit(); !done) return done.error();
  return true;
}

Result<void> Database::put_mark(const MetaRow& row) {
  assert(has_version(row.blob));
  auto transaction = Transaction::begin(*connection_, Transaction::Kind::kWrite, kCommit);
  if (!transaction) return transaction.error();
  if (auto done = put_meta_.bind_text(row.key).bind(row.blob).run(); !done) return done;
  return transaction->commit();
}

void Database::begin_checkpoint(std::vector<StateRow> rows, std::uint64_t keep_from) {
  checkpoint_->begin(last_journal_, std::move(rows), keep_from);
}

Result<bool> Database::continue_checkpoint(const StepLimit& limit) {
  if (auto done = checkpoint_->step(limit); !done) return done.error();
  return checkpoint_->underway();
}

Result<std::size_t> Database::forget_signals(const Retention& retention, const StepLimit& limit) {
  auto transaction = Transaction::begin(*connection_, Transaction::Kind::kWrite, kForget);
  if (!transaction) return transaction.error();
  std::uint64_t bytes = 0;
  if (retention.max_bytes != UINT64_MAX) {
    if (auto stepped = closed_bytes_.step(); !stepped) return stepped.error();
    bytes = closed_bytes_.natural();
    closed_bytes_.reset();
  }
  std::size_t forgotten = 0;
  Step step(limit);
  for (bool more = true; more;) {
    auto stepped = oldest_closed_.step();
    if (!stepped) return stepped.error();
    if (!*stepped) break;
    const Digest id = oldest_closed_.key();
    const std::int64_t changed_at = oldest_closed_.integer();
    const std::uint64_t size = oldest_closed_.natural();
    oldest_closed_.reset();
    if (changed_at >= milliseconds(retention.changed_before) && bytes <= retention.max_bytes) break;
    if (auto done = forget(id); !done) return done.error();
    bytes -= std::min(bytes, size);
    ++forgotten;
    more = step.more(size);
  }
  if (forgotten == 0) return forgotten;
  if (auto done = keep_last_transition_.bind(last_transition_).run(); !done) return done.error();
  if (auto done = transaction->commit(); !done) return done.error();
  return forgotten;
}

Result<void> Database::compact() {
  if (auto done = connection_->run("VACUUM", "compact it"); !done) return done;
  return connection_->run("PRAGMA wal_checkpoint(TRUNCATE)", "compact it");
}

}  // namespace tripline::engine::store
