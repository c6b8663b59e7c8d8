#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alerts/router.h"
#include "alerts/sink_status.h"
#include "engine/store/reader.h"

namespace tripline::app {

/// What is told of alerts, as of the last turn. Counted since the start.
struct AlertsStatus {
  std::vector<alerts::SinkStatus> sinks;
  std::vector<engine::store::OutboxCount> stranded;  // what the outbox has for sinks that are not configured
  alerts::Router::Status routing;
  std::uint64_t routed = 0;            // the last transition that is
  std::optional<std::string> trouble;  // why the last turn failed; nothing: it did not
  std::uint64_t failed_turns = 0;
};

/// Deliveries that are for sinks that are not configured.
std::uint64_t stranded_deliveries(const AlertsStatus& status);

/// Adds what `earlier` counted, for sinks by their name.
void add_counts(const AlertsStatus& earlier, AlertsStatus& to);

}  // namespace tripline::app
