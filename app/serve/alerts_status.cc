#include "app/serve/alerts_status.h"

namespace tripline::app {

std::uint64_t stranded_deliveries(const AlertsStatus& status) {
  std::uint64_t all = 0;
  for (const auto& count : status.stranded) all += count.waiting + count.parked;
  return all;
}

void add_counts(const AlertsStatus& earlier, AlertsStatus& to) {
  for (std::size_t i = 0; i < to.routing.routed.size(); ++i) to.routing.routed[i] += earlier.routing.routed[i];
  to.routing.threads_given_up += earlier.routing.threads_given_up;
  for (alerts::SinkStatus& sink : to.sinks) {
    for (const alerts::SinkStatus& before : earlier.sinks) {
      if (before.name != sink.name) continue;
      for (std::size_t i = 0; i < sink.ends.size(); ++i) sink.ends[i] += before.ends[i];
      for (std::size_t i = 0; i < sink.took.counts.size(); ++i) sink.took.counts[i] += before.took.counts[i];
      sink.took.sum += before.took.sum;
      sink.retries += before.retries;
      sink.refreshed += before.refreshed;
      sink.firing_given_up += before.firing_given_up;
    }
  }
}

}  // namespace tripline::app
