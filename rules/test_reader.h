#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.h"
#include "rules/yaml.h"

namespace tripline::rules {

/// One case of a rule test file.
struct TestCase {
  std::string name;
  Position at;
  bool stateful = false;  // `arrive`: a sequence of events for a rule with windows; read no further
  std::string record;     // the event with the changes of `with`, as JSON
  bool expect_match = false;
};

/// What a `*.test.yml` file says. Source: docs/writing-rules.md, "Tests".
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
