#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/e2e/logs.h"
#include "tests/support/json_schema.h"
#include "tests/support/places.h"
#include "tests/support/program.h"
#include "tests/support/real_logs.h"

namespace tripline {
namespace {

using tests::lines_of;
using tests::run_program;

tests::JsonSchema schema() {
  return tests::JsonSchema(tests::read_file(tests::repository() / "docs/signal.schema.json"));
}

TEST(SignalSchema, HasNoWordThatTheTestsDoNotCheck) { EXPECT_EQ(schema().unknown_words(), std::vector<std::string>{}); }

TEST(SignalSchema, FaultsAreFound) {
  const tests::JsonSchema schema(R"({"type":"object","required":["a"],"additionalProperties":false,"properties":{
      "a":{"$ref":"#/$defs/level"},"b":{"type":"array","maxItems":2,"uniqueItems":true,"items":{"type":"integer"}},
      "c":{"type":"string","minLength":2,"pattern":"^x"},"d":{"const":1},
      "e":{"type":"object","maxProperties":1,"additionalProperties":{"type":"integer","minimum":3}}},
      "$defs":{"level":{"enum":["low","high"]}}})");
  const struct {
    std::string_view json;
    std::vector<std::string> faults;
  } cases[] = {
      {R"({"a":"low","b":[1,2],"c":"xy","d":1,"e":{"n":3}})", {}},
      {R"([])", {"/: is no object"}},
      {R"({})", {"/: has no a"}},
      {R"({"a":"medium"})", {R"(/a: is none of ["low","high"])"}},
      {R"({"a":"low","z":1})", {"/z: may not be there"}},
      {R"({"a":"low","b":[1,1]})", {"/b: has an item twice"}},
      {R"({"a":"low","b":[1,2,3]})", {"/b: has too many items"}},
      {R"({"a":"low","b":[1.5]})", {"/b/0: is no integer"}},
      {R"({"a":"low","c":"x"})", {"/c: is too short"}},
      {R"({"a":"low","c":"yx"})", {"/c: is not of the pattern ^x"}},
      {R"({"a":"low","d":2})", {"/d: is not 1"}},
      {R"({"a":"low","e":{"n":2}})", {"/e/n: is below 3"}},
      {R"({"a":"low","e":{"n":3,"m":3}})", {"/e: has too many members"}},
  };
  for (const auto& c : cases) EXPECT_EQ(schema.faults_of(c.json), c.faults) << c.json;
}

/// Checks each signal, and returns how many there are.
std::size_t check_signals(const std::vector<std::string>& words) {
  static const tests::JsonSchema signals = schema();
  const auto run = run_program(words);
  EXPECT_EQ(run.code, 0) << run.err;
  const auto lines = lines_of(run.out);
  for (const std::string& line : lines) {
    const auto faults = signals.faults_of(line);
    EXPECT_TRUE(faults.empty()) << faults.front() << "\n" << line;
    if (!faults.empty()) break;
  }
  return lines.size();
}

TEST(SignalSchema, HoldsOfTheSamples) {
  const std::string samples = (tests::repository() / "docs/samples").string();
  EXPECT_GT(check_signals({"scan", "--quiet", "--format", "ndjson", "--level", "informational", samples}), 0U);
  EXPECT_GT(check_signals({"scan", "--quiet", "--format", "ndjson", "--origins", samples}), 0U);
}

TEST(SignalSchema, HoldsOfAllRulesOverAllTrails) {
  if (!tests::have_real_logs()) GTEST_SKIP() << tests::no_real_logs();
  const std::string sigma = tests::real_logs_folder() + "../sigma/aws/rules";
  const std::string pack = (tests::repository() / "rules/library").string();
  std::size_t signals = 0;
  for (const std::string trail :
       {"invictus", "sans504", "misc", "traildiscover", "cloud-custodian", "opensearch-catalog"}) {
    SCOPED_TRACE(trail);
    signals += check_signals({"scan", "--quiet", "--format", "ndjson", "--level", "informational", "--origins", "-r",
                              sigma, "-r", pack, tests::real_logs_folder() + trail});
  }
  EXPECT_GT(signals, 150U);
}

TEST(SignalSchema, HoldsOfLogsThatAreNotCloudTrails) {
  tests::TemporaryFolder folder;
  const std::string rule =
      folder.write("rule.yml",
                   "title: T\nid: 5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f07\nlevel: high\nlogsource: {product: windows}\n"
                   "detection: {s: {EventID: 1}, condition: s}\n");
  const std::string log = folder.write("log.json", R"({"EventID":1,"CommandLine":"x"})");
  EXPECT_EQ(check_signals({"scan", "--quiet", "--format", "ndjson", "--logsource", "product=windows", "-r", rule, log}),
            1U);
}

}  // namespace
}  // namespace tripline
