#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/serve/alerting.h"
#include "app/serve/routes.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::app {

/// What /api/v1/outbox asks of the server. All are called on the thread of Routes.
struct OutboxParts {
  std::string store_path;
  std::function<engine::EventTime()> now;
  std::function<AlertsStatus()> status;
  // Those of Alerting.
  std::function<engine::Result<std::uint64_t>(const DeliverySelection&)> retry, drop;
  std::function<engine::Result<std::vector<std::optional<std::uint64_t>>>(const std::vector<alerts::OutboxEntry>&)>
      attempts;
};

/// What waits for sinks, and what is to become of it: docs/api.yml.
std::vector<Route> outbox_routes(OutboxParts parts);

}  // namespace tripline::app
