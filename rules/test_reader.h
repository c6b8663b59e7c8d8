#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.h"
#include "rules/yaml.h"

namespace tripline::rules {

/// One step of a sequence.
struct TestStep {
  enum class Kind { kEvent, kRestart, kAdvance };
  Kind kind = Kind::kEvent;
  std::string record{};      // of kEvent: the event as JSON, with its eventTime and eventID
  std::int64_t seconds = 0;  // of kEvent: its event time, since the case's beginning; of kAdvance: by how much
};

/// A signal that a sequence shall leave; what is not said is not compared.
struct ExpectedSignal {
  std::optional<std::string> rule;  // id, name or title; else the file's rule
  std::optional<std::vector<std::string>> group;
  std::optional<std::int64_t> first;  // seconds since the case's beginning
  std::optional<std::int64_t> last;
  std::optional<std::int64_t> triggers;
  std::optional<std::string> state;  // open or closed
  std::optional<std::string> level;
};

/// One case of a rule test file: an event that matches or not, or a sequence and the signals that it leaves.
struct TestCase {
  std::string name;
  Position at;
  std::string record;  // the event with the changes of `with`, as JSON
  bool expect_match = false;
  bool is_sequence = false;  // `arrive`
  std::vector<TestStep> steps;
  std::vector<ExpectedSignal> signals;
};

/// When a sequence begins: the start of a day, and so of every usual period of signals.
inline constexpr std::string_view kSequenceStart = "2026-01-01T00:00:00Z";

/// What a `*.test.yml` file says. Source: docs/writing-rules.md, "A rule, step by step" and "Rules over several
/// events".
struct TestFile {
  std::string path;
  std::string rule;  // a path as written, an id or a name
  bool rule_is_path = false;
  Position rule_at;
  std::vector<TestCase> cases;       // without those that have an error
  std::size_t unread = 0;            // cases with an error; 1 when it is elsewhere in the file
  std::vector<std::string> records;  // of `events`, as JSON: what else is known while a case runs
  Diagnostics problems;              // code `bad-test`
};

/// Reads the text of the file `path`; event files are opened beside it. Never throws.
TestFile read_test_file(std::string_view text, const std::string& path, const YamlLimits& limits = {});

}  // namespace tripline::rules
