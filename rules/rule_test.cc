#include "rules/rule_test.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "engine/event.h"
#include "engine/json_repair.h"
#include "engine/lineage.h"
#include "engine/matcher.h"
#include "engine/mint.h"
#include "rules/explain.h"
#include "rules/rule_files.h"
#include "rules/sequence_run.h"
#include "rules/test_reader.h"
#include "rules/test_record.h"

namespace tripline::rules {
namespace {

namespace fs = std::filesystem;
using Outcome = TestResult::Outcome;

std::string absolute_path(const fs::path& path) {
  std::error_code error;
  const auto absolute = fs::weakly_canonical(path, error);
  return error ? path.string() : absolute.string();
}

std::string rule_path(const TestFile& file) { return (fs::path(file.path).parent_path() / file.rule).string(); }

/// Whether loading `paths` loads the file too.
bool covers(const std::vector<std::string>& paths, const std::string& file) {
  const auto target = absolute_path(file);
  return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
    auto whole = absolute_path(path);
    if (whole == target) return true;
    if (!whole.ends_with('/')) whole += '/';
    return target.starts_with(whole);
  });
}

/// The paths to load rules from: what the user named, and the rules that tests name by path.
std::vector<std::string> rule_paths(const std::vector<std::string>& paths, const std::vector<TestFile>& files) {
  std::vector<std::string> out;
  for (const auto& path : paths) {
    if (!is_test_file(path) && !covers(out, path)) out.push_back(path);
  }
  for (const auto& file : files) {
    std::error_code error;
    const auto path = rule_path(file);
    if (file.rule_is_path && fs::exists(path, error) && !covers(out, path)) out.push_back(path);
  }
  return out;
}

/// Runs cases on one set of rules.
class Runner {
 public:
  Runner(const Loaded& loaded, const engine::Accounts* accounts)
      : loaded_(loaded), accounts_(accounts), matcher_(loaded.rules), event_(std::in_place, loaded.rules->fields) {
    for (const auto& state : loaded.states) {
      if (state.kind == RuleState::Kind::kFilter) continue;
      by_name_[absolute_path(state.rule.path)].push_back(&state);
      by_name_[state.rule.id].push_back(&state);
      if (state.rule.name != state.rule.id) by_name_[state.rule.name].push_back(&state);
    }
  }

  void run(const TestFile& file, std::vector<TestResult>& results) {
    know(file);
    std::string why_not;
    const auto* state = find_rule(file, why_not);
    for (const auto& test : file.cases) {
      TestResult result;
      result.at = test.at;
      result.name = test.name;
      result.rule = state ? state->rule.title : file.rule;
      if (!state) {
        result.outcome = Outcome::kBroken;
        result.message = why_not;
      } else if (test.is_sequence) {
        run_sequence_case(test, *state, result);
      } else {
        run_case(test, *state, result);
      }
      results.push_back(std::move(result));
    }
  }

 private:
  /// All that `events` of the file issue counts while its cases run, whatever their order.
  void know(const TestFile& file) {
    lineage_.emplace();
    event_.emplace(loaded_.rules->fields, engine::Knowledge{.accounts = accounts_});
    std::string text;
    for (const auto& record : file.records) {
      const auto padded = padded_record(record, text);
      if (!event_->read(padded)) continue;  // the case that uses it says so
      const auto mint = engine::mint_of(*event_);
      if (const auto tells = mint ? mint : engine::shared_call_of(*event_)) lineage_->add(*tells);
    }
    lineage_->settle(engine::EventTime::max());
    event_.emplace(loaded_.rules->fields, engine::Knowledge{.accounts = accounts_, .lineage = &*lineage_});
  }

  const RuleState* find_rule(const TestFile& file, std::string& why_not) const {
    const auto named = by_name_.find(file.rule_is_path ? absolute_path(rule_path(file)) : file.rule);
    const auto found = named == by_name_.end() ? std::vector<const RuleState*>{} : named->second;
    if (found.size() == 1) return found[0];
    why_not = found.empty() ? "there is no rule `" + file.rule + "` among those given"
                            : "`" + file.rule + "` names " + std::to_string(found.size()) +
                                  " rules: name the one that is meant by its id";
    return nullptr;
  }

  void run_sequence_case(const TestCase& test, const RuleState& state, TestResult& result) {
    if (state.state != RuleState::State::kLoaded) {
      result.outcome = Outcome::kBroken;
      result.message = "the rule is not loaded: " + state.why;
      return;
    }
    if (!live_matcher_) live_matcher_.emplace(loaded_.rules, engine::Origins::kLater);
    auto run = run_sequence(test, state.rule, loaded_.rules, *live_matcher_, accounts_);
    result.outcome = run.broken ? Outcome::kBroken : run.message.empty() ? Outcome::kPassed : Outcome::kFailed;
    result.message = std::move(run.message);
    result.details = std::move(run.details);
  }

