#include "tests/support/histories.h"

#include <algorithm>
#include <functional>
#include <ostream>
#include <random>
#include <stdexcept>

#include "engine/digest.h"
#include "engine/envelope.h"
#include "engine/memory_store.h"
#include "engine/processor.h"
#include "engine/state.h"
#include "engine/store/sqlite_store.h"
#include "engine/watermark.h"
#include "tests/support/patterns.h"
#include "tests/support/places.h"
#include "tests/support/power_cut_disk.h"

namespace tripline::tests {

using namespace engine;
using std::chrono::seconds;

namespace {

const EventTime kStart = *parse_time("2026-01-15T12:00:00Z");
using Random = std::mt19937;

int roll(Random& random, int sides) { return static_cast<int>(random() % static_cast<unsigned>(sides)); }
bool chance(Random& random, int of) { return roll(random, of) == 0; }

template <class T>
const T& pick(Random& random, const std::vector<T>& from) {
  return from[static_cast<std::size_t>(roll(random, static_cast<int>(from.size())))];
}

Bound random_bound(Random& random, bool from_below) {
  using Op = Bound::Op;
  static const std::vector<Op> kBelow = {Op::kGt, Op::kGte};
  static const std::vector<Op> kAll = {Op::kGt, Op::kGte, Op::kLt, Op::kLte, Op::kEq, Op::kNeq};
  return {pick(random, from_below ? kBelow : kAll), static_cast<double>(roll(random, 5))};
}

StepCondition random_steps(Random& random, std::uint16_t inputs, int depth) {
  using Kind = StepCondition::Kind;
  if (depth == 0 || chance(random, 3)) return {.input = static_cast<std::uint16_t>(roll(random, inputs))};
  if (chance(random, 3)) return {.kind = Kind::kNot, .children = {random_steps(random, inputs, depth - 1)}};
  StepCondition both{.kind = chance(random, 2) ? Kind::kOr : Kind::kAnd};
  for (int i = 0; i < 2; ++i) both.children.push_back(random_steps(random, inputs, depth - 1));
  return both;
}

class RandomRules {
 public:
  RandomRules(std::uint32_t seed, Wanted wanted) : random_(seed), wanted_(wanted) {}

  std::shared_ptr<const RuleSet> make(int& tick_seconds) {
    for (const char* name : {"g", "h", "v", "d"}) fields_.push_back(rules_->fields.intern(name));
    for (int i = 0; i < History::kDetections; ++i) {
      Detection detection;
      detection.rule.id = "d" + std::to_string(i);
      detection.opens_signals = false;
      Predicate names{.field = fields_[3], .test = any_of({detection.rule.id})};
      detection.condition = Expression::of(rules_->predicates.intern(std::move(names)));
      rules_->detections.push_back(std::move(detection));
    }
    const bool slow = wanted_ == Wanted::kNewValue || (wanted_ == Wanted::kAnyType && chance(random_, 8));
    tick_ = seconds{slow ? 1800 : 1};
    tick_seconds = static_cast<int>(tick_.count());
    deep_ = wanted_ != Wanted::kEventCountAlone && chance(random_, 10);
    const int correlations = wanted_ == Wanted::kEventCountAlone ? 1 : deep_ ? kMostDeep : 1 + roll(random_, 3);
    for (int i = 0; i < correlations; ++i)
      rules_->correlations.push_back(correlation(slow && (i == 0 || chance(random_, 3))));
    link(*rules_);
    return rules_;
  }

 private:
  CorrelationType random_type() {
    using T = CorrelationType;
    static const std::vector<T> kTypes = {T::kEventCount,      T::kValueCount, T::kValueSum, T::kValueAvg,
                                          T::kValuePercentile, T::kTemporal,   T::kTemporal, T::kTemporalOrdered};
    return pick(random_, kTypes);
  }

  Correlation correlation(bool new_value) {
    const auto index = static_cast<std::uint32_t>(rules_->correlations.size());
    Correlation c;
    c.rule.id = "c" + std::to_string(index);
    c.type = new_value ? CorrelationType::kNewValue
                       : (wanted_ == Wanted::kEventCountAlone ? CorrelationType::kEventCount : random_type());
    c.timespan = tick_ * (new_value ? 48 + roll(random_, 8) : 1 + roll(random_, 40));
    c.period = seconds{tick_ * (1 + roll(random_, 80))};
    c.missing_is_a_value = chance(random_, 4);
    c.percentile = 5 * roll(random_, 21);
    if (new_value && chance(random_, 2)) {
      c.learning = tick_ * (History::kLateness + roll(random_, 30));
      c.each_group_learns = chance(random_, 2);
    }
    choose_inputs(c, index);
    choose_fields(c);
    choose_condition(c);
    return c;
  }

