#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <utility>

#include "engine/facts_block.h"

namespace tripline::engine {

/// The blocks of facts that the journal had last, as they stand there, so that a trigger, which comes soon after its
/// events, need not read them from the store. Packed they take a tenth of what they take as objects.
/// Others are read from the store whole, and the last of them kept: triggers that come together show events that came
/// together.
/// Memory: the blocks of `most_events` events, some 250 bytes each, the last one whatever its size, unless
/// `most_events` is 0; and kMostRead bytes of blocks that were read. Twice that where they were looked into. Threads:
/// not synchronised.
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

  static constexpr std::size_t kMostRead = 8 * 1024 * 1024;  // bytes
  static constexpr std::size_t kMostReadBlocks = 64;         // so that they are soon looked through

  /// Keeps a block that was read from the store. Valid until the next call. Null: it is damaged.
  const FactsBlock* keep(std::uint64_t row, std::string bytes) {
    read_bytes_ += bytes.size();
    read_.push_front({row, 0, std::move(bytes), std::nullopt});
    while ((read_bytes_ > kMostRead && read_.size() > 1) || read_.size() > kMostReadBlocks) {
      read_bytes_ -= read_.back().bytes.size();
      read_.pop_back();
    }
    return look_into(read_.front());
  }

  /// Valid until the next call. Null: it is not among them, or damaged.
  const FactsBlock* find(std::uint64_t row) {
    const auto known = std::find_if(read_.begin(), read_.end(), [row](const Block& block) { return block.row == row; });
    if (known != read_.end()) {
      read_.splice(read_.begin(), read_, known);
      return look_into(read_.front());
    }
    const auto found = std::lower_bound(blocks_.begin(), blocks_.end(), row,
                                        [](const Block& block, std::uint64_t wanted) { return block.row < wanted; });
    if (found == blocks_.end() || found->row != row) return nullptr;
    return look_into(*found);
  }

 private:
  struct Block {
    std::uint64_t row;
    std::size_t events;
    std::string bytes;
    std::optional<FactsBlock> read;  // views the bytes
  };

  static const FactsBlock* look_into(Block& block) {
    if (!block.read) block.read = FactsBlock::read(block.bytes);
    return block.read ? &*block.read : nullptr;
  }

  std::size_t most_events_;
  std::size_t events_ = 0;
  std::deque<Block> blocks_;
  std::list<Block> read_;  // the last that was asked for first
  std::size_t read_bytes_ = 0;
};

}  // namespace tripline::engine
