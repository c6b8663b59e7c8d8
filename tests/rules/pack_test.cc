// The shipped rules, docs/pack.md and the rules' tests go together.

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/loader.h"
#include "rules/test_reader.h"
#include "tests/support/places.h"

namespace tripline::rules {
namespace {

namespace fs = std::filesystem;

fs::path library() { return tests::repository() / "rules" / "library"; }

Loaded load_pack() {
  auto loaded = load_rules({library().string()}, {});
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
  return loaded ? std::move(*loaded) : Loaded{};
}

/// `signin/root_console_login` of rules/library/aws/signin/root_console_login.yml.
std::string short_path(const std::string& path) {
  return fs::path(path).lexically_relative(library() / "aws").replace_extension().string();
}

TEST(Pack, IsListedRuleByRuleWithItsLevel) {
  std::map<std::string, std::string> listed;  // what docs/pack.md says of each rule's level
  const std::string page = tests::read_file(tests::repository() / "docs" / "pack.md");
  for (std::size_t row = page.find("\n|"); row != std::string::npos; row = page.find("\n|", row + 1)) {
    const std::size_t begin = page.find("| `", row);
    const std::size_t end = page.find("` | ", row);
    if (begin > page.find('\n', row + 1) || end > page.find('\n', row + 1)) continue;
    const std::size_t level = end + 4;
    listed[page.substr(begin + 3, end - begin - 3)] = page.substr(level, page.find(' ', level) - level);
  }
  std::map<std::string, std::string> shipped;
  for (const auto& state : load_pack().states) {
    shipped[short_path(state.rule.path)] = engine::name_of(state.rule.level);
  }
  EXPECT_GT(shipped.size(), 40U);
  EXPECT_EQ(listed, shipped);
}

/// Whether some case has what `is_it` looks for in its steps.
template <class Test>
bool some_case(const TestFile& file, Test is_it) {
  return std::any_of(file.cases.begin(), file.cases.end(), [&](const TestCase& test) { return is_it(test.steps); });
}

TEST(Pack, TestsEachCorrelationWithALateArrivalAndARestart) {
  using Steps = std::vector<TestStep>;
  const auto restarts = [](const Steps& steps) {
    return std::any_of(steps.begin(), steps.end(), [](const auto& s) { return s.kind == TestStep::Kind::kRestart; });
  };
  const auto comes_late = [](const Steps& steps) {
    std::int64_t latest = 0;
    for (const TestStep& step : steps) {
      if (step.kind != TestStep::Kind::kEvent) continue;
      if (step.seconds < latest) return true;
      latest = step.seconds;
    }
    return false;
  };
  int correlations = 0;
  for (const auto& state : load_pack().states) {
    if (state.kind != RuleState::Kind::kCorrelation) continue;
    SCOPED_TRACE(state.rule.path);
    ++correlations;
    const auto path = fs::path(state.rule.path).replace_extension(".test.yml");
    const TestFile file = read_test_file(tests::read_file(path), path.string());
    EXPECT_TRUE(some_case(file, restarts));
    EXPECT_TRUE(some_case(file, comes_late));
    EXPECT_TRUE(std::any_of(file.cases.begin(), file.cases.end(), [](const auto& c) { return c.signals.empty(); }))
        << "a case in which it stays silent";
  }
  EXPECT_GT(correlations, 5);
}

}  // namespace
}  // namespace tripline::rules
