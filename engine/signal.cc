#include "engine/signal.h"

#include <algorithm>
#include <tuple>

#include "engine/digest.h"
#include "engine/group_key.h"

namespace tripline::engine {

namespace {

/// Whether the value is new.
bool add(Signal& signal, std::vector<std::string>& values, const std::string& value) {
  if (value.empty() || std::find(values.begin(), values.end(), value) != values.end()) return false;
  if (values.size() == Signal::kMaxScope) {
    signal.cut = true;
    return false;
  }
  values.push_back(value);
  return true;
}

/// Whether it is new.
bool add(Signal& signal, const Resource& resource) {
  auto& all = signal.resources;
  if (std::find(all.begin(), all.end(), resource) != all.end()) return false;
  if (all.size() == kMaxResources) {
    signal.cut = true;
    return false;
  }
  all.push_back(resource);
  return true;
}

bool same_event(const Evidence& a, const Evidence& b) {
  return a.event_id == b.event_id && a.path == b.path && a.index == b.index;
}

}  // namespace

EventTime period_start(EventTime time, std::chrono::seconds period) {
  const EventTime::duration length = period;
  if (time < EventTime::min() + length) return EventTime::min();  // the end of time stays what it is
  const auto since = time.time_since_epoch();
  const auto periods = since / length - (since % length < EventTime::duration{0} ? 1 : 0);
  return EventTime{periods * length};
}

std::string signal_id(const std::string& rule_id, const std::vector<std::string>& group, EventTime period_start) {
  return to_hex(digest_128({rule_id, group_key(group), format_time(period_start)}));
}

void keep(Signal& signal, const KeptRecord& record) {
  if (!record.text) return;
  const auto comes_before = [](const KeptRecord& a, const KeptRecord& b) {
    return std::tie(a.time, a.event) < std::tie(b.time, b.event);
  };
  if (!signal.first_record.text || comes_before(record, signal.first_record)) signal.first_record = record;
  if (!signal.last_record.text || comes_before(signal.last_record, record)) signal.last_record = record;
}

void count(Signal& signal, const std::string& event_name, std::string_view outcome, const std::string& error_code) {
  if (event_name.empty()) return;
  const std::size_t before = signal.actions.size();
  if (count_action(signal.actions, Signal::kMaxScope, event_name, outcome, error_code)) return;
  signal.cut = true;
  const bool named = std::any_of(signal.actions.begin(), signal.actions.end(),
                                 [&](const ActionCount& action) { return action.event_name == event_name; });
  if (!named && before == Signal::kMaxScope) ++signal.other_actions;
}

bool gather(Signal& signal, const Evidence& evidence) {
  bool is_new = false;
  for (const Scope& scope : kScopes) is_new |= add(signal, signal.*scope.of_signal, evidence.*scope.of_event);
  for (const Resource& resource : evidence.resources) is_new |= add(signal, resource);
  return is_new;
}

Shown show(Signal& signal, const std::shared_ptr<const Evidence>& evidence) {
  Shown shown{.as_evidence = false, .widened = gather(signal, *evidence)};
  const bool known = std::any_of(signal.evidence.begin(), signal.evidence.end(),
                                 [&](const auto& other) { return same_event(*other, *evidence); });
  if (known || signal.evidence.size() == Signal::kMaxEvidence) return shown;
  signal.evidence.push_back(evidence);
  shown.as_evidence = true;
  for (const auto& field : evidence->shown) {
    auto place = std::find_if(signal.fields.begin(), signal.fields.end(),
                              [&](const auto& other) { return other.first == field.first; });
    if (place == signal.fields.end()) place = signal.fields.insert(place, {field.first, {}});
    add(signal, place->second, field.second);
  }
  return shown;
}

}  // namespace tripline::engine
