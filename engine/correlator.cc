#include "engine/correlator.h"

#include <algorithm>
#include <cassert>
#include <set>
#include <span>
#include <tuple>

#include "engine/group_key.h"
#include "engine/span.h"

namespace tripline::engine {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSecond{1000};
constexpr milliseconds kHour{3'600'000};
constexpr Hour kForever = 1 << 28;

/// Where something waits for the watermark the clock is exact to the second; a group that only has to go may go late.
milliseconds tick_of(const Correlation& correlation) {
  return correlation.judgement == Judgement::kAtOnce ? std::max(kSecond, correlation.timespan / 8) : kSecond;
}

std::size_t entry_limit(const Correlation& correlation, std::size_t limit) {
  double asked = correlation.least;
  for (const Bound& bound : correlation.bounds) asked = std::max(asked, bound.value);
  const bool counts =
      correlation.type == CorrelationType::kEventCount || correlation.type == CorrelationType::kValueCount;
  return counts && asked < 1e6 ? std::max(limit, 2 * static_cast<std::size_t>(asked)) : limit;
}

Hour learning_gap(const Correlation& correlation) {
  return correlation.each_group_learns ? gap_of(correlation) : kForever;
}

}  // namespace

Correlator::Correlator(std::shared_ptr<const RuleSet> rules, Limits limits, Owns owns)
    : rules_(std::move(rules)), limits_(limits), owns_(std::move(owns)) {
  std::vector<milliseconds> reach;  // how long after its event a trigger of the correlation may show it
  for (const Correlation& correlation : rules_->correlations) {
    Groups groups{.windows = GroupTable<WindowEntries>(tick_of(correlation)),
                  .values = GroupTable<Sightings>(kSecond),
                  .learning = GroupTable<Learning>(kHour)};
    groups.entry_limit = entry_limit(correlation, limits_.entries);
    groups_.push_back(std::move(groups));
    milliseconds inner{0};
    for (const auto& input : correlation.inputs) {
      if (input.is_correlation) inner = std::max(inner, reach[input.index]);
    }
    groups_.back().offsets = offsets_of(correlation);
    reach.push_back(inner + (correlation.type == CorrelationType::kNewValue ? kHour : 3 * correlation.timespan));
    horizon_ = std::max(horizon_, reach.back());
  }
}

milliseconds Correlator::lag(std::uint32_t correlation) const {
  const Correlation& c = rules_->correlations[correlation];
  return c.delay + (c.judgement == Judgement::kAround ? c.timespan : milliseconds{0});
}

void Correlator::reset_counters() {
  for (Groups& groups : groups_) groups.counters = {};
}

Correlator::Held Correlator::held(std::uint32_t correlation) const {
  const Groups& groups = groups_[correlation];
  Held held{.groups = groups.windows.size() + groups.values.size(), .entries = groups.entries};
  const auto learning = rules_->correlations[correlation].learning;
  if (learning.count() != 0 && groups.learning.size() > 0) held.learns_until = groups.began_last + learning;
  return held;
}

std::size_t Correlator::waiting(std::uint32_t index) const {
  const Correlation& correlation = rules_->correlations[index];
  const Groups& groups = groups_[index];
  const auto layout = layout_of(correlation.type);
  std::size_t waiting = 0;
  groups.values.each([&](std::uint32_t place) {
    const auto& open = groups.values[place].open;
    waiting += std::any_of(open.begin(), open.end(), [](const auto& hour) { return !hour.opened; }) ? 1 : 0;
  });
  if (correlation.judgement == Judgement::kAtOnce) return waiting;
  groups.windows.each([&](std::uint32_t place) {
    const WindowEntries& entries = groups.windows[place];
    std::size_t i = 0;
    while (i < entries.size() && entries.at(i, layout).done) ++i;
    waiting += i < entries.size() ? 1 : 0;
  });
  return waiting;
}

std::shared_ptr<const EventFacts> Correlator::facts(std::uint32_t correlation, const EventRef& event) const {
  const auto found = facts_.find(event.id);
  if (found != facts_.end()) return found->second;
  if (!find_facts_) return nullptr;
  for (const milliseconds offset : groups_[correlation].offsets) {
    if (auto stored = find_facts_({before(event.time, offset), event.id})) return stored;
  }
  return nullptr;
}

