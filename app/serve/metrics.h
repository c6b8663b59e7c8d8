#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/serve/metric_table.h"
#include "app/serve/routes.h"
#include "app/serve/server_facts.h"

namespace tripline::app {

/// All families, in the order of docs/metrics.md.
std::vector<const MetricRow*> metric_rows();

/// What GET /metrics answers: Prometheus' text format 0.0.4. Its length is bounded, whatever the facts' labels are.
std::string metrics_text(const ServerFacts& facts);

/// docs/metrics.md, as it must be.
std::string metrics_page();

/// GET /metrics. `facts`: of the moment; called on the thread of Routes.
Route metrics_route(std::function<ServerFacts()> facts);

}  // namespace tripline::app
