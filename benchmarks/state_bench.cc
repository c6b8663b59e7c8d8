// Matches into correlations: time a match, and heap bytes a live group beside its values' text.
//
// Arguments: type (0 event_count, 1 value_count, 2 temporal, 3 new_value), groups. Events come in order of time and go
// round the groups, so that at 1,000,000 groups each finds its group cold; the watermark follows 30 minutes behind.

#include "engine/state.h"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <malloc.h>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/correlator.h"
#include "engine/group_key.h"
#include "engine/store/sqlite_store.h"

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
        verdicts.clear();
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

/// Resident bytes of this process. Source: proc(5), /proc/pid/statm.
double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double size = 0;
  double resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

/// What the process grows by for a million live groups on one rule, their values' text and all else included, as a
/// Correlator keeps them whose facts State lets go of. Each row of the arguments is a process' first use of that memory
/// only when it is run alone (--benchmark_filter).
void a_million_groups(benchmark::State& state) {
  constexpr std::uint64_t kGroups = 1'000'000;
  double bytes = 0;
  for (auto _ : state) {
    const double before = resident_bytes();
    Correlator correlator(rules_of(state.range(0)), {.groups = 2'000'000});
    std::vector<Trigger> triggers;
    const auto events = kGroups * static_cast<std::uint64_t>(state.range(1));
    for (std::uint64_t number = 0; number < events; ++number) {
      const std::string group = group_key({"111122223333", std::to_string(number % kGroups)});
      correlator.add(event_of(state.range(0), number, group), triggers);
      if (correlator.facts_in_memory() >= 4096) correlator.take_facts();
    }
    if (correlator.held(0).groups != kGroups) std::abort();
    bytes = resident_bytes() - before;
  }
  state.counters["MB"] = bytes / 1e6;
  state.SetLabel(kNames[state.range(0)]);
}
BENCHMARK(a_million_groups)->ArgsProduct({{0, 1, 2, 3}, {1, 4}})->Iterations(1)->Unit(benchmark::kSecond);

// --- durable ---

/// Matches of one detection that feed windows of 100,000 groups and trigger nothing, as a worker makes them.
std::vector<Match> batch_of(const std::shared_ptr<const RuleSet>& rules, std::size_t size, std::uint64_t& number,
                            const std::vector<std::string>& names) {
  std::vector<Match> batch(size);
  for (Match& match : batch) {
    match.rules = rules;
    match.delivery = ++number;
    match.key = {number * 0x9e3779b97f4a7c15, number};
    match.time = kStart + milliseconds{number};
    match.group = {"111122223333", "arn:aws:iam::111122223333:user/alice"};
    Evidence evidence;
    evidence.event_id = "c1fe2b56-8ae4-4b0c-9c0a-2d9b8c0f5a" + std::to_string(number % 100);
    evidence.event_name = "DescribeInstances";
    evidence.event_source = "ec2.amazonaws.com";
    evidence.account = "111122223333";
    evidence.region = "eu-west-1";
    evidence.actor = "alice";
    evidence.address = "192.0.2.10";
    evidence.outcome = "success";
    evidence.path = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/01/15/log.json.gz";
    match.evidence = std::make_shared<Evidence>(std::move(evidence));
    match.feeds = {{.correlation = 0, .input = 0, .groups = {names[number % names.size()]}}};
  }
  return batch;
}

std::shared_ptr<const RuleSet> silent_rules() {
  auto rules = std::make_shared<RuleSet>(*rules_of(0));
  for (auto& detection : rules->detections) detection.opens_signals = false;
  return rules;
}

/// A store in a new folder of $TMPDIR, which should be on a disk.
struct BenchStore {
  std::filesystem::path folder;
  std::unique_ptr<store::SqliteStore> store;
  std::optional<engine::State> state;

  explicit BenchStore(const std::shared_ptr<const RuleSet>& rules)
      : folder(std::filesystem::temp_directory_path() / ("tripline-bench-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder);
    open(rules);
  }
  ~BenchStore() {
    state.reset();
    store.reset();
    std::filesystem::remove_all(folder);
  }
  void open(const std::shared_ptr<const RuleSet>& rules) {
    state.reset();
    store.reset();
    store::SqliteStore::Settings settings;
    settings.now = [] { return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now()); };
    store = std::move(*store::SqliteStore::open((folder / "state.db").string(), rules, std::move(settings)));
    state.emplace(*store, rules, StateOptions{.limits = {.groups = 2'000'000}});
    if (!state->load()) std::abort();
  }
};

/// Bytes that this process has had written to disks. Source: proc(5), /proc/pid/io.
double written_bytes() {
  std::ifstream io("/proc/self/io");
  std::string name;
  double value = 0;
  while (io >> name >> value) {
    if (name == "write_bytes:") return value;
  }
  return 0;
}

