#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/record_text.h"

namespace tripline::engine {

/// The records of the events that correlations were fed with last, for the signals that they open: a trigger comes soon
/// after its events. They are in no store, so that a match costs it nothing for a record that no signal may ever show.
/// Memory: `most_bytes` of text. Threads: one.
class RecentRecords {
 public:
  static constexpr std::size_t kMostBytes = 8 * 1024 * 1024;
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
    }
  }

  /// Null: it is gone, or there never was one.
  std::shared_ptr<const RecordText> find(std::uint64_t event) const {
    const auto found = texts_.find(event);
    return found == texts_.end() ? nullptr : found->second;
  }

 private:
  struct Hash {
    std::size_t operator()(std::uint64_t event) const { return static_cast<std::size_t>(event); }  // it is a hash
  };

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::deque<std::uint64_t> order_;
  boost::unordered_flat_map<std::uint64_t, std::shared_ptr<const RecordText>, Hash> texts_;
};

}  // namespace tripline::engine
