#include "app/serve/sink_log.h"

#include <utility>

namespace tripline::app {

void SinkLog::look(const AlertsStatus& status, engine::EventTime now) {
  for (const alerts::SinkStatus& sink : status.sinks) look(sink, now);
  std::map<std::string, std::uint64_t> stranded;
  for (const auto& count : status.stranded) {
    const std::uint64_t deliveries = count.waiting + count.parked;
    stranded[count.sink] = deliveries;
    const auto said = stranded_.find(count.sink);
    if (said != stranded_.end() && said->second >= deliveries) continue;
    log_.warning("deliveries are parked, as their sink is not configured any more",
                 {{"sink", count.sink}, {"deliveries", deliveries}});
  }
  stranded_ = std::move(stranded);
}

void SinkLog::look(const alerts::SinkStatus& sink, engine::EventTime now) {
  const auto known = failing_.find(sink.name);
  if (sink.failures > 0 && known == failing_.end()) {
    failing_.emplace(sink.name, now);
    log_.warning("a sink fails",
                 {{"sink", sink.name}, {"why", sink.trouble}, {"next_try", engine::format_time(sink.paused_until)}});
  } else if (sink.failures == 0 && known != failing_.end()) {
    log_.info("a sink works again", {{"sink", sink.name}, {"after", now - known->second}});
    failing_.erase(known);
  }
}

}  // namespace tripline::app
