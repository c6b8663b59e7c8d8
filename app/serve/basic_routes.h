#pragma once

#include <vector>

#include "app/serve/routes.h"

namespace tripline::app {

class Server;

/// /healthz, /readyz and /-/reload. Borrows the server.
std::vector<Route> basic_routes(Server& server);

}  // namespace tripline::app
