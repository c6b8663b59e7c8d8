#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/result.h"
#include "engine/store/checkpoint.h"
#include "engine/store/lock_file.h"
#include "engine/store/open.h"
#include "engine/store/options.h"
#include "engine/store/outbox.h"
#include "engine/store/reader.h"
#include "engine/store/rows.h"
#include "engine/store/sqlite.h"

namespace tripline::engine::store {

/// Which closed signals are forgotten.
struct Retention {
  EventTime changed_before;              // wall time: those that changed last before it
  std::uint64_t max_bytes = UINT64_MAX;  // of blobs of closed signals and of all transitions: the oldest ones beyond it
};

/// The durable store: one file, one writer. What it holds means nothing to it; docs/store.md describes the file and the
/// protocol. Once commit() has returned, a kill or a power cut at any moment leaves what it committed.
///
/// Errors are kStore with the path, the reason and what to do. After one, nothing of the call has happened for this
/// process, which may try again; after a crash instead, what commit() was doing is there whole or not at all.
/// Threads: one at a time; beside it, other processes and threads may read through Readers of their own.
class Database {
 public:
  /// Makes folder and file when they are missing. Refuses what another process has open for writing, what is no store,
  /// is damaged or newer; migrates what is older.
  static Result<Database> open(const std::string& path, const Options& options = {});

  /// There was none before.
  bool created() const { return created_; }
  /// The numbers of the last journal row and the last transition; 0 before the first.
  std::uint64_t last_journal() const { return last_journal_; }
  std::uint64_t last_transition() const { return last_transition_; }

  const Reader& read() const { return *reader_; }

  /// Returns the number of its journal row when everything is on the disk. Its transitions have the numbers from
  /// last_transition() + 1, as it was before, on.
  Result<std::uint64_t> commit(const CommitRows& rows);

  /// Adds a note to a signal, in a transaction of its own, between commits. False: there is no such signal. It goes
  /// when the signal is forgotten.
  Result<bool> add_note(const NoteRow& row);
  /// The same for a mark, beside those of commits.
  Result<void> put_mark(const MetaRow& row);

  /// What is to be told to receivers. Parked deliveries go when the signal that they begin with is forgotten.
  OutboxTables& outbox() { return *outbox_; }
  const OutboxTables& outbox() const { return *outbox_; }

  /// Whether a checkpoint is being written; perhaps one that the process before began.
  bool checkpointing() const { return checkpoint_->underway(); }
  /// Requires !checkpointing(). `rows` as of last_journal(): all that changed since the last checkpoint was begun, in
  /// order of space and key, without doublets. Once the state holds them, journal rows go, but those from `keep_from`
  /// on. Writes nothing yet.
  void begin_checkpoint(std::vector<StateRow> rows, std::uint64_t keep_from = UINT64_MAX);
  /// Does one step of it; false when nothing is left to do. To be called between commits.
  Result<bool> continue_checkpoint(const StepLimit& limit = {});

  /// Forgets some of what goes beyond the retention, with its transitions, in one transaction; returns how many
  /// signals. To be called until it returns 0.
  Result<std::size_t> forget_signals(const Retention& retention, const StepLimit& limit = {});

  /// Gives free space back to the file system. Takes as much time and disk as a copy; others may only read meanwhile.
  Result<void> compact();

 private:
  Database(LockFile lock, Opened opened);
  Result<void> prepare();
  Result<void> put(const CommitRows& rows);
  Result<void> forget(const Digest& id);

  LockFile lock_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Checkpoint> checkpoint_;
  std::unique_ptr<OutboxTables> outbox_;
  bool created_;
  std::uint64_t last_journal_ = 0;
  std::uint64_t last_transition_ = 0;

  Statement put_journal_, put_signal_, put_transition_, put_meta_, delete_meta_, put_note_;
  Statement delete_signal_, delete_transitions_, delete_notes_, keep_last_transition_;
  Statement closed_bytes_, oldest_closed_;
};

}  // namespace tripline::engine::store
