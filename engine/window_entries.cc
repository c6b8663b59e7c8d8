#include "engine/window_entries.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace tripline::engine {

namespace {

constexpr std::uint64_t kDone = 1;

/// How many entries there is room for when there are `size`: up to 4 the next power of two, then steps of a quarter.
constexpr std::size_t room_for(std::size_t size) {
  if (size <= 4) return std::bit_ceil(size);
  const std::size_t step = std::bit_floor(size - 1) / 4;
  return (size + step - 1) / step * step;
}
static_assert(room_for(0) <= 1 && room_for(3) == 4 && room_for(5) == 5 && room_for(9) == 10 && room_for(1000) == 1024);

std::uint64_t packed(const WindowEntry& entry) {
  const auto ticks = static_cast<std::uint64_t>(entry.time.time_since_epoch().count());
  return ticks << 15 | std::uint64_t{entry.input} << 1 | (entry.done ? kDone : 0);
}

EventTime time_of(std::uint64_t word) { return EventTime{EventTime::duration{static_cast<std::int64_t>(word) >> 15}}; }

}  // namespace

WindowEntry WindowEntries::at(std::size_t index, Layout layout) const {
  const std::uint64_t* words = entry(index, layout);
  return {.time = time_of(words[0]),
          .input = static_cast<std::uint16_t>(words[0] >> 1 & 0x3fff),
          .done = (words[0] & kDone) != 0,
          .event = words[1],
          .value = layout == Layout::kWithValue ? words[2] : 0};
}

EventTime WindowEntries::time(std::size_t index, Layout layout) const { return time_of(entry(index, layout)[0]); }

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

bool WindowEntries::insert(WindowEntry added, Layout layout) {
  const auto width = static_cast<std::size_t>(layout);
  const std::size_t position = position_of(added, layout);
  if (position < size_ && at(position, layout).position() == added.position()) return false;
  for (const std::size_t neighbour : {position - 1, position}) {
    if (neighbour >= size_) continue;  // wraps below 0 too
    const WindowEntry other = at(neighbour, layout);
    if (other.time == added.time && other.event == added.event) added.done |= other.done;
  }
  const std::size_t tail = (size_ - position) * width;
  if (room_for(size_ + 1) != room_for(size_) || !words_) {
    auto grown = std::make_unique_for_overwrite<std::uint64_t[]>(room_for(size_ + 1) * width);
    std::copy_n(words_.get(), position * width, grown.get());
    std::copy_n(words_.get() + position * width, tail, grown.get() + (position + 1) * width);
    words_ = std::move(grown);
  } else {
    std::uint64_t* from = words_.get() + position * width;
    std::copy_backward(from, from + tail, from + tail + width);
  }
  std::uint64_t* words = words_.get() + position * width;
  words[0] = packed(added);
  words[1] = added.event;
  if (layout == Layout::kWithValue) words[2] = added.value;
  ++size_;
  return true;
}

void WindowEntries::set_done(std::size_t index, Layout layout) {
  words_[index * static_cast<std::size_t>(layout)] |= kDone;
}

void WindowEntries::erase_front(std::size_t count, Layout layout) {
  assert(count <= size_);
  if (count == 0) return;
  const auto width = static_cast<std::size_t>(layout);
  const std::size_t left = size_ - count;
  const std::uint64_t* from = words_.get() + count * width;
  if (room_for(left) != room_for(size_)) {
    auto shrunk = left == 0 ? nullptr : std::make_unique_for_overwrite<std::uint64_t[]>(room_for(left) * width);
    std::copy_n(from, left * width, shrunk.get());
    words_ = std::move(shrunk);
  } else {
    std::copy_n(from, left * width, words_.get());
  }
  size_ = static_cast<std::uint32_t>(left) & 0x7fffffffu;
}

void WindowEntries::pack(Layout layout, Packer& out) const {
  const std::size_t words = size_ * static_cast<std::size_t>(layout);
  out.number(partial());
  out.number(static_cast<std::uint32_t>(size_));
  out.bytes({reinterpret_cast<const char*>(words_.get()), words * sizeof(std::uint64_t)});
}

void WindowEntries::unpack(Layout layout, Unpacker& in) {
  const auto width = static_cast<std::size_t>(layout);
  if (in.number<bool>()) set_partial();
  const std::size_t size = in.count(width * sizeof(std::uint64_t));
  const std::string_view raw = in.bytes(size * width * sizeof(std::uint64_t));
  if (raw.empty()) return;
  words_ = std::make_unique_for_overwrite<std::uint64_t[]>(room_for(size) * width);
  std::memcpy(words_.get(), raw.data(), raw.size());
  size_ = static_cast<std::uint32_t>(size) & 0x7fffffffu;
}

std::size_t WindowEntries::bytes_of(std::size_t size, Layout layout) {
  return size == 0 ? 0 : room_for(size) * static_cast<std::size_t>(layout) * sizeof(std::uint64_t);
}

}  // namespace tripline::engine
