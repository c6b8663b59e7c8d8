#include "rules/test_reader.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/places.h"

namespace tripline::rules {
namespace {

std::string problems_of(const TestFile& file) {
  std::string out;
  for (const auto& problem : file.problems.all()) {
    out += std::to_string(problem.at.line) + ":" + std::to_string(problem.at.column) + " " + problem.message + "\n";
  }
  return out;
}

TEST(TestReader, ReadsCasesWithTheirChanges) {
  const tests::TemporaryFolder folder;
  folder.write("login.json", R"({"eventName": "ConsoleLogin"})");
  const auto file = read_test_file(
      "rule: rule.yml\n"
      "events:\n"
      "  inline: {eventName: CreateUser, accountId: 012345678901}\n"
      "  from_file: {file: login.json}\n"
      "cases:\n"
      "  - name: as it is\n"
      "    event: inline\n"
      "    expect: match\n"
      "  - name: changed\n"
      "    event: from_file\n"
      "    with: {eventName: null, a.b: 5}\n"
      "    expect: no match\n"
      "  - {name: stateful, arrive: [{event: inline, at: 30s}], expect: []}\n",
      (folder.path() / "x.test.yml").string());
  EXPECT_EQ(problems_of(file), "");
  EXPECT_EQ(file.rule, "rule.yml");
  EXPECT_TRUE(file.rule_is_path);
  ASSERT_EQ(file.cases.size(), 3u);
  EXPECT_EQ(file.cases[0].name, "as it is");
  EXPECT_EQ(file.cases[0].at.line, 6);
  EXPECT_EQ(file.cases[0].record, R"({"eventName":"CreateUser","accountId":"012345678901"})");
  EXPECT_TRUE(file.cases[0].expect_match);
  EXPECT_EQ(file.cases[1].record, R"({"a":{"b":5}})");
  EXPECT_FALSE(file.cases[1].expect_match);
  EXPECT_TRUE(file.cases[2].is_sequence);
  ASSERT_EQ(file.cases[2].steps.size(), 1u);
  EXPECT_EQ(file.cases[2].steps[0].record,
            R"({"eventName":"CreateUser","accountId":"012345678901","eventTime":"2026-01-01T00:00:30Z",)"
            R"("eventID":"event 1"})");
}

TEST(TestReader, TakesARuleByIdOrName) {
  const auto file =
      read_test_file("{rule: denied_call, events: {e: {}}, cases: [{name: x, event: e, expect: match}]}", "x.test.yml");
  EXPECT_FALSE(file.rule_is_path);
  EXPECT_EQ(file.cases.size(), 1u);
}

TEST(TestReader, PointsAtWhatIsWrongAndKeepsTheOtherCases) {
  const struct {
    std::string_view text;
    std::string_view problem;  // the beginning of the first
    std::size_t cases;
  } cases[] = {
      {"", "0:0 a rule test file is one document, and this holds 0", 0},
      {"[]", "1:1 a rule test file is a map", 0},
      {"a: [", "", 0},
      {"events: {}\n", "1:1 `rule` is missing", 0},
      {"rule: x\n", "1:1 `cases` is missing", 0},
      {"rule: []\ncases: [{name: n, event: e, expect: match}]\nevents: {e: {}}", "1:7 `rule` is some text", 1},
      {"rule: x\ncases: {}\n", "2:8 `cases` is a list", 0},
      {"rule: x\ncases: []\n", "2:8 `cases` is a list", 0},
      {"rule: x\ncases: [y]\n", "2:9 a case is a map", 0},
      {"rule: x\nevent: {e: {}}\ncases: [{name: n, event: e, expect: match}]", "2:1 `event` is no key", 0},
      {"rule: x\nevents: [e]\ncases: [{name: n, event: e, expect: match}]", "2:9 `events` is a map", 0},
      {"rule: x\nevents: {e: 5}\ncases: [{name: n, event: e, expect: match}]", "2:13 an event is a map", 0},
      {"rule: x\nevents: {e: {file: none.json}}\ncases: [{name: n, event: e, expect: match}]",
       "2:20 the event's file is no JSON record", 0},
      {"rule: x\nevents: {eve: {}}\ncases:\n- {name: a, event: evx, expect: match}\n- {name: b, event: eve, expect: "
       "match}",
       "4:20 there is no event `evx`", 1},
      {"rule: x\nevents: {e: {}}\ncases: [{event: e, expect: match}]", "3:9 `name` is missing", 0},
      {"rule: x\nevents: {e: {}}\ncases: [{name: n, expect: match}]", "3:9 `event` is missing", 0},
      {"rule: x\nevents: {e: {}}\ncases: [{name: n, event: e}]", "3:9 `expect` is missing", 0},
      {"rule: x\nevents: {e: {}}\ncases: [{name: n, event: e, expect: matches}]", "3:37 `expect` is `match` or", 0},
      {"rule: x\nevents: {e: {}}\ncases: [{name: n, event: e, expect: [match]}]", "3:37 `expect` is `match` or", 0},
      {"rule: x\nevents: {e: {}}\ncases: [{name: n, event: e, expects: match}]", "3:29 `expects` is no key", 0},
      {"rule: x\nevents: {e: {}}\ncases: [{name: n, event: e, with: [], expect: match}]", "3:35 `with` is a map", 0},
      {"rule: x\nevents: {e: {}}\ncases: [{name: n, event: e, with: {a: null}, expect: match}]",
       "3:36 `a` cannot be changed: there is no `a`", 0},
      {"rule: x\n---\nrule: y\n", "3:1 a rule test file is one document, and this holds 2", 0},
      {"rule: x\nrule: y\nevents: {e: {}}\ncases: [{name: n, event: e, expect: match}]", "2:1", 1},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto file = read_test_file(c.text, "x.test.yml");
    const auto problems = problems_of(file);
    EXPECT_FALSE(problems.empty());
    EXPECT_TRUE(problems.starts_with(c.problem)) << problems;
    EXPECT_EQ(file.cases.size(), c.cases) << problems;
  }
}

TEST(TestReader, SuggestsWhatMayHaveBeenMeant) {
  const auto file = read_test_file(
      "rule: x\nevents: {login: {}}\ncases: [{name: n, evnt: logn, event: logn, expect: match}]", "x.test.yml");
  ASSERT_EQ(file.problems.all().size(), 2u);
  EXPECT_NE(file.problems.all()[0].hint.find("`event`"), std::string::npos);
  EXPECT_NE(file.problems.all()[1].hint.find("`login`"), std::string::npos);
  const auto bare = read_test_file("rule: x\nevents: {e: login.json, f: [g]}\ncases: []", "x.test.yml");
  ASSERT_GE(bare.problems.all().size(), 2u);
  EXPECT_EQ(bare.problems.all()[0].hint, "for a file write `e: {file: login.json}`");
  EXPECT_EQ(bare.problems.all()[1].hint, "for a file write `f: {file: PATH}`");
}

}  // namespace
}  // namespace tripline::rules
