#pragma once

#include <string>
#include <vector>

#include "app/config/config.h"

namespace tripline::app {

// `sinks` and `routes`; steps of read_config().

/// Says which of their values contradict or need one another, and what kinds of sinks have against their settings.
void check_alerts(const ConfigNode& tree, rules::Diagnostics& diagnostics);

/// What the file gives of a sink's settings, as alerts::read_sink() takes it.
alerts::Given given_settings(const ConfigNode& section);

/// Without `sinks`: standard output.
std::vector<Config::Sink> build_sinks(const ConfigNode& tree);
/// Without `routes`: the default one of these sinks.
std::vector<alerts::Route> build_routes(const ConfigNode& tree, const std::vector<Config::Sink>& sinks);

}  // namespace tripline::app
