#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/serve/routes.h"
#include "engine/result.h"

namespace tripline::app {

/// /healthz, /readyz and /-/reload. `not_ready`: why; empty: it is. `reload`: whether something is new.
std::vector<Route> basic_routes(std::function<std::string()> not_ready, std::function<engine::Result<bool>()> reload);

}  // namespace tripline::app
