#include "rules/sequence_run.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "engine/envelope.h"
#include "engine/event.h"
#include "engine/lineage.h"
#include "engine/memory_store.h"
#include "engine/mint.h"
#include "engine/processor.h"
#include "engine/record.h"
#include "engine/state.h"
#include "rules/signal_difference.h"
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
        rules_(*rules),
        lineage_(mints_of(test, *rules)),
        processor_(rules, matcher, {.filter = {}, .knowledge = {.accounts = accounts, .lineage = &lineage_}}),
        runtime_(rules) {}

  SequenceResult run() {
    if (const auto name = unknown_rule()) return {true, "`expect` names `" + *name + "`, which is no loaded rule", {}};
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

  /// An expectation names a rule that is not there; nothing: none does.
  std::optional<std::string> unknown_rule() const {
    for (const ExpectedSignal& expected : test_.signals) {
      const auto is_it = [&](const auto& compiled) { return is_called(compiled.rule, *expected.rule); };
      if (expected.rule && std::none_of(rules_.detections.begin(), rules_.detections.end(), is_it) &&
          std::none_of(rules_.correlations.begin(), rules_.correlations.end(), is_it)) {
        return expected.rule;
      }
    }
    return std::nullopt;
  }

  bool is_of_interest(const engine::Rule& rule) const {
    return rule.id == rule_.id || std::any_of(test_.signals.begin(), test_.signals.end(), [&](const auto& expected) {
             return expected.rule && is_called(rule, *expected.rule);
           });
  }

  /// Why signals that are expected cannot be there: the rule opens none.
  template <class Compiled>
  void say_silent(const std::vector<Compiled>& compiled, std::vector<std::string>& lines) const {
    for (const auto& c : compiled) {
      const bool expected = std::any_of(test_.signals.begin(), test_.signals.end(), [&](const ExpectedSignal& e) {
        return e.rule ? is_called(c.rule, *e.rule) : c.rule.id == rule_.id;
      });
      if (!expected || c.opens_signals) continue;
      lines.push_back(c.rule.title + " opens no signals by itself: " +
                      (c.silenced ? "a correlation refers to it, without `generate: true`" : "it is informational"));
    }
  }

  SequenceResult compare() const {
    std::vector<engine::Signal> signals;
    const auto read = runtime_.store().each_signal([&](const engine::Signal& signal) {
      if (is_of_interest(signal.rule())) signals.push_back(signal);
    });
    if (!read) return {true, read.error().message, {}};
    const auto second = [this](EventTime time) { return std::chrono::duration_cast<seconds>(time - start_).count(); };
    std::vector<SeenSignal> seen;
    for (const engine::Signal& s : signals) {
      seen.push_back({&s.rule(), s.group, second(s.first), second(s.last), s.triggers, s.closed});
    }
    SequenceResult result;
    result.details = signal_difference(test_.signals, seen, rule_);
    if (!result.details.empty()) {
      const auto of = [](std::size_t n) { return std::to_string(n) + (n == 1 ? " is" : " are"); };
      result.message = "the signals differ: " + of(test_.signals.size()) + " expected, " + of(seen.size()) + " there";
      say_silent(rules_.detections, result.details);
      say_silent(rules_.correlations, result.details);
    }
    return result;
  }

  const TestCase& test_;
  const engine::Rule& rule_;
  const engine::RuleSet& rules_;
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