  void choose_inputs(Correlation& c, std::uint32_t index) {
    if (deep_ && index > 0) c.inputs.push_back({.is_correlation = true, .index = index - 1});
    std::vector<CorrelationInput> all;
    for (std::uint32_t d = 0; d < rules_->detections.size(); ++d) all.push_back({.index = d});
    if (wanted_ != Wanted::kEventCountAlone) {
      for (std::uint32_t inner = 0; inner < index; ++inner) {
        all.push_back({.is_correlation = true, .index = inner});
        all.push_back(all.back());
      }
    }
    std::shuffle(all.begin(), all.end(), random_);
    const auto wanted = static_cast<std::size_t>(1 + roll(random_, 3));
    for (const auto& input : all) {
      const bool twice = std::any_of(c.inputs.begin(), c.inputs.end(), [&](const CorrelationInput& other) {
        return other.is_correlation == input.is_correlation && other.index == input.index;
      });
      if (!twice && c.inputs.size() < wanted) c.inputs.push_back(input);
    }
  }

  /// As aliases do, rules of one correlation may look at different fields.
  void choose_fields(Correlation& c) {
    const int groups = roll(random_, 3);
    const bool aliased = chance(random_, 3);
    for (int i = 0; i < groups; ++i) c.group_by.push_back("group " + std::to_string(i));
    const bool pairs = chance(random_, 4);
    for (auto& input : c.inputs) {
      for (int i = 0; i < groups; ++i) {
        input.group.push_back(fields_[static_cast<std::size_t>(aliased ? roll(random_, 2) : i)]);
      }
      switch (c.type) {
        case CorrelationType::kValueCount:
        case CorrelationType::kNewValue:
          input.counted = {fields_[2]};
          if (pairs) input.counted.push_back(fields_[1]);
          break;
        case CorrelationType::kValueSum:
        case CorrelationType::kValueAvg:
        case CorrelationType::kValuePercentile:
          input.counted = {fields_[2]};
          break;
        default:
          break;
      }
    }
    for (std::size_t i = 0; i < c.inputs.front().counted.size(); ++i) c.counted.push_back("v");
  }

  void choose_condition(Correlation& c) {
    const auto inputs = static_cast<std::uint16_t>(c.inputs.size());
    if (c.type == CorrelationType::kTemporalOrdered || c.type == CorrelationType::kNewValue) return;
    if (c.type == CorrelationType::kTemporal && !chance(random_, 3)) {
      StepCondition steps;
      do {
        steps = random_steps(random_, inputs, 3);
      } while (holds_of_nothing(steps));
      c.steps = {negation_pushed_down(steps)};
      return;
    }
    const bool from_below = chance(random_, 2);
    c.bounds.push_back(random_bound(random_, from_below));
    if (chance(random_, 3)) c.bounds.push_back(random_bound(random_, from_below));
  }

  Random random_;
  Wanted wanted_;
  static constexpr int kMostDeep = 8;  // rules/correlations.cc allows no more
  bool deep_ = false;                  // each correlation is built on the one before
  seconds tick_{1};
  std::shared_ptr<RuleSet> rules_ = std::make_shared<RuleSet>(false);
  std::vector<FieldId> fields_;  // g, h, v, d
};

std::string json_list(const std::vector<std::string>& values, bool quoted) {
  std::string list = "[";
  for (const auto& value : values) {
    if (list.size() > 1) list += ',';
    list += quoted ? '"' + value + '"' : value;
  }
  return list + ']';
}

std::string record_of(const PlainEvent& event, const History& history, std::size_t index) {
  std::vector<std::string> detections;
  for (const int d : event.detections) detections.push_back("d" + std::to_string(d));
  std::vector<std::string> numbers;
  for (const int v : event.v) numbers.push_back(std::to_string(v));
  return R"({"eventID":")" + std::to_string(index) + R"(","eventTime":")" + format_time(history.time_of(event)) +
         R"(","d":)" + json_list(detections, true) + R"(,"g":)" + json_list(event.g, true) + R"(,"h":)" +
         json_list(event.h, true) + R"(,"v":)" + json_list(numbers, false) + "}";
}

}  // namespace

EventTime History::time_of(const PlainEvent& event) const { return kStart + seconds{event.at * tick_seconds}; }

std::ostream& operator<<(std::ostream& out, const PlainSignal& s) {
  const auto second = [](std::int64_t ms) {
    return static_cast<double>(ms - kStart.time_since_epoch().count()) / 1000;
  };
  out << s.rule << " (";
  for (const auto& value : s.group) out << value << ' ';
  return out << ") period " << second(s.period_start) << " first " << second(s.first) << " last " << second(s.last)
             << " triggers " << s.triggers << " peak " << s.peak;
}

