// The examples of docs/correlations.md are rules that load, without a word, on top of the shipped ones.

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/correlation_type.h"
#include "rules/loader.h"
#include "tests/support/diagnostics.h"
#include "tests/support/places.h"

namespace tripline::rules {
namespace {

/// What stands between ```yaml and ``` in a page.
std::vector<std::string> examples_of(const std::string& page) {
  constexpr std::string_view kBegin = "\n```yaml\n";
  std::vector<std::string> examples;
  for (std::size_t at = page.find(kBegin); at != std::string::npos; at = page.find(kBegin, at)) {
    at += kBegin.size();
    const std::size_t end = page.find("\n```", at);
    examples.push_back(page.substr(at, end - at + 1));
    at = end;
  }
  return examples;
}

TEST(CorrelationExamples, OfTheirPageLoadAndShowEveryType) {
  const auto examples = examples_of(tests::read_file(tests::repository() / "docs" / "correlations.md"));
  EXPECT_GT(examples.size(), 8U);
  const std::string library = (tests::repository() / "rules" / "library").string();
  LoadOptions options;
  options.lint = true;
  const auto pack = load_rules({library}, options);
  ASSERT_TRUE(pack) << pack.error().message;
  const std::string said_of_pack = tests::lines(pack->diagnostics);
  std::set<std::string> types;
  for (const std::string& example : examples) {
    SCOPED_TRACE(example);
    const tests::TemporaryFolder folder;
    const auto loaded = load_rules({library, folder.write("example.yml", example)}, options);
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(tests::lines(loaded->diagnostics), said_of_pack);
    EXPECT_GT(loaded->correlations.size(), pack->correlations.size());
    for (const auto& correlation : loaded->correlations) {
      if (correlation.rule.path.ends_with("example.yml")) types.insert(correlation.type);
    }
  }
  for (const CorrelationTypeRow& type : kCorrelationTypes)
    EXPECT_TRUE(types.contains(std::string(type.name))) << type.name;
}

}  // namespace
}  // namespace tripline::rules
