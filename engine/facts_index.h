#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/event_time.h"
#include "engine/result.h"
#include "engine/store/rows.h"

namespace tripline::engine {

/// Which row of a store's journal has the facts of an event, and which rows are still wanted for them. A commit writes
/// facts once, into the journal; checkpoints write down where.
///
/// Memory: some 30 bytes an event since the last checkpoint, and some 60 an hour of events.
/// Threads: not synchronised. docs/store.md has the rows.
class FactsIndex {
 public:
  /// The facts are in journal row `row`, and wanted until the watermark reaches `until`.
  void add(EventTime time, std::uint64_t event, std::uint64_t row, EventTime until);

  /// Of an event that came since the last checkpoint.
  std::optional<std::uint64_t> find(std::uint64_t event) const;

  /// For a checkpoint as of journal row `last`: appends what has come since the one before, and takes away what nobody
  /// wants at `watermark`, of events before `edge`.
  void take_changes(std::uint64_t last, EventTime watermark, EventTime edge, std::vector<store::StateRow>& rows);
  /// The checkpoint is complete.
  void release() { before_.clear(); }

  /// The first row of the journal that is wanted, as of the last take_changes(); UINT64_MAX: none is.
  std::uint64_t wanted_from() const;

  /// Takes back a row of Space::kFactsEnd. kStore: it is damaged.
  Result<void> restore(std::string_view key, std::string_view value);

  /// The row of the journal, by a row of Space::kFacts that take_changes() made; nothing: it does not have the event.
  static std::optional<std::uint64_t> find_in(std::string_view key, std::string_view value, std::uint64_t event);

 private:
  struct Place {
    EventTime time;
    std::uint64_t row;
  };
  struct Hash {
    std::size_t operator()(std::uint64_t event) const { return static_cast<std::size_t>(event); }  // it is a hash
  };
  using Places = boost::unordered_flat_map<std::uint64_t, Place, Hash>;

  Places now_;                               // since take_changes()
  Places before_;                            // what that gave
  std::map<EventTime, std::uint64_t> ends_;  // by until when: the first row that is wanted until then
  std::set<EventTime> new_ends_;             // since take_changes()
  EventTime edge_ = EventTime::min();
};

}  // namespace tripline::engine
