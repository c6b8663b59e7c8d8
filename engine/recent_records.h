#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/record_text.h"
#include "engine/result.h"
#include "engine/store/rows.h"

namespace tripline::engine {

/// The records of the events that correlations were fed with last, for the signals that they open: a trigger comes soon
/// after its events. No commit writes them, so that a match costs it nothing for a record that no signal may ever show;
/// checkpoints write the last of them, for the next process.
/// Memory: `most_bytes` of text. Threads: one.
class RecentRecords {
 public:
  static constexpr std::size_t kMostBytes = 8 * 1024 * 1024;
  static constexpr std::size_t kMostOfCheckpoint = 2 * 1024 * 1024;  // bytes, so that none takes long
  explicit RecentRecords(std::size_t most_bytes = kMostBytes) : most_bytes_(most_bytes) {}

  void add(std::uint64_t event, std::shared_ptr<const RecordText> text) {
    if (!text || !texts_.emplace(event, text).second) return;
    bytes_ += text->json.size();
    order_.push_back(event);
    while (bytes_ > most_bytes_) {
      const auto oldest = texts_.find(order_.front());
      bytes_ -= oldest->second->json.size();
      texts_.erase(oldest);
      order_.pop_front();
      stored_ -= stored_ > 0 ? 1 : 0;
    }
  }

  /// Null: it is gone, or there never was one.
  std::shared_ptr<const RecordText> find(std::uint64_t event) const {
    const auto found = texts_.find(event);
    return found == texts_.end() ? nullptr : found->second;
  }

  /// For a checkpoint as of journal row `last`: appends those that have come since the one before, fit to be shown, the
  /// last ones as far as kMostOfCheckpoint goes, and takes away those that newer ones have displaced.
  void take_changes(std::uint64_t last, std::vector<store::StateRow>& rows);
  /// Takes back a row that take_changes() made, in order of keys. kStore: it is damaged.
  Result<void> restore(std::string_view key, std::string_view value);

 private:
  struct Hash {
    std::size_t operator()(std::uint64_t event) const { return static_cast<std::size_t>(event); }  // it is a hash
  };

  struct Checkpoint {
    std::uint64_t last;  // journal row
    std::size_t bytes;
  };
  void note_stored(std::uint64_t last, std::size_t bytes);

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::deque<std::uint64_t> order_;
  std::size_t stored_ = 0;  // of them, from the first on, those that a checkpoint has had its choice of
  std::deque<Checkpoint> checkpoints_;
  std::size_t stored_bytes_ = 0;  // of all checkpoints
  boost::unordered_flat_map<std::uint64_t, std::shared_ptr<const RecordText>, Hash> texts_;
};

}  // namespace tripline::engine
