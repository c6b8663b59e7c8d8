#include "tests/support/correlation_oracle.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

namespace tripline::tests {

using namespace engine;

namespace {

using Ms = std::int64_t;
using Texts = std::vector<std::string>;

/// An event, or a trigger of an inner correlation, as one group of a correlation has it.
struct Seen {
  Ms at;
  std::size_t event;  // of the history
  std::set<std::size_t> inputs;
  std::set<Texts> values;
};
struct Triggered {
  Ms at;
  std::size_t event;
  Texts group;
  double value;
};
using Group = std::vector<Seen>;

class Oracle {
 public:
  explicit Oracle(const History& history) : history_(history), rules_(*history.rules) {}

  PlainSignals signals() {
    std::map<std::tuple<std::string, Texts, Ms>, PlainSignal> signals;
    for (const Correlation& correlation : rules_.correlations) {
      triggers_.push_back(correlation.type == CorrelationType::kNewValue ? new_values(correlation)
                                                                         : windows(correlation));
      for (const Triggered& t : triggers_.back()) {
        const Ms period = correlation.period.count() * 1000;
        const Ms start = t.at / period * period;  // all times are after 1970
        auto [entry, fresh] = signals.try_emplace({correlation.rule.id, t.group, start});
        PlainSignal& s = entry->second;
        if (fresh) s = {correlation.rule.id, t.group, start, t.at, t.at, 0, t.value};
        s.first = std::min(s.first, t.at);
        s.last = std::max(s.last, t.at);
        s.peak = std::max(s.peak, t.value);
        ++s.triggers;
      }
    }
    PlainSignals all;
    for (const auto& [key, signal] : signals) all.insert(signal);
    return all;
  }

 private:
  Texts values_of(std::size_t event, FieldId field) const {
    const PlainEvent& e = history_.events[event];
    const std::string& path = rules_.fields[field].path;
    Texts values;
    if (path == "v") {
      for (const int v : e.v) values.push_back(std::to_string(v));
    } else {
      values = path == "g" ? e.g : e.h;
    }
    std::erase(values, "");  // empty is missing
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
  }

  std::vector<Texts> tuples(std::size_t event, const std::vector<FieldId>& fields, bool missing_is_a_value) const {
    std::vector<Texts> tuples = {{}};
    for (const FieldId field : fields) {
      Texts values = values_of(event, field);
      if (values.empty() && missing_is_a_value) values = {""};
      std::vector<Texts> longer;
      for (const Texts& tuple : tuples) {
        for (const std::string& value : values) {
          longer.push_back(tuple);
          longer.back().push_back(value);
        }
      }
      tuples = longer;
    }
    return tuples;
  }

  static bool is_numeric(const Correlation& c) {
    return c.type == CorrelationType::kValueSum || c.type == CorrelationType::kValueAvg ||
           c.type == CorrelationType::kValuePercentile;
  }
  static bool only_lower_bounds(const Correlation& c) {
    for (const Bound& b : c.bounds) {
      if (b.op != Bound::Op::kGt && b.op != Bound::Op::kGte) return false;
    }
    return true;
  }

  std::set<Texts> counted(const Correlation& c, const CorrelationInput& input, std::size_t event) const {
    std::set<Texts> values;
    for (const Texts& tuple : tuples(event, input.counted, false)) {
      if (c.type == CorrelationType::kValueSum && only_lower_bounds(c) && tuple[0][0] == '-') continue;
      values.insert(tuple);
    }
    return values;
  }