/// How long after its event something may stand in a window of the correlation: what an inner one tells of late.
std::vector<milliseconds> Correlator::offsets_of(const Correlation& correlation) const {
  std::set<milliseconds> offsets;
  for (const CorrelationInput& input : correlation.inputs) {
    if (!input.is_correlation) {
      offsets.insert(milliseconds{0});
      continue;
    }
    const Correlation& inner = rules_->correlations[input.index];
    for (const milliseconds offset : groups_[input.index].offsets) {
      offsets.insert(offset + (inner.judgement == Judgement::kAhead ? inner.timespan : milliseconds{0}));
    }
  }
  return {offsets.begin(), offsets.end()};
}

std::shared_ptr<const EventFacts> Correlator::recent_facts(std::uint64_t event) const {
  const auto found = facts_.find(event);
  return found == facts_.end() ? nullptr : found->second;
}

std::shared_ptr<const EventFacts> Correlator::facts(const EventRef& event) const {
  if (auto recent = recent_facts(event.id)) return recent;
  return find_facts_ ? find_facts_(event) : nullptr;
}

void Correlator::add(std::shared_ptr<const EventFacts> event, std::vector<Trigger>& triggers, std::size_t known) {
  const EventFacts& facts = *event;
  facts_.insert_or_assign(facts.id, std::move(event));
  parts_.clear();
  for (const Feed& feed : std::span(facts.feeds).subspan(known)) {
    const Correlation& correlation = rules_->correlations[feed.correlation];
    if (correlation.inputs[feed.input].is_correlation) continue;  // once that one triggers
    if (feed.cut) ++groups_[feed.correlation].counters.cut_matches;
    const bool sees_values = correlation.type == CorrelationType::kNewValue;
    if (sees_values) add_sighting(feed.correlation, feed, facts.time, facts.id, triggers);
    if (sees_values || feed.groups.empty()) parts_.push_back({feed.correlation, nullptr, &feed});
    if (sees_values) continue;
    for (const std::string& group : feed.groups) parts_.push_back({feed.correlation, &group, &feed});
  }
  occurrence_.time = facts.time;
  occurrence_.event = facts.id;
  add_parts(triggers);
}

/// All that one event brings to a correlation's group is one occurrence there.
void Correlator::add_parts(std::vector<Trigger>& triggers) {
  std::sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) {
    if (a.correlation != b.correlation) return a.correlation < b.correlation;
    if (a.group == nullptr || b.group == nullptr) return a.group == nullptr && b.group != nullptr;
    return std::tie(*a.group, a.feed) < std::tie(*b.group, b.feed);
  });
  for (auto part = parts_.cbegin(); part != parts_.cend();) {
    const std::uint32_t correlation = part->correlation;
    bool lacks = true;
    while (part != parts_.cend() && part->correlation == correlation) {
      lacks = lacks && part->feed->groups.empty();
      if (part->group == nullptr) {
        ++part;
        continue;
      }
      const std::string& group = *part->group;
      occurrence_.inputs.clear();
      occurrence_.values.clear();
      for (; part != parts_.cend() && part->correlation == correlation && *part->group == group; ++part) {
        const Feed& feed = *part->feed;
        occurrence_.inputs.push_back(feed.input);
        occurrence_.values.insert(occurrence_.values.end(), feed.values.begin(), feed.values.end());
      }
      add_to_window(correlation, group, occurrence_, triggers);
    }
    if (lacks) ++groups_[correlation].counters.without_field;
  }
}

void Correlator::add_to_window(std::uint32_t index, const std::string& group, const Occurrence& occurrence,
                               std::vector<Trigger>& triggers) {
  const Correlation& correlation = rules_->correlations[index];
  if (correlation.outer.empty() && !owns(group)) return;
  Groups& groups = groups_[index];
  assert(occurrence.time >= groups.watermark);
  auto& windows = groups.windows;
  if (windows.size() >= limits_.groups && !windows.find(group)) {
    const auto victim = windows.first_due();
    const WindowEntries& entries = windows[victim];
    const EventTime newest = entries.time(entries.size() - 1, layout_of(correlation.type));
    may_lack(index, newest + correlation.timespan);
    ++groups.counters.evicted_groups;
    groups.entries -= entries.size();
    windows.remove(victim);
  }
  const auto place = windows.find_or_add(group);
  std::vector<Verdict> verdicts;
  WindowEntries& entries = windows[place];
  const std::size_t had = entries.size();
  groups.counters.evicted_entries +=
      engine::add(correlation, entries, occurrence, groups.watermark, groups.entry_limit, verdicts);
  groups.entries += entries.size();
  groups.entries -= had;
  windows.wake(place, next_due(correlation, entries));
  windows.touch(place);
  tell(index, group, std::move(verdicts), triggers);
}

