#include "engine/signal_changes.h"

#include <algorithm>

#include "engine/group_key.h"

namespace tripline::engine {

namespace {

std::chrono::seconds period_of(const RuleSet& rules, bool of_correlation, std::uint32_t index) {
  return of_correlation ? rules.correlations[index].period : rules.detections[index].period;
}

const Rule& rule_of(const RuleSet& rules, bool of_correlation, std::uint32_t index) {
  return of_correlation ? rules.correlations[index].rule : rules.detections[index].rule;
}

void arrived(Signal& signal, std::optional<EventTime> delivered) {
  if (delivered && (!signal.arrived || *delivered < *signal.arrived)) signal.arrived = delivered;
}

EventTime after(EventTime time, std::chrono::milliseconds by) {
  return time > EventTime::max() - by ? EventTime::max() : time + by;
}

}  // namespace

/// A digest costs more than all else that is done with a match, and matches come in runs of one signal.
const std::string& SignalChanges::id_of(const std::string& rule_id, const std::vector<std::string>& group,
                                        EventTime period_start) {
  constexpr std::size_t kRemembered = 16'384;
  std::string key;
  append_to_key(key, rule_id);
  const auto ticks = period_start.time_since_epoch().count();
  key.append(reinterpret_cast<const char*>(&ticks), sizeof ticks);
  for (const std::string& value : group) append_to_key(key, value);
  if (ids_.size() >= kRemembered) ids_.clear();
  const auto [entry, fresh] = ids_.try_emplace(std::move(key));
  if (fresh) entry->second = signal_id(rule_id, group, period_start);
  return entry->second;
}

const Signal* SignalChanges::find(const std::string& id) {
  const auto found = store_.find(id);
  if (found) return *found;
  failure_ = found.error();
  return nullptr;
}

SignalChanges::Change& SignalChanges::change(const Place& place, const std::vector<std::string>& group,
                                             EventTime time) {
  const auto period = period_of(*place.rules, place.of_correlation, place.index);
  const EventTime start = period_start(time, period);
  const std::string& id = id_of(rule_of(*place.rules, place.of_correlation, place.index).id, group, start);
  auto [entry, added] = changes_.try_emplace(id);
  Change& change = entry->second;
  if (!added) return change;
  if (const Signal* stored = find(id)) {
    change.signal = *stored;
    return change;
  }
  change.fresh = true;
  Signal& signal = change.signal;
  signal.id = id;
  signal.rules = place.rules;
  signal.of_correlation = place.of_correlation;
  signal.index = place.index;
  signal.group = group;
  signal.period_start = start;
  signal.first = time;
  signal.last = time;
  signal.closes_at = after(start, period + place.lag);
  closing_[signal.closes_at].push_back(from_hex(id));
  signal.detected = now_;
  if (counts_) ++counts_(place.of_correlation, place.index).signals;
  return change;
}

void SignalChanges::add(const Match& match, bool late) {
  if (!match.rule().opens_signals) return;
  without_time_ += match.time ? 0 : 1;
  add_to(match.group, match, late);
  for (const auto& group : match.more_groups) add_to(group, match, late);
}

void SignalChanges::add_to(const std::vector<std::string>& group, const Match& match, bool late) {
  const EventTime time = match.time.value_or(EventTime{});
  const Place place{.rules = match.rules, .of_correlation = false, .index = match.detection, .lag = {}};
  Change& changed = change(place, group, time);
  Signal& signal = changed.signal;
  signal.first = std::min(signal.first, time);
  signal.last = std::max(signal.last, time);
  ++signal.triggers;
  changed.revised = true;
  signal.late |= late;
  arrived(signal, match.delivered);
  count(signal, match.event_name, match.outcome, match.error_code);
  keep(signal, {time, match.key.low, match.record});
  if (!match.evidence) return;
  if (signal.title.empty()) signal.title = match.evidence->title;
  changed.widened |= show(signal, match.evidence).widened;
}

void SignalChanges::add(const Trigger& trigger, const std::shared_ptr<const RuleSet>& rules,
                        const Correlator& correlator, const RecentRecords& records) {
  const Place place{
      .rules = rules, .of_correlation = true, .index = trigger.correlation, .lag = correlator.lag(trigger.correlation)};
  Change& changed = change(place, values_of_key(trigger.group), trigger.at);
  Signal& signal = changed.signal;
  if (trigger.fresh) {
    signal.first = std::min(signal.first, trigger.at);
    signal.last = std::max(signal.last, trigger.at);
    signal.peak = signal.triggers == 0 ? trigger.value : std::max(signal.peak, trigger.value);
    ++signal.triggers;
    changed.revised = true;
  } else {
    // A trigger that moves stays in its period and does not overtake another of its group.
    if (signal.first == trigger.was) signal.first = trigger.at;
    if (signal.last == trigger.was) signal.last = trigger.at;
    changed.revised |= trigger.was != trigger.at || trigger.value > signal.peak;
    signal.peak = std::max(signal.peak, trigger.value);
  }
  signal.partial |= trigger.partial;
  signal.evicted |= trigger.evicted;
  const Correlation& correlation = rules->correlations[trigger.correlation];
  const bool in_order = correlation.type != CorrelationType::kNewValue && correlation.judgement != Judgement::kAtOnce;
  const EventTime until = in_order ? signal.gathered_until : EventTime::min();
  for (const EventRef& event : trigger.gathered) {
    if (in_order && event.time <= until) continue;
    if (in_order) signal.gathered_until = std::max(signal.gathered_until, event.time);
    const auto facts = correlator.facts(trigger.correlation, event);
    if (!facts) continue;
    keep(signal, {facts->time, facts->id, records.find(facts->id)});
    if (!facts->evidence) continue;
    const Evidence& evidence = *facts->evidence;
    changed.revised = true;
    changed.widened |= gather(signal, evidence);
    arrived(signal, evidence.delivered);
    count(signal, evidence.event_name, evidence.outcome, evidence.error_code);
  }
  for (const EventRef& event : trigger.events) {
    if (signal.evidence.size() == Signal::kMaxEvidence) break;
    const auto facts = correlator.facts(trigger.correlation, event);
    if (facts && facts->evidence) show(signal, facts->evidence);
  }
}

/// Signals of one rule and group in neighbouring periods are one story, whichever came first.
void SignalChanges::link_periods() {
  std::vector<std::string> fresh;
  for (const auto& [id, change] : changes_) {
    if (change.fresh) fresh.push_back(id);
  }
  for (const std::string& id : fresh) {
    Signal& signal = changes_[id].signal;
    const auto period = period_of(*signal.rules, signal.of_correlation, signal.index);
    const auto neighbour = [&](EventTime start) { return id_of(signal.rule().id, signal.group, start); };
    const std::string before = neighbour(signal.period_start - period);
    if (changes_.contains(before) || find(before) != nullptr) signal.continues = before;
    const std::string next = neighbour(signal.period_start + period);
    if (const auto changed = changes_.find(next); changed != changes_.end()) {
      changed->second.signal.continues = id;
    } else if (const Signal* stored = find(next)) {
      Change& later = changes_[next];
      later.signal = *stored;
      later.signal.continues = id;
      later.revised = true;
    }
  }
}

bool SignalChanges::close_until(EventTime watermark) {
  while (!closing_.empty() && closing_.begin()->first <= watermark) {
    std::vector<Digest>& ids = closing_.begin()->second;
    for (; !ids.empty(); ids.pop_back()) {
      if (closed_.size() >= kMostClosed) return true;
      closed_.push_back(to_hex(ids.back()));
    }
    closing_.erase(closing_.begin());
  }
  return false;
}

void SignalChanges::restore(const Signal& signal, const RuleSet* rules) {
  if (signal.rules.get() == rules) {
    closing_[signal.closes_at].push_back(from_hex(signal.id));
  } else {
    closed_.push_back(signal.id);
    removed_.push_back(signal.id);
  }
}

Result<void> SignalChanges::take(Commit& commit) {
  using Kind = Transition::Kind;
  link_periods();
  std::vector<std::string> ids;
  for (const auto& [id, change] : changes_) ids.push_back(id);
  std::sort(ids.begin(), ids.end());  // so that a replay numbers transitions alike
  for (const std::string& id : ids) {
    Change& change = changes_[id];
    const Kind kind = change.fresh ? Kind::kOpened : Kind::kUpdated;
    if (change.fresh || change.revised) {
      commit.transitions.push_back({++transitions_, kind, id, !change.fresh && change.widened});
    }
    Signal& signal = change.signal;
    signal.widened |= !change.fresh && change.widened;
    if (counts_ && !change.fresh && change.widened) ++counts_(signal.of_correlation, signal.index).widened;
    const bool one = signal.first_record.text == signal.last_record.text;
    signal.first_record.text = records_.shown(signal.first_record.text);
    signal.last_record.text = one ? signal.first_record.text : records_.shown(signal.last_record.text);
    commit.signals.push_back(std::move(change.signal));
  }
  std::sort(closed_.begin(), closed_.end());
  std::sort(removed_.begin(), removed_.end());
  for (std::string& id : closed_) {
    const bool removed = std::binary_search(removed_.begin(), removed_.end(), id);
    commit.transitions.push_back({++transitions_, removed ? Kind::kRuleRemoved : Kind::kClosed, id});
    commit.closed.push_back(std::move(id));
  }
  commit.removed = std::exchange(removed_, {});
  changes_.clear();
  closed_.clear();
  if (const auto failure = std::exchange(failure_, std::nullopt)) return *failure;
  return {};
}

}  // namespace tripline::engine
