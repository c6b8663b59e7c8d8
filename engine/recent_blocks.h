#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "engine/facts_block.h"

namespace tripline::engine {

/// The blocks of facts that the journal had last, as they stand there, so that a trigger, which comes soon after its
/// events, need not read them from the store. Packed they take a tenth of what they take as objects.
/// Memory: the blocks of `most_events` events, some 250 bytes each, and as much again where they were looked into; the
/// last one whatever its size, unless `most_events` is 0. Threads: not synchronised.
class RecentBlocks {
 public:
  explicit RecentBlocks(std::size_t most_events) : most_events_(most_events) {}

  /// `row` of the journal, after all that were added before, has this block of so many events.
  void add(std::uint64_t row, std::size_t events, std::string bytes) {
    if (events == 0) return;
    events_ += events;
    blocks_.push_back({row, events, std::move(bytes), std::nullopt});
    const std::size_t least = most_events_ == 0 ? 0 : 1;
    while (events_ > most_events_ && blocks_.size() > least) {
      events_ -= blocks_.front().events;
      blocks_.pop_front();
    }
  }

  /// Valid until the next add(). Null: it is not among them, or damaged.
  const FactsBlock* find(std::uint64_t row) {
    const auto found = std::lower_bound(blocks_.begin(), blocks_.end(), row,
                                        [](const Block& block, std::uint64_t wanted) { return block.row < wanted; });
    if (found == blocks_.end() || found->row != row) return nullptr;
    if (!found->read) found->read = FactsBlock::read(found->bytes);
    return found->read ? &*found->read : nullptr;
  }

 private:
  struct Block {
    std::uint64_t row;
    std::size_t events;
    std::string bytes;
    std::optional<FactsBlock> read;  // views the bytes
  };

  std::size_t most_events_;
  std::size_t events_ = 0;
  std::deque<Block> blocks_;
};

}  // namespace tripline::engine
