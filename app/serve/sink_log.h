#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "app/log.h"
#include "app/serve/alerts_status.h"
#include "engine/event_time.h"

namespace tripline::app {

/// Says in the log that a sink begins to fail, and why, that it works again, and what is parked for sinks that are not
/// configured: each once. Threads: one.
class SinkLog {
 public:
  /// Borrows the log.
  explicit SinkLog(Log& log) : log_(log) {}

  /// To be called every second or so.
  void look(const AlertsStatus& status, engine::EventTime now);

 private:
  void look(const alerts::SinkStatus& sink, engine::EventTime now);

  Log& log_;
  std::map<std::string, engine::EventTime> failing_;  // since when
  std::map<std::string, std::uint64_t> stranded_;     // deliveries, as they were said
};

}  // namespace tripline::app
