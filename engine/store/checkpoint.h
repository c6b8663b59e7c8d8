#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/result.h"
#include "engine/store/rows.h"
#include "engine/store/sqlite.h"

namespace tripline::engine::store {

/// How much work is done in one transaction: it ends at the first limit that is reached, after one row at least.
/// Syncing what was written comes on top of the time; a checkpoint takes fewer rows when a step with its sync took
/// longer.
struct StepLimit {
  std::chrono::milliseconds time{20};
  std::size_t rows = 4096;
  std::size_t bytes = std::size_t{1} << 20;
};

/// Takes the rows of one step, as far as the limit goes.
class Step {
 public:
  explicit Step(const StepLimit& limit) : limit_(limit), end_(std::chrono::steady_clock::now() + limit.time) {}

  /// After a row of so many bytes: is there room for another?
  bool more(std::size_t bytes);

 private:
  StepLimit limit_;
  std::chrono::steady_clock::time_point end_;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
};

/// Carries the rows of one checkpoint into the state, a step at a time, so that commits go on between the steps, and so
/// that a crash at any moment leaves the state of this checkpoint or of the one before, with the journal that follows.
/// Source: docs/store.md, "Checkpoints". Threads: the writer's.
class Checkpoint {
 public:
  /// Finds out where the process before stopped, and throws away staged rows that never became complete.
  static Result<Checkpoint> recover(Connection& connection);

  /// Something is left to do.
  bool underway() const { return phase_ != Phase::kNone; }
  /// The journal row that the state, with what is staged, holds last. Later ones are to be replayed.
  std::uint64_t number() const { return number_; }

  /// Requires !underway(). `rows`: all that changed since the last checkpoint, in order of space and key, without
  /// doublets, as of journal row `number`. Journal rows up to it go, but those from `keep_from` on.
  void begin(std::uint64_t number, std::vector<StateRow> rows, std::uint64_t keep_from = UINT64_MAX);
  /// One transaction. After an error it may be called again.
  Result<void> step(const StepLimit& limit);

 private:
  enum class Phase {
    kNone,
    kStaging,   // rows_ go to state_next
    kMoving,    // the checkpoint counts; state_next goes to state
    kTrimming,  // journal rows that the state holds go
  };

  static constexpr std::size_t kFirstPace = 256;  // rows of a step, until it is known how long they take

  explicit Checkpoint(Connection& connection) : connection_(&connection) {}
  Result<void> do_step(const StepLimit& limit);
  Result<void> prepare();
  Result<void> stage(Step step);
  Result<void> move(Step step);
  Result<void> trim(Step step);

  Connection* connection_;
  Phase phase_ = Phase::kNone;
  std::uint64_t number_ = 0;              // of the last complete checkpoint
  std::uint64_t next_ = 0;                // of the one that is staged
  std::uint64_t keep_from_ = UINT64_MAX;  // journal rows from here on stay
  std::uint64_t next_keep_from_ = UINT64_MAX;
  std::vector<StateRow> rows_;
  std::size_t staged_ = 0;  // of rows_
  std::size_t pace_ = kFirstPace;

  Statement stage_row_, mark_staging_, mark_complete_, mark_moved_, mark_kept_;
  Statement staged_rows_, put_row_, delete_row_, delete_below_, unstage_;
  Statement oldest_journal_, delete_journal_;
};

}  // namespace tripline::engine::store
