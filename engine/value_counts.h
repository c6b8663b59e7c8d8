#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tripline::engine {

/// How many times each of some values is there, and how many different ones are.
/// Threads: not synchronised; it lives within one call.
class ValueCounts {
 public:
  /// No more than `most` different values are ever added.
  explicit ValueCounts(std::size_t most) : slots_(std::bit_ceil(2 * most + 1)) {}

  void add(std::uint64_t value) { distinct_ += slot_of(value).count++ == 0 ? 1 : 0; }
  /// Requires that it is there.
  void remove(std::uint64_t value) { distinct_ -= --slot_of(value).count == 0 ? 1 : 0; }

  std::size_t distinct() const { return distinct_; }

 private:
  struct Slot {
    std::uint64_t value;
    std::uint32_t count;  // 0: it was there, and may be again
    std::uint32_t taken;
  };

  Slot& slot_of(std::uint64_t value) {
    const std::size_t mask = slots_.size() - 1;
    const std::uint64_t hash = value * 0x9e3779b97f4a7c15;  // doubles differ in their high bits alone
    std::size_t place = static_cast<std::size_t>(hash >> 32) & mask;
    while (slots_[place].taken != 0 && slots_[place].value != value) place = (place + 1) & mask;
    slots_[place].taken = 1;
    slots_[place].value = value;
    return slots_[place];
  }

  std::vector<Slot> slots_;
  std::size_t distinct_ = 0;
};

}  // namespace tripline::engine
