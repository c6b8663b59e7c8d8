#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/serve/handling.h"
#include "app/serve/routes.h"
#include "app/serve/server_facts.h"
#include "engine/accounts.h"
#include "engine/digest.h"
#include "engine/result.h"

namespace tripline::app {

/// What /api/v1 asks of the server. All are called on the thread of Routes.
struct ApiParts {
  std::string store_path;
  std::function<ServerFacts()> facts;
  std::function<engine::EventTime()> now;                             // the server's clock
  std::function<std::shared_ptr<const engine::Accounts>()> accounts;  // null: there are no names of accounts
  /// Makes the note durable. False: there is no such signal.
  std::function<engine::Result<bool>(const engine::Digest& signal, const Note& note)> add_note;
};

/// All calls of /api/v1: docs/api.yml describes them, docs/api.md is for people. Errors are {"error": "..."}.
/// There are no CORS headers, and what changes something wants `Content-Type: application/json`, so that no page in a
/// browser can use a server on loopback that is open to all.
std::vector<Route> api_routes(ApiParts parts);

}  // namespace tripline::app
