#include "rules/sequence_run.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <system_error>
#include <utility>

#include "engine/envelope.h"
#include "engine/event.h"
#include "engine/memory_store.h"
#include "engine/processor.h"
#include "engine/record.h"
#include "engine/state.h"
#include "engine/store/sqlite_store.h"
#include "rules/signal_difference.h"
#include "rules/test_record.h"

namespace tripline::rules {
namespace {

using engine::EventTime;
using std::chrono::seconds;

constexpr std::chrono::minutes kLateness{30};

/// A folder of its own, removed with what it holds.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::error_code error;
    std::string pattern = (std::filesystem::temp_directory_path(error) / "tripline_test_XXXXXX").string();
    if (!error && mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove_all(path_, error);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  /// Empty: it could not be made.
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The engine's state on a store: a durable one when the case restarts, as only that has something to go on from.
class Runtime {
 public:
  Runtime(std::shared_ptr<const engine::RuleSet> rules, const engine::Accounts* accounts, bool restarts,
          std::function<EventTime()> now)
      : rules_(std::move(rules)), accounts_(accounts), now_(std::move(now)) {
    if (restarts) folder_.emplace();
  }

  engine::Result<void> start() {
    state_.reset();
    store_.reset();
    if (!folder_) {
      store_ = std::make_unique<engine::MemoryStore>();
    } else if (folder_->path().empty()) {
      return engine::fail(engine::ErrorCode::kIo, "no folder for the case's store can be made where $TMPDIR says");
    } else {
      engine::store::SqliteStore::Settings settings;
      settings.database.synchronous = engine::store::Synchronous::kOff;  // no power is cut
      settings.now = now_;
      auto opened = engine::store::SqliteStore::open((folder_->path() / "store").string(), rules_, std::move(settings));
      if (!opened) return opened.error();
      store_ = std::move(*opened);
    }
    engine::StateOptions options;
    options.origins = true;
    options.accounts = accounts_;
    state_.emplace(*store_, rules_, std::move(options));
    return state_->load();
  }

  engine::Result<void> commit(engine::Batch batch, EventTime watermark) {
    return state_->apply(std::move(batch), watermark);
  }

  const engine::Store& store() const { return *store_; }

 private:
  std::shared_ptr<const engine::RuleSet> rules_;
  const engine::Accounts* accounts_;
  std::function<EventTime()> now_;
  std::optional<ScratchFolder> folder_;
  std::unique_ptr<engine::Store> store_;
  std::optional<engine::State> state_;
};

bool restarts(const TestCase& test) {
  return std::any_of(test.steps.begin(), test.steps.end(),
                     [](const TestStep& step) { return step.kind == TestStep::Kind::kRestart; });
}

class SequenceRun {
 public:
  SequenceRun(const TestCase& test, const engine::Rule& rule, const std::shared_ptr<const engine::RuleSet>& rules,
              const engine::Matcher& matcher, const engine::Accounts* accounts)
      : test_(test),
        rule_(rule),
        rules_(*rules),
        processor_(rules, matcher, {.filter = {}, .knowledge = {.accounts = accounts}}),
        runtime_(rules, accounts, restarts(test), [this] { return clock_; }) {}

  SequenceResult run() {
    if (const auto name = unknown_rule()) return {true, "`expect` names `" + *name + "`, which is no loaded rule", {}};
    if (const auto started = runtime_.start(); !started) return {true, started.error().message, {}};
    for (const TestStep& step : test_.steps) {
      if (const auto done = take(step); !done) return {true, done.error().message, {}};
    }
    return compare();
  }

 private:
  engine::Result<void> take(const TestStep& step) {
    if (step.kind == TestStep::Kind::kRestart) return runtime_.start();
    engine::Batch batch;
    if (step.kind == TestStep::Kind::kAdvance) {
      clock_ += seconds{step.seconds};
    } else {
      clock_ = std::max(clock_, start_ + seconds{step.seconds});
      if (const auto processed = process(step.record, batch); !processed) {
        return engine::fail(processed.error().code, "the event is no record: " + processed.error().message);
      }
    }
    return runtime_.commit(std::move(batch), clock_ - kLateness);
  }

  engine::Result<void> process(const std::string& json, engine::Batch& batch) {
    engine::Envelope envelope;
    envelope.delivered = clock_;
    std::string text;
    engine::Record record = padded_record(json, text);
    record.envelope = &envelope;
    return processor_.process(record, batch);
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
