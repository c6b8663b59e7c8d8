#include "connectors/net/way_counters.h"

namespace tripline::connectors::net {

SourceCounters& WayCounters::of(const std::string& source) {
  const std::lock_guard lock(mutex_);
  return sources_[source];
}

std::vector<WayCounters::Row> WayCounters::rows() const {
  const std::lock_guard lock(mutex_);
  std::vector<Row> rows;
  for (const auto& [source, counters] : sources_) {
    for (const auto& way : kWays) {
      for (const auto& outcome : kWayOutcomes) {
        const auto& cell =
            counters.cells_[static_cast<std::size_t>(way.way)][static_cast<std::size_t>(outcome.outcome)];
        const std::uint64_t requests = cell.requests.load(std::memory_order_relaxed);
        if (requests == 0) continue;
        rows.push_back({way.way, source, outcome.outcome, requests, cell.bytes.load(std::memory_order_relaxed)});
      }
    }
  }
  return rows;
}

}  // namespace tripline::connectors::net