/// Matches a second that are on the disk when apply() returns, checkpoints included; bytes written a match; and CPU of
/// the whole process a match, system included, which says more than the clock while others use the machine. Bytes and
/// CPU are to the end of a last checkpoint, so that none of what the matches cost is left out.
void commit_batches(benchmark::State& run, const std::shared_ptr<const RuleSet>& rules,
                    const std::function<std::vector<Match>(std::uint64_t& number)>& next_batch) {
  BenchStore durable(rules);
  std::uint64_t number = 0;
  const double before = written_bytes();
  std::clock_t cpu = 0;
  for (auto _ : run) {
    run.PauseTiming();
    auto batch = next_batch(number);
    run.ResumeTiming();
    const std::clock_t begin = std::clock();
    if (!durable.state->apply(std::move(batch), kStart + milliseconds{number} - minutes{30})) std::abort();
    if (!durable.state->tend()) std::abort();
    cpu += std::clock() - begin;
  }
  const std::clock_t begin = std::clock();
  for (bool at_once = true; *durable.state->tend(at_once); at_once = false) {
  }
  cpu += std::clock() - begin;
  const auto matches = static_cast<double>(run.iterations() * run.range(0));
  run.SetItemsProcessed(run.iterations() * run.range(0));
  run.counters["bytes_a_match"] = (written_bytes() - before) / matches;
  run.counters["cpu_us_a_match"] = static_cast<double>(cpu) / CLOCKS_PER_SEC * 1e6 / matches;
}

/// Matches that feed windows of 100,000 groups and trigger nothing. Argument: how many a commit.
void durable_matches(benchmark::State& run) {
  const auto rules = silent_rules();
  const auto names = group_names(100'000);
  commit_batches(run, rules, [&](std::uint64_t& number) {
    return batch_of(rules, static_cast<std::size_t>(run.range(0)), number, names);
  });
}
BENCHMARK(durable_matches)->Arg(1)->Arg(100)->Iterations(1'000)->UseRealTime();
BENCHMARK(durable_matches)->Arg(1'000)->Iterations(1'500)->UseRealTime();  // with 2,000 windows would trigger

/// The same, where each match triggers: windows of as many groups as a commit has matches are full, and the signal of
/// each shows 20 events of 20 commits. Argument: how many a commit.
void durable_triggers(benchmark::State& run) {
  const auto rules = silent_rules();
  const auto names = group_names(run.range(0));
  commit_batches(run, rules, [&](std::uint64_t& number) {
    return batch_of(rules, static_cast<std::size_t>(run.range(0)), number, names);
  });
}
BENCHMARK(durable_triggers)->Arg(1'000)->Iterations(40)->UseRealTime();

/// Matches that open and update signals. Arguments: how many a commit, and how many signals an hour.
void durable_signals(benchmark::State& run) {
  const auto rules = rules_of(0);
  const auto names = group_names(1);
  const auto record = std::make_shared<const RecordText>(
      RecordText{.json = R"({"eventName":"DescribeInstances","x":")" + std::string(1'400, 'x') + "\"}"});
  commit_batches(run, rules, [&](std::uint64_t& number) {
    auto batch = batch_of(rules, static_cast<std::size_t>(run.range(0)), number, names);
    for (Match& match : batch) {
      match.feeds.clear();
      match.group[1] += std::to_string(match.delivery % static_cast<std::uint64_t>(run.range(1)));
      match.record = std::make_shared<const RecordText>(*record);
    }
    return batch;
  });
}
BENCHMARK(durable_signals)->Args({1'000, 10})->Args({1'000, 1'000})->Iterations(100)->UseRealTime();

/// Opening a store with 1,000,000 live groups, from a checkpoint.
void start_with_a_million_groups(benchmark::State& run) {
  const auto rules = silent_rules();
  const auto names = group_names(1'000'000);
  BenchStore durable(rules);
  std::uint64_t number = 0;
  while (number < names.size()) {
    if (!durable.state->apply(batch_of(rules, 10'000, number, names))) std::abort();
    if (!durable.state->tend()) std::abort();
  }
  for (bool at_once = true; *durable.state->tend(at_once); at_once = false) {
  }
  for (auto _ : run) durable.open(rules);
  run.counters["groups"] = static_cast<double>(durable.state->correlator()->held(0).groups);
  run.counters["file_bytes"] = static_cast<double>(std::filesystem::file_size(durable.folder / "state.db"));
}
BENCHMARK(start_with_a_million_groups)->Iterations(3)->Unit(benchmark::kSecond)->UseRealTime();

}  // namespace
}  // namespace tripline
