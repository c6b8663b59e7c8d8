#include "rules/sequence_run.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/envelope.h"
#include "engine/event.h"
#include "engine/lineage.h"
#include "engine/memory_store.h"
#include "engine/mint.h"
#include "engine/processor.h"
#include "engine/record.h"
#include "engine/state.h"
#include "engine/text.h"
#include "rules/test_record.h"

namespace tripline::rules {
namespace {

using engine::EventTime;
using std::chrono::seconds;

constexpr std::chrono::minutes kLateness{30};

/// The engine's state with the journal that brings another one to the same point.
class Runtime {
 public:
  explicit Runtime(std::shared_ptr<const engine::RuleSet> rules) : rules_(std::move(rules)) { start(); }

  engine::Result<void> commit(std::vector<engine::Match> matches, EventTime watermark) {
    journal_.push_back({matches, watermark});
    return state_->apply(std::move(matches), watermark);
  }

  engine::Result<void> restart() {
    start();
    for (const auto& [matches, watermark] : journal_) {
      if (const auto applied = state_->apply(matches, watermark); !applied) return applied;
    }
    return {};
  }

  const engine::Store& store() const { return *store_; }

 private:
  void start() {
    state_.reset();
    store_.emplace();
    state_.emplace(*store_, rules_);
  }

  std::shared_ptr<const engine::RuleSet> rules_;
  std::optional<engine::MemoryStore> store_;
  std::optional<engine::State> state_;
  std::vector<std::pair<std::vector<engine::Match>, EventTime>> journal_;
};

/// All that the case's events issue counts while it runs, whatever their order.
engine::Lineage mints_of(const TestCase& test, const engine::RuleSet& rules) {
  engine::Lineage lineage;
  engine::Event event(rules.fields);
  std::string text;
  for (const TestStep& step : test.steps) {
    if (step.kind != TestStep::Kind::kEvent) continue;
    const engine::Record record = padded_record(step.record, text);
    if (!event.read(record)) continue;  // the run says so
    if (const auto mint = engine::mint_of(event)) lineage.add(*mint);
  }
  lineage.settle(EventTime::max());
  return lineage;
}

class SequenceRun {
 public:
  SequenceRun(const TestCase& test, const engine::Rule& rule, const std::shared_ptr<const engine::RuleSet>& rules,
              const engine::Matcher& matcher, const engine::Accounts* accounts)
      : test_(test),
        rule_(rule),
        lineage_(mints_of(test, *rules)),
        processor_(rules, matcher, {.filter = {}, .knowledge = {.accounts = accounts, .lineage = &lineage_}}),
        runtime_(rules) {}

  SequenceResult run() {
    for (const TestStep& step : test_.steps) {
      if (const auto done = take(step); !done) return {true, "the event is no record: " + done.error().message, {}};
    }
    return compare();
  }

 private:
  engine::Result<void> take(const TestStep& step) {
    if (step.kind == TestStep::Kind::kRestart) return runtime_.restart();
    std::vector<engine::Match> matches;
    if (step.kind == TestStep::Kind::kAdvance) {
      clock_ += seconds{step.seconds};
    } else {
      clock_ = std::max(clock_, start_ + seconds{step.seconds});
      if (const auto processed = process(step.record, matches); !processed) return processed;
    }
    return runtime_.commit(std::move(matches), clock_ - kLateness);
  }

  engine::Result<void> process(const std::string& json, std::vector<engine::Match>& matches) {
    engine::Envelope envelope;
    envelope.delivered = clock_;
    std::string text;
    engine::Record record = padded_record(json, text);
    record.envelope = &envelope;
    return processor_.process(record, matches);
  }

  static bool is(const engine::Rule& rule, const std::string& name) {
    const std::string folded = engine::fold(name);
    return engine::equals_folded(rule.id, folded) || engine::equals_folded(rule.name, folded) ||
           engine::equals_folded(rule.title, folded);
  }

  bool is_of_interest(const engine::Rule& rule) const {
    return rule.id == rule_.id || std::any_of(test_.signals.begin(), test_.signals.end(), [&](const auto& expected) {
             return expected.rule && is(rule, *expected.rule);
           });
  }

