#include "engine/window_entries.h"

#include <cassert>
#include <cstring>

#include <boost/unordered/unordered_flat_set.hpp>

namespace tripline::engine {

namespace {

constexpr std::uint64_t kDone = 1;
constexpr std::uint64_t kLastOfValue = 2;
constexpr std::size_t kWord = sizeof(std::uint64_t);

constexpr std::size_t width(WindowEntries::Layout layout) { return static_cast<std::size_t>(layout); }

std::uint64_t packed(const WindowEntry& entry) {
  const auto ticks = static_cast<std::uint64_t>(entry.time.time_since_epoch().count());
  return ticks << 15 | std::uint64_t{entry.input} << 1 | (entry.done ? kDone : 0);
}

EventTime time_of(std::uint64_t word) { return EventTime{EventTime::duration{static_cast<std::int64_t>(word) >> 15}}; }

std::uint16_t input_of(std::uint64_t word) { return static_cast<std::uint16_t>(word >> 1 & 0x3fff); }

}  // namespace

std::uint64_t WindowEntries::word(std::size_t index, Layout layout, std::size_t which) const {
  std::uint64_t value;
  std::memcpy(&value, block_.kept() + (index * width(layout) + which) * kWord, kWord);
  return value;
}

void WindowEntries::set_word(std::size_t index, Layout layout, std::size_t which, std::uint64_t value) {
  std::memcpy(block_.kept() + (index * width(layout) + which) * kWord, &value, kWord);
}

WindowEntry WindowEntries::at(std::size_t index, Layout layout) const {
  const std::uint64_t head = word(index, layout);
  return {.time = time_of(head),
          .input = layout == Layout::kWithValue ? std::uint16_t{0} : input_of(head),
          .done = (head & kDone) != 0,
          .event = word(index, layout, 1),
          .value = layout == Layout::kWithValue ? value(index) : 0};
}

EventTime WindowEntries::time(std::size_t index, Layout layout) const { return time_of(word(index, layout)); }
std::uint16_t WindowEntries::input(std::size_t index, Layout layout) const { return input_of(word(index, layout)); }
std::uint64_t WindowEntries::value(std::size_t index) const { return word(index, Layout::kWithValue, 2); }

std::size_t WindowEntries::not_before(EventTime time, Layout layout) const {
  std::size_t low = 0;
  std::size_t high = size_;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (this->time(middle, layout) < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::size_t WindowEntries::after(EventTime time, Layout layout) const {
  return time == EventTime::max() ? size_ : not_before(time + EventTime::duration{1}, layout);
}

std::size_t WindowEntries::position_of(const WindowEntry& wanted, Layout layout) const {
  std::size_t position = not_before(wanted.time, layout);
  while (position < size_ && at(position, layout).position() < wanted.position()) ++position;
  return position;
}

bool WindowEntries::insert(WindowEntry added, Layout layout, EventTime values_from) {
  assert(layout == Layout::kPlain || added.input == 0);
  const std::size_t position = position_of(added, layout);
  if (position < size_ && at(position, layout).position() == added.position()) return false;
  for (const std::size_t neighbour : {position - 1, position}) {
    if (neighbour >= size_) continue;  // wraps below 0 too
    const WindowEntry other = at(neighbour, layout);
    if (other.time == added.time && other.event == added.event) added.done |= other.done;
  }
  const std::size_t entry_bytes = width(layout) * kWord;
  block_.resize((size_ + 1) * entry_bytes);
  char* place = block_.kept() + position * entry_bytes;
  std::memmove(place + entry_bytes, place, (size_ - position) * entry_bytes);
  ++size_;
  set_word(position, layout, 0, packed(added));
  set_word(position, layout, 1, added.event);
  if (layout == Layout::kWithValue) {
    set_word(position, layout, 2, added.value);
    mark_last_of_value(position, values_from);
  }
  return true;
}

void WindowEntries::mark_last_of_value(std::size_t index, EventTime values_from) {
  constexpr auto layout = Layout::kWithValue;
  if (time(index, layout) <= values_from) return;
  const std::uint64_t value = this->value(index);
  for (std::size_t i = index + 1; i < size_; ++i) {
    if (this->value(i) == value) return;  // one behind it is the last, or has such a one behind it
  }
  set_word(index, layout, 0, word(index, layout) | kLastOfValue);
  for (std::size_t i = index; i > 0 && time(i - 1, layout) > values_from; --i) {
    if (this->value(i - 1) != value) continue;
    set_word(i - 1, layout, 0, word(i - 1, layout) & ~kLastOfValue);
    return;  // those before it have given way to it
  }
}

std::size_t WindowEntries::distinct_values_from(std::size_t first) const {
  std::size_t values = 0;
  for (std::size_t i = first; i < size_; ++i) values += (word(i, Layout::kWithValue) & kLastOfValue) != 0;
  return values;
}

void WindowEntries::set_done(std::size_t index, Layout layout) {
  set_word(index, layout, 0, word(index, layout) | kDone);
}

/// The entry goes: one before it may be the last of its value then.
void WindowEntries::mark_one_before(std::size_t index, EventTime values_from) {
  constexpr auto layout = Layout::kWithValue;
  if ((word(index, layout) & kLastOfValue) == 0) return;
  for (std::size_t i = index; i > 0 && time(i - 1, layout) > values_from; --i) {
    if (value(i - 1) != value(index)) continue;
    set_word(i - 1, layout, 0, word(i - 1, layout) | kLastOfValue);
    return;
  }
}

void WindowEntries::erase(std::size_t first, std::size_t count, Layout layout, EventTime values_from) {
  assert(first + count <= size_);
  if (count == 0) return;
  if (layout == Layout::kWithValue && first > 0) {
    for (std::size_t i = first + count; i > first; --i) mark_one_before(i - 1, values_from);  // it may go, too
  }
  const std::size_t entry_bytes = width(layout) * kWord;
  const std::size_t left = size_ - count;
  char* place = block_.kept() + first * entry_bytes;
  std::memmove(place, place + count * entry_bytes, (left - first) * entry_bytes);
  block_.resize(left * entry_bytes);
  size_ = static_cast<std::uint32_t>(left) & 0x7fffffffu;
}

void WindowEntries::erase_front(std::size_t count, Layout layout) { erase(0, count, layout); }

void WindowEntries::pack(Layout layout, Packer& out) const {
  out.number(partial());
  out.number(static_cast<std::uint32_t>(size_));
  for (std::size_t i = 0; i < size_; ++i) {
    const std::uint64_t head = word(i, layout);
    out.number(layout == Layout::kWithValue ? head & ~kLastOfValue : head);
    for (std::size_t which = 1; which < width(layout); ++which) out.number(word(i, layout, which));
  }
}

void WindowEntries::unpack(Layout layout, Unpacker& in) {
  if (in.number<bool>()) set_partial();
  const std::size_t entry_bytes = width(layout) * kWord;
  const std::size_t size = in.count(entry_bytes);
  const std::string_view raw = in.bytes(size * entry_bytes);
  if (raw.empty()) return;
  block_.resize(raw.size());
  std::memcpy(block_.kept(), raw.data(), raw.size());
  size_ = static_cast<std::uint32_t>(size) & 0x7fffffffu;
  if (layout != Layout::kWithValue) return;
  boost::unordered_flat_set<std::uint64_t> behind;
  for (std::size_t i = size_; i > 0; --i) {
    if (!behind.insert(value(i - 1)).second) continue;
    set_word(i - 1, layout, 0, word(i - 1, layout) | kLastOfValue);
  }
}

}  // namespace tripline::engine
