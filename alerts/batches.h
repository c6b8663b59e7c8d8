#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/batch.h"
#include "alerts/delivery.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::alerts {

/// The batches that wait, by batch_id() and by when they are due. Threads: not synchronised.
class Batches {
 public:
  bool contains(const std::string& id) const { return batches_.contains(id); }
  std::size_t size() const { return batches_.size(); }
  const std::map<std::string, Batch>& all() const { return batches_; }

  /// The one of that id, to be changed but for when it is due; `fresh` when there is none. Valid until it is erased.
  Batch& change(const std::string& id, Batch fresh);
  /// Batch::end() of those of a sink.
  void end(std::string_view sink, const engine::Digest& thread, std::uint64_t revision);

  /// One whose time has come, the earliest first; null: there is none.
  const std::string* due(engine::EventTime now) const;
  /// The end of time: there is none.
  engine::EventTime next() const { return due_.empty() ? engine::EventTime::max() : due_.begin()->first; }

  /// Empties it, and makes it due then.
  void wait_again(const std::string& id, engine::EventTime due);
  void erase(const std::string& id);

  // --- what stays beyond the process ---

  static constexpr std::string_view kRows = "batch/";  // what keys begin with
  void take_rows(std::vector<RoutingRow>& into);
  /// `key`: without kRows.
  engine::Result<void> restore(std::string_view key, std::string_view blob);

 private:
  std::map<std::string, Batch> batches_;
  std::set<std::pair<engine::EventTime, std::string>> due_;
  std::set<std::string> touched_;
};

}  // namespace tripline::alerts
