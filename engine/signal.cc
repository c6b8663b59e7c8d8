#include "engine/signal.h"

#include "engine/digest.h"

namespace tripline::engine {

EventTime period_start(const std::optional<EventTime>& time, std::chrono::seconds period) {
  const auto since = time.value_or(EventTime{}).time_since_epoch();
  const auto ticks = since / period - (since % period < EventTime::duration{0});
  return EventTime{ticks * std::chrono::duration_cast<EventTime::duration>(period)};
}

std::string signal_id(const std::string& rule_id, const std::vector<std::string>& group, EventTime period_start) {
  std::string values;
  for (const std::string& value : group) values += std::to_string(value.size()) + ':' + value;
  return to_hex(digest_128({rule_id, values, format_time(period_start)}));
}

}  // namespace tripline::engine