std::shared_ptr<const RuleSet> random_rules(std::uint32_t seed, Wanted wanted, int& tick_seconds) {
  return RandomRules(seed, wanted).make(tick_seconds);
}

std::uint64_t event_id(std::size_t index) {
  const std::string id = std::to_string(index);
  return event_key({.event_id = id, .account = {}}, {}).low;
}

std::vector<std::vector<Match>> matches_of(const History& history) {
  const Matcher matcher(history.rules);
  Processor processor(history.rules, matcher, {});
  std::vector<std::vector<Match>> all;
  for (const PlainEvent& event : history.events) {
    std::string text = record_of(event, history, all.size());
    const std::size_t size = text.size();
    text.append(kRecordPadding, ' ');
    const Record record{.json = std::string_view(text).substr(0, size),
                        .index = static_cast<std::uint32_t>(all.size())};
    Batch batch;
    if (!processor.process(record, batch)) throw std::logic_error("the record is not JSON: " + text);
    all.push_back(std::move(batch.matches));
  }
  return all;
}

Delivery deliver(const History& history, std::uint32_t seed) {
  Random random(seed);
  struct Arrival {
    int at;
    std::size_t event;
    bool first;
  };
  std::vector<Arrival> arrivals;
  for (std::size_t i = 0; i < history.events.size(); ++i) {
    const PlainEvent& event = history.events[i];
    arrivals.push_back({event.at + event.delay, i, true});
    for (int copy = 0; copy < event.copies; ++copy) {
      arrivals.push_back({event.at + event.delay + roll(random, 2 * History::kLateness), i, false});
    }
  }
  std::shuffle(arrivals.begin(), arrivals.end(), random);
  std::stable_sort(arrivals.begin(), arrivals.end(), [](const Arrival& a, const Arrival& b) { return a.at < b.at; });
  Delivery delivery;
  const int most = 1 + roll(random, 12);
  for (std::size_t i = 0; i < arrivals.size();) {
    const auto time_of = [&](int ticks) { return kStart + seconds{ticks * history.tick_seconds}; };
    Delivery::Part part{.events = {}, .watermark = EventTime::min(), .arrived = time_of(arrivals[i].at)};
    for (int n = 1 + roll(random, most); n > 0 && i < arrivals.size(); --n, ++i) {
      part.events.push_back(arrivals[i].event);
    }
    if (i < arrivals.size() && !chance(random, 4)) {
      part.watermark = time_of(arrivals[i].at - History::kLateness);
    }
    delivery.parts.push_back(std::move(part));
  }
  delivery.parts.push_back({.events = {}, .watermark = EventTime::max()});
  return delivery;
}

Delivery worked_on(const History& history, const Delivery& delivery, unsigned workers, std::uint32_t seed) {
  Random random(seed);
  Watermark::Options options;
  options.lateness = seconds{History::kLateness * history.tick_seconds};
  Watermark watermark(options, EventTime::min(), kStart);
  Delivery committed;
  std::vector<const Delivery::Part*> in_work;
  Delivery::Part commit;
  EventTime now = kStart;
  const auto finish_some = [&](std::size_t left) {
    while (in_work.size() > left) {
      const auto ready = in_work.begin() + roll(random, static_cast<int>(in_work.size()));
      commit.events.insert(commit.events.end(), (*ready)->events.begin(), (*ready)->events.end());
      in_work.erase(ready);
    }
  };
  for (const Delivery::Part& part : delivery.parts) {
    if (part.watermark == EventTime::max()) break;
    now = part.arrived;
    in_work.push_back(&part);
    finish_some(static_cast<std::size_t>(roll(random, static_cast<int>(workers))));
    if (chance(random, 3)) continue;  // the state thread is behind
    std::optional<EventTime> oldest;
    for (const auto* one : in_work) oldest = std::min(oldest.value_or(one->arrived), one->arrived);
    commit.watermark = watermark.advance(now, oldest);
    committed.parts.push_back(std::exchange(commit, {}));
  }
  finish_some(0);
  commit.watermark = EventTime::max();
  committed.parts.push_back(std::move(commit));
  return committed;
}

PlainSignals correlation_signals(const Store& store) {
  PlainSignals signals;
  const auto read = store.each_signal([&](const Signal& s) {
    if (!s.of_correlation) return;
    const auto ms = [](EventTime time) { return time.time_since_epoch().count(); };
    signals.insert({s.rule().id, s.group, ms(s.period_start), ms(s.first), ms(s.last), s.triggers, s.peak});
  });
  if (!read) throw std::logic_error(read.error().message);
  return signals;
}

