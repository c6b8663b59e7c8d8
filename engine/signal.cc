#include "engine/signal.h"

#include <algorithm>

#include "engine/digest.h"
#include "engine/group_key.h"

namespace tripline::engine {

namespace {

bool add_distinct(std::vector<std::string>& values, const std::string& value) {
  if (value.empty() || values.size() == Signal::kMaxScope) return false;
  if (std::find(values.begin(), values.end(), value) != values.end()) return false;
  values.push_back(value);
  return true;
}

bool same_event(const Evidence& a, const Evidence& b) {
  return a.event_id == b.event_id && a.path == b.path && a.index == b.index;
}

}  // namespace

EventTime period_start(EventTime time, std::chrono::seconds period) {
  const EventTime::duration length = period;
  const auto since = time.time_since_epoch();
  const auto periods = since / length - (since % length < EventTime::duration{0} ? 1 : 0);
  return EventTime{periods * length};
}

std::string signal_id(const std::string& rule_id, const std::vector<std::string>& group, EventTime period_start) {
  return to_hex(digest_128({rule_id, group_key(group), format_time(period_start)}));
}

bool show(Signal& signal, const std::shared_ptr<const Evidence>& evidence) {
  bool widened = add_distinct(signal.accounts, evidence->account);
  widened |= add_distinct(signal.regions, evidence->region);
  widened |= add_distinct(signal.addresses, evidence->address);
  const bool shown = std::any_of(signal.evidence.begin(), signal.evidence.end(),
                                 [&](const auto& other) { return same_event(*other, *evidence); });
  if (!shown && signal.evidence.size() < Signal::kMaxEvidence) signal.evidence.push_back(evidence);
  return widened;
}

}  // namespace tripline::engine
