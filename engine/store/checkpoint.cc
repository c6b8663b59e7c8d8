#include "engine/store/checkpoint.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <utility>

#include <sqlite3.h>

#include "engine/packing.h"
#include "engine/store/reader.h"

namespace tripline::engine::store {
namespace {

constexpr std::string_view kDoing = "write a checkpoint";
constexpr std::string_view kKeptMark = "journal_kept_from";  // in `meta`; written once rows are to be kept
constexpr std::uint8_t kMarkVersion = 1;
constexpr std::size_t kSlowestPace = 64;  // on a disk that takes long for every sync, fewer rows would not help

Result<Transaction> begin_step(Connection& connection) {
  return Transaction::begin(connection, Transaction::Kind::kWrite, kDoing);
}

}  // namespace

bool Step::more(std::size_t bytes) {
  bytes_ += bytes;
  return ++rows_ < limit_.rows && bytes_ < limit_.bytes && std::chrono::steady_clock::now() < end_;
}

Result<Checkpoint> Checkpoint::recover(Connection& connection) {
  Checkpoint checkpoint(connection);
  if (auto prepared = checkpoint.prepare(); !prepared) return prepared.error();

  const auto number = connection.number("SELECT checkpoint FROM progress", "read its checkpoint");
  const auto staging = connection.number("SELECT staging FROM progress", "read its checkpoint");
  const auto oldest = connection.number("SELECT coalesce(min(number), 0) FROM journal", "read its journal");
  for (const auto* result : {&number, &staging, &oldest}) {
    if (!*result) return result->error();
  }
  checkpoint.number_ = static_cast<std::uint64_t>(*number);
  const auto kept = Reader(connection).meta(kKeptMark);
  if (!kept) return kept.error();
  if (*kept) {
    Unpacker in(**kept);
    in.number<std::uint8_t>();  // the version, of which there is one
    checkpoint.keep_from_ = in.number<std::uint64_t>();
    if (!in.at_end()) return fail(ErrorCode::kStore, "a mark of it is damaged: " + std::string(kKeptMark));
  }
  if (*staging > *number) {
    auto transaction = begin_step(connection);
    if (!transaction) return transaction.error();
    const std::string forget = "DELETE FROM state_next; UPDATE progress SET staging = 0";
    if (auto done = connection.run(forget, "throw away an incomplete checkpoint"); !done) return done.error();
    if (auto done = transaction->commit(); !done) return done.error();
  }
  if (*staging != 0 && *staging == *number) {
    checkpoint.phase_ = Phase::kMoving;
  } else if (*oldest != 0 && *oldest <= *number && static_cast<std::uint64_t>(*oldest) < checkpoint.keep_from_) {
    checkpoint.phase_ = Phase::kTrimming;
  }
  return checkpoint;
}

Result<void> Checkpoint::prepare() {
  const struct {
    Statement& statement;
    const char* sql;
  } statements[] = {
      {stage_row_, "INSERT INTO state_next (space, key, value) VALUES (?, ?, ?)"},
      {mark_staging_, "UPDATE progress SET staging = ?"},
      {mark_complete_, "UPDATE progress SET checkpoint = staging"},
      {mark_moved_, "UPDATE progress SET staging = 0"},
      {mark_kept_,
       "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"},
      {staged_rows_, "SELECT space, key, value IS NULL, value FROM state_next ORDER BY space, key"},
      // Overwrites in place, where an upsert would look the old row up first and delete it.
      {put_row_, "REPLACE INTO state (space, key, value) VALUES (?, ?, ?)"},
      {delete_row_, "DELETE FROM state WHERE space = ? AND key = ?"},
      {delete_below_,
       "DELETE FROM state WHERE space = ?1 AND key IN"
       " (SELECT key FROM state WHERE space = ?1 AND key < ?2 ORDER BY key LIMIT 2000)"},
      {unstage_, "DELETE FROM state_next WHERE (space, key) <= (?, ?)"},
      {oldest_journal_, "SELECT coalesce(min(number), 0) FROM journal"},
      {delete_journal_, "DELETE FROM journal WHERE number = ?"},
  };
  for (const auto& [statement, sql] : statements) {
    auto prepared = Statement::prepare(*connection_, sql, kDoing);
    if (!prepared) return prepared.error();
    statement = std::move(*prepared);
  }
  return {};
}

void Checkpoint::begin(std::uint64_t number, std::vector<StateRow> rows, std::uint64_t keep_from) {
  assert(!underway());
  assert(number >= number_);
  next_ = number;
  next_keep_from_ = keep_from;
  rows_ = std::move(rows);
  staged_ = 0;
  pace_ = kFirstPace;
  // Without news since the last one there is nothing to do, and no number to mark it with.
  phase_ = number > number_ ? Phase::kStaging : Phase::kNone;
}

Result<void> Checkpoint::step(const StepLimit& limit) {
  StepLimit paced = limit;
  paced.rows = std::min(limit.rows, pace_);
  const auto begin = std::chrono::steady_clock::now();
  const Phase phase = phase_;
  auto done = do_step(paced);
  const auto took = std::chrono::steady_clock::now() - begin;
  if (phase != phase_) {
    pace_ = kFirstPace;  // a row of the next phase may take ten times as long
  } else if (took > limit.time) {
    pace_ = std::max(kSlowestPace, pace_ / 2);
  } else if (took < limit.time / 2) {
    pace_ = std::min(std::max(limit.rows, kSlowestPace), pace_ * 2);
  }
  return done;
}

Result<void> Checkpoint::do_step(const StepLimit& limit) {
  switch (phase_) {
    case Phase::kNone:
      return {};
    case Phase::kStaging:
      return stage(Step(limit));
    case Phase::kMoving:
      return move(Step(limit));
    case Phase::kTrimming:
      return trim(Step(limit));
  }
  return {};
}

Result<void> Checkpoint::stage(Step step) {
  auto transaction = begin_step(*connection_);
  if (!transaction) return transaction.error();
  std::size_t staged = staged_;
  if (staged == 0) {
    if (auto marked = mark_staging_.bind(next_).run(); !marked) return marked;
  }
  for (bool more = true; more && staged < rows_.size(); ++staged) {
    const StateRow& row = rows_[staged];
    const bool whole_range = row.kind == StateRow::Kind::kDeleteBelow;
    Statement& put = row.kind == StateRow::Kind::kLasting ? put_row_ : stage_row_;
    put.bind(whole_range ? -row.space : row.space).bind(std::string_view(row.key));
    row.value ? put.bind(std::string_view(*row.value)) : put.bind_null();
    if (auto done = put.run(); !done) return done;
    more = step.more(row.key.size() + (row.value ? row.value->size() : 0));
  }
  const bool complete = staged == rows_.size();
  if (complete) {
    if (auto marked = mark_complete_.run(); !marked) return marked;
    if (next_keep_from_ != keep_from_) {
      Packer out;
      out.number(kMarkVersion);
      out.number(next_keep_from_);
      const std::string value = out.take();
      if (auto marked = mark_kept_.bind_text(kKeptMark).bind(std::string_view(value)).run(); !marked) return marked;
    }
  }
  if (auto done = transaction->commit(); !done) return done;
  // A few at a time: freeing a million at once, at the end, would hold up a commit for 100 ms and more.
  for (; staged_ < staged; ++staged_) rows_[staged_] = {};
  if (complete) {
    number_ = next_;
    keep_from_ = next_keep_from_;
    phase_ = Phase::kMoving;
    rows_ = {};
  }
  return {};
}

Result<void> Checkpoint::move(Step step) {
  auto transaction = begin_step(*connection_);
  if (!transaction) return transaction.error();
  std::int64_t space = 0;
  std::string key;
  bool moved_all = false;
  for (bool more = true; more;) {
    auto stepped = staged_rows_.step();
    if (!stepped) return stepped.error();
    if (moved_all = !*stepped; moved_all) break;
    space = staged_rows_.integer();
    key = staged_rows_.blob();
    const bool deleted = staged_rows_.integer() != 0;
    const std::string_view value = staged_rows_.blob();
    Statement& change = space < 0 ? delete_below_ : deleted ? delete_row_ : put_row_;
    change.bind(std::abs(space)).bind(std::string_view(key));
    if (!deleted) change.bind(value);
    if (auto changed = change.run(); !changed) {
      staged_rows_.reset();
      return changed;
    }
    more = step.more(key.size() + value.size());
    if (space < 0 && sqlite3_changes(connection_->handle()) != 0) {  // it stays staged until nothing is below it
      staged_rows_.reset();
      return transaction->commit();
    }
  }
  staged_rows_.reset();
  if (auto gone = unstage_.bind(space).bind(std::string_view(key)).run(); !gone) return gone;
  if (moved_all) {
    if (auto marked = mark_moved_.run(); !marked) return marked;
  }
  if (auto done = transaction->commit(); !done) return done;
  if (moved_all) phase_ = Phase::kTrimming;
  return {};
}

Result<void> Checkpoint::trim(Step step) {
  auto transaction = begin_step(*connection_);
  if (!transaction) return transaction.error();
  bool trimmed_all = false;
  for (bool more = true; more; more = step.more(0)) {  // pages that become free are not written
    auto stepped = oldest_journal_.step();
    if (!stepped) return stepped.error();
    const std::uint64_t oldest = oldest_journal_.natural();
    oldest_journal_.reset();
    if (trimmed_all = oldest == 0 || oldest > number_ || oldest >= keep_from_; trimmed_all) break;
    if (auto gone = delete_journal_.bind(oldest).run(); !gone) return gone;
  }
  if (auto done = transaction->commit(); !done) return done;
  if (trimmed_all) phase_ = Phase::kNone;
  return {};
}

}  // namespace tripline::engine::store