namespace {

StateOptions of_process(unsigned process, unsigned processes) {
  StateOptions options;
  options.owns = [=](std::string_view group) { return std::hash<std::string_view>{}(group) % processes == process; };
  return options;
}

/// The matches of one part; each event that it delivers is a record of its own.
std::vector<Match> batch_of(const Delivery::Part& part, const std::vector<std::vector<Match>>& matches,
                            std::uint64_t& delivered) {
  std::vector<Match> batch;
  for (const std::size_t event : part.events) {
    ++delivered;
    for (Match match : matches[event]) {
      match.delivery = delivered;
      batch.push_back(std::move(match));
    }
  }
  return batch;
}

void must(const Result<void>& done) {
  if (!done) throw std::logic_error(done.error().message);
}

}  // namespace

namespace {

using Matches = std::vector<std::vector<Match>>;

PlainSignals run_once(const History& history, const Delivery& delivery, const Matches& matches,
                      const StateOptions& options) {
  MemoryStore store;
  State state(store, history.rules, options);
  std::uint64_t delivered = 0;
  for (const auto& part : delivery.parts) must(state.apply(batch_of(part, matches, delivered), part.watermark));
  return correlation_signals(store);
}

}  // namespace

PlainSignals run(const History& history, const Delivery& delivery, unsigned processes) {
  const Matches matches = matches_of(history);
  PlainSignals signals;
  for (unsigned process = 0; process < processes; ++process) {
    signals.merge(run_once(history, delivery, matches, of_process(process, processes)));
  }
  return signals;
}

namespace {

/// One process after another with one durable store, on a disk whose power fails.
class Restarting {
 public:
  Restarting(std::shared_ptr<const RuleSet> rules, std::function<StateOptions()> options, std::uint32_t seed)
      : rules_(std::move(rules)), options_(std::move(options)), random_(seed), bytes_(seed) {
    start();
  }

  /// Commits the part, perhaps after some attempts that a power cut ended; who delivers does so again then.
  void apply(const std::function<std::vector<Match>()>& batch, EventTime watermark) {
    if (chance(random_, 3)) disk_.fail_at(static_cast<std::size_t>(1 + roll(random_, 60)));
    while (!try_to(batch(), watermark)) {
      if (!disk_.failed()) throw std::logic_error(error_);
      start();
    }
    if (chance(random_, 6)) start();
  }

  PlainSignals signals() {
    start();
    return correlation_signals(*store_);
  }

 private:
  void start() {
    do {
      state_.reset();
      store_.reset();
      disk_.cut_power(PowerCutDisk::Survives::kSome, bytes_);
      store::SqliteStore::Settings settings;
      settings.database.vfs = disk_.name();
      settings.now = [] { return kStart; };
      settings.step.rows = 3;  // so that many commits and cuts fall between the steps of a checkpoint
      auto opened = store::SqliteStore::open((folder_.path() / "store").string(), rules_, std::move(settings));
      if (!opened) throw std::logic_error(opened.error().message);
      store_ = std::move(*opened);
      StateOptions options = options_();
      options.facts_in_memory = static_cast<std::size_t>(roll(random_, 4));
      state_.emplace(*store_, rules_, std::move(options));
      must(state_->load());
    } while (disk_.failed());
  }

  bool try_to(std::vector<Match> batch, EventTime watermark) {
    if (const auto applied = state_->apply(std::move(batch), watermark); !applied) return fails(applied.error());
    for (int steps = roll(random_, 6); steps > 0; --steps) {
      const auto more = state_->tend(chance(random_, 3));
      if (!more) return fails(more.error());
      if (!*more) break;
    }
    return true;
  }
  bool fails(const Error& error) {
    error_ = error.message;
    return false;
  }

  const TemporaryFolder folder_;  // of the lock
  PowerCutDisk disk_;
  std::shared_ptr<const RuleSet> rules_;
  std::function<StateOptions()> options_;
  Random random_;
  std::mt19937_64 bytes_;
  std::string error_;
  std::unique_ptr<store::SqliteStore> store_;
  std::optional<State> state_;
};

}  // namespace

PlainSignals run_with_restarts(const History& history, const Delivery& delivery, unsigned processes, std::uint32_t seed,
                               Restarts restarts) {
  const Matches matches = matches_of(history);
  PlainSignals signals;
  for (unsigned process = 0; process < processes; ++process) {
    const auto options = [&] { return of_process(process, processes); };
    if (restarts == Restarts::kOfOneProcess && process != seed / 8 % processes) {
      signals.merge(run_once(history, delivery, matches, options()));
      continue;
    }
    Restarting restarting(history.rules, options, seed + process);
    std::uint64_t delivered = 0;
    for (const auto& part : delivery.parts) {
      restarting.apply([&] { return batch_of(part, matches, delivered); }, part.watermark);
    }
    signals.merge(restarting.signals());
  }
  return signals;
}

}  // namespace tripline::tests