  /// All that the correlation sees, by group, sorted by time; what one event brings at one time is one.
  std::map<Texts, Group> groups(const Correlation& c) const {
    std::map<Texts, std::map<std::pair<Ms, std::size_t>, Seen>> by_group;
    const auto see = [&](std::size_t i, Ms at, std::size_t event) {
      const std::set<Texts> values = counted(c, c.inputs[i], event);
      if (!c.inputs[i].counted.empty() && values.empty()) return;
      for (const Texts& group : tuples(event, c.inputs[i].group, c.missing_is_a_value)) {
        Seen& seen = by_group[group][{at, event}];
        seen.at = at;
        seen.event = event;
        seen.inputs.insert(i);
        seen.values.insert(values.begin(), values.end());
      }
    };
    for (std::size_t i = 0; i < c.inputs.size(); ++i) {
      const CorrelationInput& input = c.inputs[i];
      if (input.is_correlation) {
        for (const Triggered& t : triggers_[input.index]) see(i, t.at, t.event);
        continue;
      }
      for (std::size_t e = 0; e < history_.events.size(); ++e) {
        const auto& matched = history_.events[e].detections;
        const bool matches = std::find(matched.begin(), matched.end(), static_cast<int>(input.index)) != matched.end();
        if (matches) see(i, history_.time_of(history_.events[e]).time_since_epoch().count(), e);
      }
    }
    std::map<Texts, Group> groups;
    for (const auto& [group, seen] : by_group) {
      for (const auto& [key, one] : seen) groups[group].push_back(one);
      // Of two events of one moment the one with the lower id counts as the earlier.
      std::sort(groups[group].begin(), groups[group].end(), [](const Seen& a, const Seen& b) {
        return std::pair(a.at, event_id(a.event)) < std::pair(b.at, event_id(b.event));
      });
    }
    return groups;
  }

  /// Events in (from, to], or in (from, to).
  static Group between(const Group& group, Ms from, Ms to, bool with_end) {
    Group span;
    for (const Seen& seen : group) {
      if (seen.at > from && (seen.at < to || (with_end && seen.at == to))) span.push_back(seen);
    }
    return span;
  }

  static bool steps_follow(const Group& span, std::size_t step, std::size_t steps, Ms since,
                           std::set<std::size_t>& taken) {
    if (step == steps) return true;
    for (std::size_t i = 0; i < span.size(); ++i) {
      if (span[i].at < since || taken.contains(i) || !span[i].inputs.contains(step)) continue;
      taken.insert(i);
      const bool rest = steps_follow(span, step + 1, steps, span[i].at, taken);
      taken.erase(i);
      if (rest) return true;
    }
    return false;
  }

  static double value_of(const Correlation& c, const Group& span) {
    std::set<Texts> values;
    std::set<std::size_t> inputs;
    std::vector<double> numbers;
    for (const Seen& seen : span) {
      values.insert(seen.values.begin(), seen.values.end());
      inputs.insert(seen.inputs.begin(), seen.inputs.end());
      if (!is_numeric(c)) continue;
      for (const Texts& value : seen.values) numbers.push_back(std::stod(value[0]));
    }
    double sum = 0;
    for (const double number : numbers) sum += number;
    switch (c.type) {
      case CorrelationType::kEventCount:
        return static_cast<double>(span.size());
      case CorrelationType::kValueCount:
        return static_cast<double>(values.size());
      case CorrelationType::kValueSum:
        return sum;
      case CorrelationType::kValueAvg:
        return sum / static_cast<double>(numbers.size());
      case CorrelationType::kValuePercentile: {
        std::sort(numbers.begin(), numbers.end());
        const double place = c.percentile / 100 * (static_cast<double>(numbers.size()) - 1);
        const double below = numbers[static_cast<std::size_t>(std::floor(place))];
        const double above = numbers[static_cast<std::size_t>(std::ceil(place))];
        return below + (place - std::floor(place)) * (above - below);
      }
      case CorrelationType::kTemporalOrdered:
        for (std::size_t steps = c.inputs.size(); steps > 0; --steps) {
          std::set<std::size_t> taken;
          if (steps_follow(span, 0, steps, INT64_MIN, taken)) return static_cast<double>(steps);
        }
        return 0;
      default:
        return static_cast<double>(inputs.size());
    }
  }

  static bool compare(double value, const Bound& bound) {
    switch (bound.op) {
      case Bound::Op::kGt:
        return value > bound.value;
      case Bound::Op::kGte:
        return value >= bound.value;
      case Bound::Op::kLt:
        return value < bound.value;
      case Bound::Op::kLte:
        return value <= bound.value;
      case Bound::Op::kEq:
        return value == bound.value;
      default:
        return value != bound.value;
    }
  }
  static bool within(double value, const Correlation& c) {
    for (const Bound& bound : c.bounds) {
      if (!compare(value, bound)) return false;
    }
    return true;
  }

