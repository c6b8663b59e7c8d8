#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>

#include "engine/event_time.h"
#include "engine/group_block.h"
#include "engine/packing.h"

namespace tripline::engine {

/// A matched event as one group's window knows it. Events of the same time and id are one event; it has several
/// entries when it matched several rules of a temporal correlation, or carries several values.
struct WindowEntry {
  EventTime time;
  std::uint16_t input = 0;  // which of the correlation's rules, where that matters, else 0; at most 16,383
  bool done = false;        // it has triggered, or was judged
  std::uint64_t event = 0;  // its id
  std::uint64_t value = 0;  // a digest or the bits of a double, where one is counted

  auto position() const { return std::tie(time, event, input, value); }
};

/// A group's entries in order of time, then event, as compactly as they go: 16 bytes each, 24 with a value, and what
/// GroupBlock adds, which has the group's key too.
///
/// Times within 8,900 years of 1970, which is more than four digits of a year can say.
class WindowEntries {
 public:
  enum class Layout : std::uint8_t { kPlain = 2, kWithValue = 3 };  // in words of 8 bytes; with a value: no input

  std::size_t size() const { return size_; }
  bool partial() const { return partial_; }
  void set_partial() { partial_ = true; }

  WindowEntry at(std::size_t index, Layout layout) const;
  EventTime time(std::size_t index, Layout layout) const;
  std::uint16_t input(std::size_t index, Layout layout) const;
  std::uint64_t value(std::size_t index) const;  // of kWithValue

  /// The first entry whose time is not before `time`.
  std::size_t not_before(EventTime time, Layout layout) const;
  /// The first entry whose time is after `time`.
  std::size_t after(EventTime time, Layout layout) const;

  /// How many different values the entries from `first` on have, all after the `values_from` of the last insert(). Of
  /// kWithValue.
  std::size_t distinct_values_from(std::size_t first) const;

  /// False when it is there already. An entry of an event that is done is done too. `values_from`: nobody will ask how
  /// many values there are from this time on, or from an earlier one; it never goes back.
  bool insert(WindowEntry entry, Layout layout, EventTime values_from = EventTime::min());
  void set_done(std::size_t index, Layout layout);
  /// `values_from`: as of the last insert().
  void erase(std::size_t first, std::size_t count, Layout layout, EventTime values_from = EventTime::min());
  void erase_front(std::size_t count, Layout layout);

  void pack(Layout layout, Packer& out) const;
  /// What pack() wrote, for entries that are empty.
  void unpack(Layout layout, Unpacker& in);

  GroupBlock& block() { return block_; }
  const GroupBlock& block() const { return block_; }

 private:
  std::uint64_t word(std::size_t index, Layout layout, std::size_t which = 0) const;
  void set_word(std::size_t index, Layout layout, std::size_t which, std::uint64_t value);
  std::size_t position_of(const WindowEntry& entry, Layout layout) const;
  void mark_last_of_value(std::size_t added, EventTime values_from);
  void mark_one_before(std::size_t index, EventTime values_from);

  // Words of each entry: time << 15 | input << 1 | done; event; value. In place of the input of one with a value: 1
  // when none behind it has that value.
  GroupBlock block_;
  std::uint32_t size_ : 31 = 0;
  std::uint32_t partial_ : 1 = 0;  // a bound took entries away
};

}  // namespace tripline::engine