/// Triggers of the rule up to then, and with them those of the rules that are built on it.
void Correlator::may_lack(std::uint32_t index, EventTime until) {
  Groups& groups = groups_[index];
  if (until <= groups.evicted_until) return;
  groups.evicted_until = until;
  for (const std::uint32_t outer : rules_->correlations[index].outer) {
    may_lack(outer, until + rules_->correlations[outer].timespan);
  }
}

const Learning* Correlator::learning_of(std::uint32_t index, std::string_view value_key) const {
  const Correlation& correlation = rules_->correlations[index];
  if (correlation.learning.count() == 0) return nullptr;
  std::string learner;
  if (correlation.each_group_learns) {
    auto values = values_of_key(value_key);
    values.resize(correlation.group_by.size());
    learner = group_key(values);
  }
  const auto& all = groups_[index].learning;
  const auto place = all.find(learner);
  return place ? &all[*place] : nullptr;
}

/// All processes learn of all groups, as each owns some values of any.
void Correlator::learn(std::uint32_t index, const std::string& group, EventTime time) {
  const Correlation& correlation = rules_->correlations[index];
  if (correlation.learning.count() == 0) return;
  Groups& groups = groups_[index];
  auto& all = groups.learning;
  if (correlation.each_group_learns && all.size() >= limits_.groups && !all.find(group)) {
    // Its group learns anew once it is seen again, so that signals may be missing until then.
    may_lack(index, time + correlation.learning);
    ++groups.counters.evicted_groups;
    all.remove(all.first_due());
  }
  const Hour gap = learning_gap(correlation);
  const auto place = all.find_or_add(correlation.each_group_learns ? group : std::string());
  Learning& learning = all[place];
  learning.add(time, gap);
  groups.began_last = std::max(groups.began_last, learning.runs.back().start);
  if (correlation.each_group_learns) all.wake(place, next_due(learning, gap));
  all.touch(place);
}

void Correlator::add_sighting(std::uint32_t index, const Feed& feed, EventTime time, std::uint64_t event,
                              std::vector<Trigger>& triggers) {
  const Correlation& correlation = rules_->correlations[index];
  Groups& groups = groups_[index];
  for (const std::string& group : feed.groups) {
    learn(index, group, time);
    for (const std::string& text : feed.texts) {
      const std::string key = group + text;
      if (correlation.outer.empty() && !owns(key)) continue;
      auto& values = groups.values;
      if (values.size() >= limits_.groups && !values.find(key)) {
        const auto victim = values.first_due();
        // A value that is forgotten too early will seem new for as long as it would have been remembered.
        may_lack(index, time + correlation.timespan);
        ++groups.counters.evicted_groups;
        values.remove(victim);
      }
      const auto place = values.find_or_add(key);
      std::vector<Verdict> verdicts;
      engine::add(correlation, values[place], time, event, learning_of(index, key), groups.watermark, verdicts);
      values.wake(place, next_due(correlation, values[place], groups.watermark).value_or(time));
      values.touch(place);
      tell(index, key, std::move(verdicts), triggers);
    }
  }
}

void Correlator::tell(std::uint32_t index, std::string_view group, std::vector<Verdict> verdicts,
                      std::vector<Trigger>& triggers) {
  const Correlation& correlation = rules_->correlations[index];
  const Groups& groups = groups_[index];
  for (Verdict& verdict : verdicts) {
    if (correlation.opens_signals && owns(group)) {
      Trigger trigger{.correlation = index,
                      .group = std::string(group),
                      .at = verdict.at,
                      .was = verdict.was,
                      .value = verdict.value,
                      .fresh = verdict.fresh,
                      .partial = verdict.partial,
                      .evicted = verdict.at <= groups.evicted_until};
      trigger.events.push_back({verdict.time, verdict.event});
      trigger.events.insert(trigger.events.end(), verdict.others.begin(), verdict.others.end());
      trigger.gathered = std::move(verdict.gathered);
      if (correlation.type == CorrelationType::kNewValue && verdict.fresh) {
        trigger.gathered.push_back({verdict.time, verdict.event});
      }
      triggers.push_back(std::move(trigger));
    }
    // A window's trigger is final when it is fresh; what follows only raises its value.
    const bool first_seen = correlation.type == CorrelationType::kNewValue;
    if (first_seen ? verdict.final : verdict.fresh) pass_on(index, verdict, triggers);
  }
}