  bool fits(const ExpectedSignal& expected, const engine::Signal& signal) const {
    const auto second = [this](EventTime time) { return std::chrono::duration_cast<seconds>(time - start_).count(); };
    if (expected.rule ? !is(signal.rule(), *expected.rule) : signal.rule().id != rule_.id) return false;
    if (expected.group && *expected.group != signal.group) return false;
    if (expected.first && *expected.first != second(signal.first)) return false;
    if (expected.last && *expected.last != second(signal.last)) return false;
    if (expected.triggers && static_cast<std::uint64_t>(*expected.triggers) != signal.triggers) return false;
    if (expected.state && (*expected.state == "closed") != signal.closed) return false;
    return !expected.level || *expected.level == engine::name_of(signal.rule().level);
  }

  static void say(std::string& text, std::string_view key, const std::string& value) {
    text += (text.empty() ? "" : ", ") + std::string(key) + ": " + value;
  }

  static std::string list(const std::vector<std::string>& values) {
    std::string text = "[";
    for (const auto& value : values) text += (text.size() > 1 ? ", " : "") + value;
    return text + "]";
  }

  static std::string text_of(const ExpectedSignal& s) {
    std::string text;
    if (s.rule) say(text, "rule", *s.rule);
    if (s.group) say(text, "group", list(*s.group));
    if (s.first) say(text, "first", std::to_string(*s.first) + "s");
    if (s.last) say(text, "last", std::to_string(*s.last) + "s");
    if (s.triggers) say(text, "triggers", std::to_string(*s.triggers));
    if (s.state) say(text, "state", *s.state);
    if (s.level) say(text, "level", *s.level);
    return "{" + text + "}";
  }

  std::string text_of(const engine::Signal& s) const {
    const auto second = [this](EventTime time) {
      return std::to_string(std::chrono::duration_cast<seconds>(time - start_).count()) + "s";
    };
    std::string text;
    say(text, "rule", s.rule().title);
    say(text, "group", list(s.group));
    say(text, "first", second(s.first));
    say(text, "last", second(s.last));
    say(text, "triggers", std::to_string(s.triggers));
    say(text, "state", s.closed ? "closed" : "open");
    say(text, "level", std::string(engine::name_of(s.rule().level)));
    return "{" + text + "}";
  }

  /// Gives each expected signal one of its own, where that can be: expectation `i` takes a signal that is free, or
  /// whose taker can take another.
  bool place(std::size_t i, const std::vector<engine::Signal>& signals, std::vector<std::optional<std::size_t>>& takers,
             std::vector<bool>& asked) const {
    for (std::size_t s = 0; s < signals.size(); ++s) {
      if (asked[s] || !fits(test_.signals[i], signals[s])) continue;
      asked[s] = true;
      if (!takers[s] || place(*takers[s], signals, takers, asked)) {
        takers[s] = i;
        return true;
      }
    }
    return false;
  }

  SequenceResult compare() const {
    std::vector<engine::Signal> signals;
    const auto read = runtime_.store().each_signal([&](const engine::Signal& signal) {
      if (is_of_interest(signal.rule())) signals.push_back(signal);
    });
    if (!read) return {true, read.error().message, {}};
    std::vector<std::optional<std::size_t>> takers(signals.size());
    SequenceResult result;
    for (std::size_t i = 0; i < test_.signals.size(); ++i) {
      std::vector<bool> asked(signals.size());
      if (!place(i, signals, takers, asked)) result.details.push_back("- " + text_of(test_.signals[i]));
    }
    for (std::size_t s = 0; s < signals.size(); ++s) {
      if (!takers[s]) result.details.push_back("+ " + text_of(signals[s]));
    }
    if (!result.details.empty()) {
      result.message = "the signals differ: expected " + std::to_string(test_.signals.size()) + ", there are " +
                       std::to_string(signals.size()) + " (- missing, + too many)";
    }
    return result;
  }

  const TestCase& test_;
  const engine::Rule& rule_;
  const engine::Lineage lineage_;
  engine::Processor processor_;
  Runtime runtime_;
  const EventTime start_ = *engine::parse_time(kSequenceStart);
  EventTime clock_ = start_;
};

}  // namespace

SequenceResult run_sequence(const TestCase& test, const engine::Rule& rule,
                            const std::shared_ptr<const engine::RuleSet>& rules, const engine::Matcher& matcher,
                            const engine::Accounts* accounts) {
  return SequenceRun(test, rule, rules, matcher, accounts).run();
}

}  // namespace tripline::rules
