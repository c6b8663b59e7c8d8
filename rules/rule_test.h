#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/accounts.h"
#include "engine/result.h"
#include "rules/diagnostic.h"
#include "rules/loader.h"

namespace tripline::rules {

/// How one case of a rule test ended.
struct TestResult {
  enum class Outcome {
    kPassed,
    kFailed,   // the rule did otherwise than expected
    kSkipped,  // it was not run; no case is at present
    kBroken,   // the rule is not there or did not compile
  };
  Position at;       // of the case
  std::string rule;  // title; what the file calls it when it was not found
  std::string name;  // of the case
  Outcome outcome = Outcome::kPassed;
  std::string message;               // one sentence; empty when it passed
  std::vector<std::string> details;  // of a failure: the condition, part by part (rules/explain.h)
};

struct TestReport {
  std::vector<TestResult> results;  // in order of path and line
  Diagnostics problems;             // of the test files themselves; a case with one is not run
  Loaded loaded;                    // the rules that the tests ran on, with their own diagnostics
  std::size_t files = 0;            // test files
  std::size_t unread = 0;           // cases without a result, for a problem; 1 of a file in which none was seen

  /// What was not read is broken.
  std::size_t count(TestResult::Outcome outcome) const;
  /// Nothing failed and nothing was broken.
  bool passed() const;
};

/// Runs the rule tests among `paths`: test files, the tests beside rule files, and all below folders. The rules are
/// those of `paths` and those that test files name by path, compiled and matched as `scan` does; beside it a full scan
/// must agree. `accounts`, which may be null: what events know of accounts. kIo: a path does not exist.
/// What is wrong with a test file, and that it cannot be read, is among the problems; the others run.
engine::Result<TestReport> run_rule_tests(const std::vector<std::string>& paths, const LoadOptions& options,
                                          const engine::Accounts* accounts = nullptr);

/// The report as JUnit XML, as CI systems read it: a suite a test file, a case a case.
std::string junit_xml(const TestReport& report);

}  // namespace tripline::rules
