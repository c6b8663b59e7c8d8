#pragma once

#include <functional>
#include <string>
#include <vector>

#include "alerts/silence.h"
#include "app/serve/routes.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::app {

/// What /api/v1/silences asks of the server. All are called on the thread of Routes.
struct SilenceParts {
  std::function<engine::EventTime()> now;
  std::function<engine::Result<std::vector<alerts::Silence>>()> all;
  // Durable when they return. kBadInput: Silences::put() and end().
  std::function<engine::Result<void>(const alerts::Silence&)> put;
  std::function<engine::Result<void>(const std::string& id)> end;
  std::function<std::vector<std::string>(const alerts::Silence&)> doubts;  // silence_doubts()
};

/// Silences, new ones, and their ends: docs/api.yml.
std::vector<Route> silence_routes(SilenceParts parts);

}  // namespace tripline::app