  void run_case(const TestCase& test, const RuleState& state, TestResult& result) {
    result.outcome = Outcome::kBroken;
    if (state.kind == RuleState::Kind::kCorrelation) {
      result.message = "a correlation is tested with `arrive`";
      return;
    }
    const auto index = find_detection(state.rule);
    if (!index) {
      result.message = "the rule is not loaded: " + (state.why.empty() ? "it did not compile" : state.why);
      return;
    }
    std::string text;
    const auto padded = padded_record(test.record, text);
    if (const auto read = event_->read(padded); !read) {
      result.message = "the event is no record: " + read.error().message;
      return;
    }
    judge(test, *index, result);
  }

  void judge(const TestCase& test, std::uint32_t index, TestResult& result) {
    const auto has = [index](const std::vector<std::uint32_t>& found) {
      return std::find(found.begin(), found.end(), index) != found.end();
    };
    const auto& rules = *loaded_.rules;
    const bool matched = has(matcher_.match(*event_));
    const bool oracle = has(engine::full_scan(rules, *event_));
    result.outcome = matched == test.expect_match && matched == oracle ? Outcome::kPassed : Outcome::kFailed;
    if (result.outcome == Outcome::kPassed) return;
    const auto& detection = rules.detections[index];
    if (matched != oracle) {
      result.message = "the matcher and a full scan disagree, which is a bug in Tripline: please report it";
    } else if (test.expect_match) {
      result.message = "expected a match, but the rule does not match";
      if (!(detection.categories & event_->category())) {
        result.message += ": its log source wants events of another category (eventCategory)";
      }
    } else {
      result.message = "expected no match, but the rule matches";
    }
    result.details = explain_lines(explain(detection.condition, rules, *event_));
  }

  std::optional<std::uint32_t> find_detection(const engine::Rule& rule) const {
    const auto& detections = loaded_.rules->detections;
    for (std::size_t i = 0; i < detections.size(); ++i) {
      if (detections[i].rule.path == rule.path && detections[i].rule.line == rule.line) {
        return static_cast<std::uint32_t>(i);
      }
    }
    return std::nullopt;
  }

  const Loaded& loaded_;
  std::map<std::string, std::vector<const RuleState*>> by_name_;  // also by id, and by absolute path
  const engine::Accounts* accounts_;
  engine::Matcher matcher_;
  std::optional<engine::Matcher> live_matcher_;  // of sequences
  std::optional<engine::Lineage> lineage_;       // of the file that runs
  std::optional<engine::Event> event_;
};

}  // namespace

std::size_t TestReport::count(TestResult::Outcome outcome) const {
  const auto counted =
      std::count_if(results.begin(), results.end(), [&](const auto& result) { return result.outcome == outcome; });
  return static_cast<std::size_t>(counted) + (outcome == Outcome::kBroken ? unread : 0);
}

bool TestReport::passed() const {
  return problems.errors() == 0 && count(Outcome::kFailed) == 0 && count(Outcome::kBroken) == 0;
}

engine::Result<TestReport> run_rule_tests(const std::vector<std::string>& paths, const LoadOptions& options,
                                          const engine::Accounts* accounts) {
  const auto names = find_test_files(paths);
  if (!names) return names.error();
  TestReport report;
  std::vector<TestFile> files;
  for (const auto& name : *names) {
    const auto text = read_text(name, options.yaml.max_bytes);
    if (!text) {
      report.problems.add("unreadable-file", {name, 0, 0}, text.error().message);
      ++report.unread;
      continue;
    }
    files.push_back(read_test_file(*text, name, options.yaml));
    report.problems.append(files.back().problems);
    if (files.back().rule.empty()) {  // as the problems say; what the cases are of is not known
      report.unread += std::max<std::size_t>(files.back().cases.size(), 1);
      files.pop_back();
    } else {
      report.unread += files.back().unread;
    }
  }
  report.files = names->size();
  auto with_deprecated = options;  // they can be tested as well as others
  with_deprecated.include_deprecated = true;
  auto loaded = load_rules(rule_paths(paths, files), with_deprecated);
  if (!loaded) return loaded.error();
  report.loaded = std::move(*loaded);
  Runner runner(report.loaded, accounts);
  for (const auto& file : files) runner.run(file, report.results);
  return report;
}

}  // namespace tripline::rules
