#include "rules/signal_difference.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::rules {
namespace {

engine::Rule rule(std::string id, std::string title) {
  engine::Rule rule;
  rule.id = std::move(id);
  rule.title = std::move(title);
  rule.level = engine::Level::kHigh;
  return rule;
}

const engine::Rule kBurst = rule("burst-id", "Burst");
const engine::Rule kOther = rule("other-id", "Other");

SeenSignal seen(std::string group, std::int64_t first, std::int64_t last = 0, const engine::Rule& of = kBurst) {
  return {.rule = &of, .group = {std::move(group)}, .first = first, .last = std::max(first, last), .triggers = 1};
}

ExpectedSignal of_group(std::string group) {
  ExpectedSignal expected;
  expected.group = std::vector<std::string>{std::move(group)};
  return expected;
}

ExpectedSignal at(std::int64_t first) {
  ExpectedSignal expected;
  expected.first = first;
  return expected;
}

ExpectedSignal of_rule(std::string name) {
  ExpectedSignal expected;
  expected.rule = std::move(name);
  return expected;
}

TEST(SignalDifference, SaysWhatIsMissingTooManyOrOtherwise) {
  const std::string a = "Burst: group [a], first +1m, last +1m, triggers 1, state open, level high";
  const struct {
    std::string_view name;
    std::vector<ExpectedSignal> expected;
    std::vector<SeenSignal> seen;
    std::vector<std::string> lines;
  } cases[] = {
      {"nothing and nothing", {}, {}, {}},
      {"what is not said is not compared", {{}}, {seen("a", 60)}, {}},
      {"one too many", {}, {seen("a", 60)}, {"+ too many: " + a}},
      {"one is missing", {of_group("a")}, {}, {"- missing: Burst: group [a]"}},
      {"nothing is said of what is missing", {{}}, {}, {"- missing: Burst"}},
      {"another time", {at(90'061)}, {seen("a", 60)}, {"~ otherwise: " + a, "    first: expected +1d1h1m1s, is +1m"}},
      {"a group is not another that reads alike",
       {of_group("a, b")},
       {{.rule = &kBurst, .group = {"a", "b"}, .triggers = 1}},
       {"~ otherwise: Burst: group [a, b], first +0s, last +0s, triggers 1, state open, level high",
        "    group: expected [a, b], is [a, b]"}},
      {"the vague expectation leaves the signal that only the other can have",
       {{}, at(60)},
       {seen("a", 60), seen("b", 0)},
       {}},
      {"the other order", {at(60), {}}, {seen("a", 60), seen("b", 0)}, {}},
      {"each expectation needs one of its own", {{}, {}}, {seen("a", 60)}, {"- missing: Burst"}},
      {"the nearest one is shown beside",
       {[] {
         ExpectedSignal expected = of_group("b");
         expected.first = 30;
         return expected;
       }()},
       {seen("a", 60), seen("b", 0)},
       {"~ otherwise: Burst: group [b], first +0s, last +0s, triggers 1, state open, level high",
        "    first: expected +30s, is +0s", "+ too many: " + a}},
      {"of another rule, by its id or title, in any letter case",
       {of_rule("OTHER-ID"), of_rule("other")},
       {seen("a", 0, 0, kOther), seen("b", 0, 0, kOther)},
       {}},
      {"a signal of the file's rule is none of another",
       {of_rule("Other")},
       {seen("a", 60)},
       {"- missing: Other", "+ too many: " + a}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(signal_difference(c.expected, c.seen, kBurst), c.lines);
  }
}

}  // namespace
}  // namespace tripline::rules
