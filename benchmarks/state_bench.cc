// Matches into correlations: time a match, and heap bytes a live group beside its values' text.
//
// Arguments: type (0 event_count, 1 value_count, 2 temporal, 3 new_value), groups. Events come in order of time and go
// round the groups, so that at 1,000,000 groups each finds its group cold; the watermark follows 30 minutes behind.

#include <chrono>
#include <cstdint>
#include <malloc.h>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/correlator.h"
#include "engine/group_key.h"

namespace tripline {
namespace {

using namespace engine;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

const EventTime kStart = *parse_time("2026-01-15T12:00:00Z");
constexpr const char* kNames[] = {"event_count", "value_count", "temporal", "new_value"};

std::shared_ptr<const RuleSet> rules_of(std::int64_t type) {
  auto rules = std::make_shared<RuleSet>();
  rules->detections.resize(2);
  Correlation c;
  c.rule.id = "c";
  c.timespan = hours{1};
  c.inputs.resize(1);
  switch (type) {
    case 0:
      c.bounds = {{Bound::Op::kGte, 20}};
      break;
    case 1:
      c.type = CorrelationType::kValueCount;
      c.bounds = {{Bound::Op::kGte, 20}};
      break;
    case 2:
      c.type = CorrelationType::kTemporal;
      c.inputs.resize(2);
      c.inputs[1].index = 1;
      c.bounds = {{Bound::Op::kGte, 2}};
      break;
    default:
      c.type = CorrelationType::kNewValue;
      c.timespan = hours{24 * 30};
      break;
  }
  rules->correlations.push_back(std::move(c));
  link(*rules);
  return rules;
}

std::shared_ptr<const EventFacts> event_of(std::int64_t type, std::uint64_t number, const std::string& group) {
  auto facts = std::make_shared<EventFacts>();
  facts->time = kStart + milliseconds{number};
  facts->id = number;
  Feed feed{.groups = {group}};
  if (type == 1) feed.values = {number * 0x9e3779b97f4a7c15};
  if (type == 3) feed.texts = {group_key({"value"})};
  facts->feeds.push_back(std::move(feed));
  return facts;
}

std::vector<std::string> group_names(std::int64_t groups) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < groups; ++i) names.push_back(group_key({"111122223333", std::to_string(i)}));
  return names;
}

void events_into(benchmark::State& state) {
  const auto names = group_names(state.range(1));
  Correlator correlator(rules_of(state.range(0)), {.groups = 2'000'000});
  std::vector<Trigger> triggers;
  std::uint64_t number = 0;
  for (auto _ : state) {
    correlator.add(event_of(state.range(0), number, names[number % names.size()]), triggers);
    if (++number % 1'000 == 0) correlator.advance(kStart + milliseconds{number} - minutes{30}, triggers);
    triggers.clear();
  }
  state.SetItemsProcessed(state.iterations());
  state.SetLabel(kNames[state.range(0)]);
}
BENCHMARK(events_into)->ArgsProduct({{0, 1, 2, 3}, {1, 1'000, 1'000'000}});

/// What 1,000,000 windows take, as Correlator keeps them, with `range(1)` events each.
void bytes_a_group(benchmark::State& state) {
  const auto rules = rules_of(state.range(0));
  const Correlation& c = rules->correlations[0];
  constexpr std::size_t kGroups = 1'000'000;
  double bytes = 0;
  double text = 0;
  for (auto _ : state) {
    const auto names = group_names(kGroups);
    const std::size_t before = mallinfo2().uordblks;
    GroupTable<WindowEntries> windows(c.timespan / 8);
    std::vector<Verdict> verdicts;
    for (const std::string& name : names) {
      const auto group = windows.find_or_add(name);
      for (std::int64_t i = 0; i < state.range(1); ++i) {
        const auto id = static_cast<std::uint64_t>(i);
        engine::add(c, windows[group], {.time = kStart + milliseconds{i}, .event = id, .inputs = {0}, .values = {id}},
                    kStart, 1'000, verdicts);
      }
      windows.wake(group, next_due(c, windows[group]));
      text += static_cast<double>((8 + name.size() + 8 + 15) / 16 * 16);  // as malloc rounds it
    }
    bytes = static_cast<double>(mallinfo2().uordblks - before);
  }
  state.counters["bytes_beside_text"] = (bytes - text) / kGroups;
  state.counters["bytes"] = bytes / kGroups;
  state.SetLabel(kNames[state.range(0)]);
}
BENCHMARK(bytes_a_group)->ArgsProduct({{0, 1, 2}, {1, 4, 5, 20}})->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace tripline