  static bool has(const Group& span, std::size_t input) {
    for (const Seen& seen : span) {
      if (seen.inputs.contains(input)) return true;
    }
    return false;
  }
  static bool holds(const StepCondition& s, const Group& behind, const Group& around) {
    switch (s.kind) {
      case StepCondition::Kind::kInput:
        return has(behind, s.input);
      case StepCondition::Kind::kNot:
        return !has(around, s.children[0].input);
      case StepCondition::Kind::kAnd:
        return holds(s.children[0], behind, around) && holds(s.children[1], behind, around);
      default:
        return holds(s.children[0], behind, around) || holds(s.children[1], behind, around);
    }
  }

  static bool looks_ahead(const Correlation& c) {
    const bool can = c.type == CorrelationType::kEventCount || c.type == CorrelationType::kValueCount ||
                     c.type == CorrelationType::kValueSum || (c.type == CorrelationType::kTemporal && c.steps.empty());
    return can && !only_lower_bounds(c) && within(0, c);
  }

  std::vector<Triggered> windows(const Correlation& c) const {
    std::vector<Triggered> triggers;
    const Ms span = c.timespan.count();
    for (const auto& [values, group] : groups(c)) {
      for (const Seen& e : group) {
        if (looks_ahead(c)) {
          const double value = value_of(c, between(group, e.at, e.at + span, true));
          if (within(value, c)) triggers.push_back({e.at + span, e.event, values, value});
          continue;
        }
        const Group behind = between(group, e.at - span, e.at, true);
        const Group around = between(group, e.at - span, e.at + span, false);
        const double value = value_of(c, behind);
        bool triggered;
        if (!c.steps.empty()) {
          triggered = holds(c.steps[0], behind, around);
        } else if (c.type == CorrelationType::kTemporalOrdered) {
          triggered = value == static_cast<double>(c.inputs.size());
        } else {
          triggered = within(value, c);
        }
        if (triggered) triggers.push_back({e.at, e.event, values, value});
      }
    }
    return triggers;
  }

  /// The starts of runs of sightings (times of the sightings, sorted) with no gap of hours over the timespan; the
  /// index of each run's first sighting.
  static std::vector<std::size_t> runs(const std::vector<Ms>& times, const Correlation& c) {
    constexpr Ms kHour = 3'600'000;
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (i == 0 || times[i] / kHour - times[i - 1] / kHour > c.timespan.count() / kHour) starts.push_back(i);
    }
    return starts;
  }

  std::vector<Triggered> new_values(const Correlation& c) const {
    const auto all = groups(c);
    std::optional<Ms> rule_start;
    for (const auto& [values, group] : all) {
      if (!rule_start || group.front().at < *rule_start) rule_start = group.front().at;
    }
    std::vector<Triggered> triggers;
    for (const auto& [values, group] : all) {
      std::vector<Ms> group_times;
      for (const Seen& seen : group) group_times.push_back(seen.at);
      std::map<Texts, Group> by_value;
      for (const Seen& seen : group) {
        for (const Texts& value : seen.values) by_value[value].push_back(seen);
      }
      for (const auto& [value, sightings] : by_value) {
        std::vector<Ms> times;
        for (const Seen& seen : sightings) times.push_back(seen.at);
        for (const std::size_t i : runs(times, c)) {
          Ms learned = *rule_start;
          if (c.each_group_learns) {
            for (const std::size_t start : runs(group_times, c)) {
              if (group_times[start] <= times[i]) learned = group_times[start];
            }
          }
          if (c.learning.count() != 0 && times[i] < learned + c.learning.count() * 1000) continue;
          Texts named = values;
          named.insert(named.end(), value.begin(), value.end());
          triggers.push_back({times[i], sightings[i].event, named, 1});
        }
      }
    }
    return triggers;
  }

  const History& history_;
  const RuleSet& rules_;
  std::vector<std::vector<Triggered>> triggers_;  // by correlation
};

}  // namespace

PlainSignals expected_signals(const History& history) { return Oracle(history).signals(); }

}  // namespace tripline::tests
