#pragma once

#include <string>
#include <vector>

#include "alerts/message.h"
#include "alerts/route.h"
#include "alerts/signal_match.h"
#include "engine/rule.h"

namespace tripline::alerts {

/// A change of a signal that somebody asks about.
struct AskedChange {
  SignalTraits traits;
  engine::Level level = engine::Level::kMedium;
  Change change = Change::kOpened;
  bool continues = false;  // the signal of the period before
};

/// What one route would do with it, in words.
struct RouteAnswer {
  struct ToSink {
    std::string sink;
    bool told = false;
    std::string how;  // or why not; a sentence without its stop
  };
  std::string route;
  bool takes = false;
  std::string why;  // it does not take it, or is not tried
  std::vector<ToSink> sinks;
};

/// Where it would go and why, route by route, as a Router decides it that knows nothing of the past: whether the sink
/// was told before, and whether the rule is noisy or something is silenced, shows only in a running server.
std::vector<RouteAnswer> explain_routes(const std::vector<Route>& routes, const std::vector<RoutedSink>& sinks,
                                        const AskedChange& asked);

}  // namespace tripline::alerts
