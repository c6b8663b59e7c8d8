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

/// A file with one sequence: its steps, and what it expects.
std::string sequence(std::string_view arrive, std::string_view expect) {
  return "rule: x\nevents: {e: {a: 1}, fixed: {eventID: same}}\ncases:\n- name: n\n  arrive: " + std::string(arrive) +
         "\n  expect: " + std::string(expect) + "\n";
}

TEST(TestReader, ReadsEachKindOfStep) {
  const auto file =
      read_test_file(sequence("[{event: e, at: 30s, repeat: 2, every: 2m, with: {a: 2}}, restart, {advance: 20m}, "
                              "{event: fixed, at: 1h}, {event: e, at: 0}]",
                              "[]"),
                     "x.test.yml");
  ASSERT_EQ(problems_of(file), "");
  ASSERT_EQ(file.cases.size(), 1u);
  using Kind = TestStep::Kind;
  const struct {
    Kind kind;
    std::int64_t seconds;
    std::string_view record;
  } expected[] = {
      {Kind::kEvent, 30, R"({"a":2,"eventTime":"2026-01-01T00:00:30Z","eventID":"event 1"})"},
      {Kind::kEvent, 150, R"({"a":2,"eventTime":"2026-01-01T00:02:30Z","eventID":"event 2"})"},
      {Kind::kRestart, 0, ""},
      {Kind::kAdvance, 1'200, ""},
      {Kind::kEvent, 3'600, R"({"eventID":"same","eventTime":"2026-01-01T01:00:00Z"})"},
      {Kind::kEvent, 0, R"({"a":1,"eventTime":"2026-01-01T00:00:00Z","eventID":"event 3"})"},
  };
  const auto& steps = file.cases[0].steps;
  ASSERT_EQ(steps.size(), std::size(expected));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(steps[i].kind, expected[i].kind);
    EXPECT_EQ(steps[i].seconds, expected[i].seconds);
    EXPECT_EQ(steps[i].record, expected[i].record);
  }
}

TEST(TestReader, ReadsWhatIsSaidOfAnExpectedSignal) {
  const auto file = read_test_file(
      sequence(
          "[restart]",
          "[{rule: r, group: [a, 012], first: 30s, last: 1h, triggers: 3, state: open, level: high}, {group: a}, {}]"),
      "x.test.yml");
  ASSERT_EQ(problems_of(file), "");
  ASSERT_EQ(file.cases[0].signals.size(), 3u);
  const ExpectedSignal& all = file.cases[0].signals[0];
  EXPECT_EQ(all.rule, "r");
  EXPECT_EQ(all.group, (std::vector<std::string>{"a", "012"}));
  EXPECT_EQ(all.first, 30);
  EXPECT_EQ(all.last, 3'600);
  EXPECT_EQ(all.triggers, 3);
  EXPECT_EQ(all.state, "open");
  EXPECT_EQ(all.level, "high");
  EXPECT_EQ(file.cases[0].signals[1].group, std::vector<std::string>{"a"});
  const ExpectedSignal& none = file.cases[0].signals[2];
  EXPECT_FALSE(none.rule || none.group || none.first || none.last || none.triggers || none.state || none.level);
}

TEST(TestReader, PointsAtWhatIsWrongInASequence) {
  const struct {
    std::string_view arrive;
    std::string_view expect;
    std::string_view problem;  // the first
    std::string_view hint;     // its beginning
  } cases[] = {
      {"{}", "[]", "5:11 `arrive` is a list of what happens, in order of arrival", "write `{event: NAME, at: 30s}`"},
      {"[]", "[]", "5:11 `arrive` is a list of what happens, in order of arrival", "write `{event: NAME, at: 30s}`"},
      {"[restrat]", "[]", "5:12 this is no step of `arrive`", "write `{event: NAME, at: 30s}`, `restart` or"},
      {"[{advnace: 5m}]", "[]", "5:13 `advnace` is no key of a rule test", "did you mean `advance`?"},
      {"[{advance: soon}]", "[]", "5:22 `advance` is a span of time", "write a number and a unit, such as 30s"},
      {"[{advance: 5m, at: 5m}]", "[]", "5:12 `advance` stands alone in its step", "write `{advance: 20m}`"},
      {"[{event: e}]", "[]", "5:12 `at` is missing", "say when the event happens, such as `at: 30s`"},
      {"[{at: 5m}]", "[]", "5:12 `event` is missing", "name one of `events`"},
      {"[{event: f, at: 5m}]", "[]", "5:20 there is no event `f`", ""},
      {"[{event: e, at: 5}]", "[]", "5:27 `at` is a span of time", "write a number and a unit, such as 30s"},
      {"[{event: e, at: -5m}]", "[]", "5:27 `at` is a span of time", "write a number and a unit, such as 30s"},
      {"[{event: e, at: 5m, repeat: 0}]", "[]", "5:39 an event happens once at least and 10000 times at most",
       "`repeat` is how often it happens in all"},
      {"[{event: e, at: 5m, repeat: 10001}]", "[]", "5:39 an event happens once at least and 10000 times at most", ""},
      {"[{event: e, at: 5m, repeat: many}]", "[]", "5:39 `repeat` is a whole number", ""},
      {"[{event: e, at: 5m, every: 1m}]", "[]", "5:38 `every` has no effect without `repeat`", "add `repeat: 5`"},
      {"[{event: e, at: 5m, with: x}]", "[]", "5:37 `with` is a map of dotted paths to values", ""},
      {"[restart]", "match", "6:11 `expect` is a list of signals", "write `[{triggers: 1}]`, or `[]` for none"},
      {"[restart]", "[open]", "6:12 an expected signal is a map", "write `{triggers: 1}`"},
      {"[restart]", "[{trigger: 1}]", "6:13 `trigger` is no key of a rule test", "did you mean `triggers`?"},
      {"[restart]", "[{triggers: one}]", "6:23 `triggers` is a whole number", ""},
      {"[restart]", "[{first: 12:00}]", "6:20 `first` is a span of time", "write a number and a unit"},
      {"[restart]", "[{state: shut}]", "6:20 `state` is `open` or `closed`", ""},
      {"[restart]", "[{level: High}]", "6:20 `level` is informational, low, medium, high or critical", ""},
      {"[restart]\n  event: e", "[]", "6:10 `event` has no effect beside `arrive`", "put it into a step of `arrive`"},
      {"[restart]\n  with: {a: 2}", "[]", "6:9 `with` has no effect beside `arrive`", "put it into a step"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string(c.arrive) + " / " + std::string(c.expect));
    const auto file = read_test_file(sequence(c.arrive, c.expect), "x.test.yml");
    EXPECT_EQ(file.cases.size(), 0u);
    EXPECT_EQ(file.unread, 1u);
    const auto problems = problems_of(file);
    ASSERT_FALSE(problems.empty());
    EXPECT_EQ(problems.substr(0, problems.find('\n')), c.problem);
    EXPECT_TRUE(file.problems.all()[0].hint.starts_with(c.hint)) << file.problems.all()[0].hint;
  }
  const auto missing = read_test_file("rule: x\ncases: [{name: n, arrive: [restart]}]", "x.test.yml");
  EXPECT_EQ(problems_of(missing), "2:9 `expect` is missing\n");
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
