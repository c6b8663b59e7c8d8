#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "alerts/delivery.h"
#include "engine/digest.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::alerts {

/// When each sink was last told of which thread (rule and group), and whether it holds something open for it.
///
/// Memory: some 200 bytes a thread, at most `most`; beyond that the one that would be forgotten first goes, which is
/// counted: such a thread is told anew when it goes on, and is not closed. Threads: not synchronised.
class ToldThreads {
 public:
  struct Told {
    engine::EventTime at;
    engine::EventTime until;  // it is forgotten then; the end of time: when the last of `live` closes
    /// When the batch is due that told of it last, or will; a batch that is due then need not count it again.
    engine::EventTime due = engine::EventTime::min();

    // Of sinks that hold something open until they hear that it is over:

    /// It was told of the thread in a message of its own, and not that it is over.
    bool holds = false;
    /// Signals of the thread that are open, of several periods, whoever was told of them.
    std::vector<engine::Digest> live{};

    bool operator==(const Told&) const = default;
  };

  explicit ToldThreads(std::size_t most) : most_(most) {}

  /// Null: the sink was not told, or that is forgotten. Valid until the next call.
  const Told* find(std::string_view sink, std::string_view thread) const;
  void put(std::string_view sink, std::string_view thread, Told told);
  void forget(std::string_view sink, std::string_view thread);
  void forget_until(engine::EventTime now);

  std::size_t size() const { return threads_.size(); }
  std::uint64_t given_up() const { return given_up_; }

  // --- what stays beyond the process ---

  static constexpr std::string_view kRows = "told/";  // what keys begin with
  void take_rows(std::vector<RoutingRow>& into);
  /// `key`: without kRows. What was told to a sink that is not among `sinks` any more is forgotten.
  engine::Result<void> restore(std::string_view key, std::string_view blob, const std::set<std::string>& sinks);

 private:
  void erase(engine::Digest id);

  std::size_t most_;
  std::uint64_t given_up_ = 0;
  struct Entry {
    Told told;
    std::string sink;
  };
  std::unordered_map<engine::Digest, Entry, engine::DigestHash> threads_;  // by sink and thread
  std::set<std::pair<engine::EventTime, engine::Digest>> ends_;
  std::set<engine::Digest> touched_;
};

}  // namespace tripline::alerts
