#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "app/accounts_option.h"
#include "app/arguments.h"
#include "app/commands.h"
#include "app/diagnostic_text.h"
#include "app/printable.h"
#include "app/quantity.h"
#include "app/rule_options.h"
#include "rules/rule_test.h"

namespace tripline::app {
namespace {

using Outcome = rules::TestResult::Outcome;

struct TestOptions {
  RuleOptions rules;
  AccountsOption accounts;
  std::string junit;
  bool verbose = false;
};

struct OutcomeRow {
  Outcome outcome;
  const char* name;
  Style style;
};
constexpr OutcomeRow kOutcomes[] = {
    {Outcome::kPassed, "passed", Style::kGreen},
    {Outcome::kFailed, "failed", Style::kRed},
    {Outcome::kBroken, "broken", Style::kRed},
    {Outcome::kSkipped, "skipped", Style::kYellow},
};

const OutcomeRow& row_of(Outcome outcome) {
  for (const auto& row : kOutcomes) {
    if (row.outcome == outcome) return row;
  }
  return kOutcomes[0];
}

void print(const rules::TestResult& result, Console& console) {
  const OutcomeRow& row = row_of(result.outcome);
  std::string line = result.at.path + ":" + std::to_string(result.at.line) + ": " + result.rule + ": " + result.name;
  if (!result.message.empty()) line += ": " + result.message;
  console.line(Stream::kOut, console.paint(Stream::kOut, row.style, row.name) + "  " + printable(line));
  for (const auto& detail : result.details) console.line(Stream::kOut, "    " + printable(detail));
}

engine::Result<void> write_junit(const std::string& path, const rules::TestReport& report) {
  std::ofstream file(path, std::ios::binary);
  file << rules::junit_xml(report);
  file.close();
  if (!file) return engine::fail(engine::ErrorCode::kIo, path + " cannot be written: " + std::strerror(errno));
  return {};
}

engine::Result<int> run(const TestOptions& options, Console& console) {
  const auto load_options = options.rules.load_options();
  if (!load_options) return load_options.error();
  const auto accounts = options.accounts.load();
  if (!accounts) return accounts.error();
  const auto report = rules::run_rule_tests(options.rules.paths, *load_options, accounts->get());
  if (!report) return report.error();

  const std::size_t broken_rules = report_broken_rules(report->loaded.diagnostics, console);
  std::vector<std::string> fields;
  for (const auto& detection : report->loaded.rules->detections) {
    const auto read = fields_of(detection, *report->loaded.rules);
    fields.insert(fields.end(), read.begin(), read.end());
  }
  options.accounts.warn_of(fields, console);
  SourceLines sources;
  for (const auto& problem : report->problems.all()) print_diagnostic(problem, sources, console, Stream::kErr);
  for (const auto& result : report->results) {
    if (options.verbose || result.outcome != Outcome::kPassed) print(result, console);
  }
  if (!options.junit.empty()) {
    if (const auto written = write_junit(options.junit, *report); !written) return written.error();
  }
  std::string counts;
  for (const auto& row : kOutcomes) {
    const std::size_t count = report->count(row.outcome);
    // Passed and failed are what everyone looks for, also when there are none.
    if (count == 0 && row.outcome != Outcome::kPassed && row.outcome != Outcome::kFailed) continue;
    counts += (counts.empty() ? "" : ", ") + grouped(count) + " " + row.name;
  }
  console.note(counts + " (" + counted(report->files, "test file") + ")");
  if (report->files == 0) console.warning("no test was found; tests are *.test.yml files beside the rules");
  const auto& problems = report->problems.all();
  const bool unread = std::any_of(problems.begin(), problems.end(),
                                  [](const auto& problem) { return problem.code->code == "unreadable-file"; });
  if (unread) return kCannotRun;
  if (report->problems.errors() > 0 || !report->passed()) return kFoundTrouble;
  return broken_rules > 0 ? kBadRules : kRan;
}

}  // namespace

int run_test(std::vector<std::string> words, Console& console) {
  TestOptions options;
  Arguments arguments("test [OPTION]... RULES...",
                      "Runs the rules' own tests, *.test.yml, and shows why one fails. Exits with 1\n"
                      "when a test fails, else with 2 when a rule does not compile.");
  arguments.positionals("RULES", options.rules.paths, "rule file, test file, or folder that is walked for both");
  arguments.text("--junit", "FILE", options.junit, "also write a JUnit report, for CI systems");
  arguments.flag("--verbose", options.verbose, "also show the tests that pass");
  options.rules.declare(arguments, false);
  options.accounts.declare(arguments);
  arguments.example("test my-rules/", "");
  arguments.example("test --junit report.xml my-rules/", "for a CI system");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const auto code = run(options, console);
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
