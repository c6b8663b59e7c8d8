#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/digest.h"
#include "engine/event_time.h"

namespace tripline::engine::store {

// What the tables of docs/store.md hold, as C++ sees it. A blob is bytes whose meaning is its writer's; it begins with
// a version, a byte that is not 0, so that it is never empty either. Views belong to whoever made the row: the caller's
// until the call returns, the Reader's until the visit returns.

struct SignalRow {
  Digest id;
  std::string_view rule_id;
  bool open = true;
  EventTime closes_at;   // event time
  EventTime changed_at;  // wall time; closed signals are forgotten by it
  EventTime first;       // event time of the first trigger
  std::string_view blob;
};

/// One entry of the log that tells others what became of a signal. The database numbers them, from 1, without a gap.
struct TransitionRow {
  std::uint64_t number = 0;  // when read; ignored when written
  Digest signal;
  std::int64_t kind = 0;  // the writer's
  std::string_view blob;
};

/// What somebody did with a signal, or says of it. The signal itself knows nothing of it.
struct NoteRow {
  Digest signal;
  std::int64_t kind = 0;  // the writer's
  EventTime at;           // wall time
  std::string_view author;
  std::string_view text;
};

struct MetaRow {
  std::string_view key;
  std::string_view blob;
};

/// What is to be told to one receiver.
struct DeliveryRow {
  std::uint64_t number = 0;  // when read: from 1, in the order they were written, none used twice; ignored when written
  std::string_view sink;
  std::string_view thread;  // deliveries of one sink and thread are sent in order
  std::string_view key;     // unique for the sink
  Digest signal;            // the first that it tells of
  EventTime written_at;     // wall time
  // When read; a delivery that is written waits.
  std::optional<EventTime> parked_at{};  // wall time; nothing: it is to be delivered
  std::string_view why{};                // it is parked
  std::string_view blob;
};

/// What one step of routing makes durable, all of it or nothing.
struct RoutingRows {
  std::vector<DeliveryRow> deliveries{};  // in the order they are numbered
  std::vector<MetaRow> routing{};         // what routing remembers; an empty blob: the row is deleted
  std::vector<MetaRow> meta{};            // marks
};

/// What became of a delivery.
struct SettledRow {
  enum class Kind {
    kGone,     // it is not in the outbox any more: delivered, or given up
    kParked,   // until somebody says that it is to be tried again
    kWaiting,  // to be delivered, though it was parked
  };
  std::uint64_t number = 0;
  Kind kind = Kind::kGone;
  EventTime at{};          // of kParked: wall time
  std::string_view why{};  // of kParked
};

/// What one commit makes durable, all of it or nothing.
struct CommitRows {
  std::string_view journal;
  std::vector<SignalRow> signals;          // new and changed ones, whole
  std::vector<Digest> deleted_signals;     // their transitions stay until they are forgotten
  std::vector<TransitionRow> transitions;  // in the order they are numbered
  std::vector<MetaRow> meta;               // an empty blob: the row is deleted
};

struct JournalRow {
  std::uint64_t number = 0;
  std::string_view blob;
};

/// One piece of state as of a checkpoint. `space` tells kinds of state apart; keys are compared as bytes.
struct StateRow {
  enum class Kind {
    kChanging,
    kLasting,      // put once and never changed, so that it may be there before its checkpoint counts
    kDeleteBelow,  // without a value: all rows of the space with a key below this one are deleted
  };
  std::int64_t space = 0;  // above 0
  std::string key;
  std::optional<std::string> value;  // a blob; nothing: the row is deleted
  Kind kind = Kind::kChanging;
};

}  // namespace tripline::engine::store