void Correlator::pass_on(std::uint32_t index, const Verdict& verdict, std::vector<Trigger>& triggers) {
  if (rules_->correlations[index].outer.empty()) return;
  const std::shared_ptr<const EventFacts> known = facts(index, {verdict.time, verdict.event});
  if (!known) return;  // the store could not be read, and who asked it knows
  for (const Feed& feed : known->feeds) {
    const Correlation& outer = rules_->correlations[feed.correlation];
    const CorrelationInput& input = outer.inputs[feed.input];
    if (!input.is_correlation || input.index != index) continue;
    if (verdict.partial) may_lack(feed.correlation, verdict.at + outer.timespan);
    if (feed.groups.empty()) ++groups_[feed.correlation].counters.without_field;
    if (outer.type == CorrelationType::kNewValue) {
      add_sighting(feed.correlation, feed, verdict.at, verdict.event, triggers);
      continue;
    }
    for (const std::string& group : feed.groups) {
      const Occurrence occurrence{
          .time = verdict.at, .event = verdict.event, .inputs = {feed.input}, .values = feed.values};
      add_to_window(feed.correlation, group, occurrence, triggers);
    }
  }
}

void Correlator::advance(EventTime watermark, std::vector<Trigger>& triggers) {
  if (watermark <= watermark_) return;
  forget_facts();  // before it moves: whoever reads the triggers of this call still finds their events
  watermark_ = watermark;
  // Inner correlations stand first: their triggers up to the watermark are in before the outer ones are judged.
  for (std::uint32_t index = 0; index < groups_.size(); ++index) {
    const Correlation& correlation = rules_->correlations[index];
    Groups& groups = groups_[index];
    const EventTime now = before(watermark_, correlation.delay);
    groups.watermark = now;
    std::vector<Verdict> verdicts;
    groups.windows.advance(now, [&](std::uint32_t place) -> std::optional<EventTime> {
      WindowEntries& entries = groups.windows[place];
      verdicts.clear();
      const std::size_t had = entries.size();
      engine::advance(correlation, entries, now, groups.entry_limit, verdicts);
      groups.entries -= had - entries.size();
      groups.windows.touch(place);
      tell(index, groups.windows.key(place), verdicts, triggers);
      if (entries.size() == 0) return std::nullopt;
      return next_due(correlation, entries);
    });
    groups.values.advance(now, [&](std::uint32_t place) {
      const std::string key(groups.values.key(place));
      verdicts.clear();
      Sightings& sightings = groups.values[place];
      engine::advance(correlation, sightings, learning_of(index, key), now, verdicts);
      groups.values.touch(place);
      tell(index, key, verdicts, triggers);
      return next_due(correlation, sightings, now);
    });
    groups.learning.advance(now, [&](std::uint32_t place) -> std::optional<EventTime> {
      Learning& learning = groups.learning[place];
      learning.forget(now, learning_gap(correlation));
      groups.learning.touch(place);
      if (learning.runs.empty()) return std::nullopt;
      return next_due(learning, learning_gap(correlation));
    });
  }
}

std::vector<std::shared_ptr<const EventFacts>> Correlator::take_facts() {
  std::vector<std::shared_ptr<const EventFacts>> taken;
  taken.reserve(facts_.size());
  for (auto& [event, facts] : facts_) taken.push_back(std::move(facts));
  facts_.clear();
  return taken;
}

/// As forget_facts() has it: once the watermark less the horizon has passed the event's hour.
EventTime Correlator::facts_wanted_until(EventTime event) const {
  return std::chrono::floor<std::chrono::hours>(event) + std::chrono::hours{1} + horizon_;
}

void Correlator::forget_facts() {
  const EventTime edge = std::chrono::floor<std::chrono::hours>(std::max(before(watermark_, horizon_), EventTime{}));
  if (edge <= remembered_from_) return;
  remembered_from_ = edge;
  erase_if(facts_, [edge](const auto& entry) { return entry.second->time < edge; });
}

}  // namespace tripline::engine
