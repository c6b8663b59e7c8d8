#include "rules/rule_test.h"

#include <filesystem>
#include <regex>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/places.h"

namespace tripline::rules {
namespace {

using Outcome = TestResult::Outcome;

constexpr std::string_view kRule =
    "title: User created\nid: 0b7a1c5e-6f0b-4a55-9a8d-3f2f6f3f7a10\nname: user_created\nlevel: low\n"
    "logsource: {product: aws, service: cloudtrail}\n"
    "detection:\n  selection:\n    eventName: CreateUser\n  filter:\n    userIdentity.userName: terraform\n"
    "  condition: selection and not filter\n";

std::string test_of(std::string_view rule) {
  return "rule: " + std::string(rule) +
         "\nevents:\n  alice: {eventName: CreateUser, userIdentity: {userName: alice}}\ncases:\n"
         "  - {name: somebody, event: alice, expect: match}\n"
         "  - {name: the pipeline, event: alice, with: {userIdentity.userName: terraform}, expect: no match}\n";
}

/// Each result as `outcome name: message`.
std::string summary_of(const TestReport& report) {
  std::string out;
  constexpr std::string_view kNames[] = {"passed", "failed", "skipped", "broken"};
  for (const auto& result : report.results) {
    out += std::string(kNames[static_cast<int>(result.outcome)]) + " " + result.name;
    out += (result.message.empty() ? "" : ": " + result.message) + "\n";
  }
  return out;
}

TestReport run(const std::vector<std::string>& paths) {
  auto report = run_rule_tests(paths, {});
  EXPECT_TRUE(report) << report.error().message;
  return report ? std::move(*report) : TestReport{};
}

TEST(RuleTest, FindsTheRuleByPathIdAndName) {
  for (const auto* rule : {"created.yml", "0b7a1c5e-6f0b-4a55-9a8d-3f2f6f3f7a10", "user_created"}) {
    SCOPED_TRACE(rule);
    const tests::TemporaryFolder folder;
    const auto rule_file = folder.write("rules/created.yml", std::string(kRule));
    const auto test_file = folder.write("rules/created.test.yml", test_of(rule));
    const auto both = "passed somebody\npassed the pipeline\n";
    EXPECT_EQ(summary_of(run({folder.path().string()})), both);
    EXPECT_EQ(summary_of(run({rule_file})), both);             // the test beside the rule
    EXPECT_EQ(summary_of(run({rule_file, test_file})), both);  // each once
    EXPECT_EQ(summary_of(run({test_file, rule_file})), both);
    EXPECT_TRUE(run({folder.path().string()}).passed());
  }
}

TEST(RuleTest, LoadsTheRuleThatATestNamesByPath) {
  const tests::TemporaryFolder folder;
  folder.write("rules/created.yml", std::string(kRule));
  const auto test_file = folder.write("tests/created.test.yml", test_of("../rules/created.yml"));
  EXPECT_EQ(summary_of(run({test_file})), "passed somebody\npassed the pipeline\n");
}

TEST(RuleTest, ShowsWhyACaseFailed) {
  const tests::TemporaryFolder folder;
  folder.write("r.yml", std::string(kRule));
  folder.write("r.test.yml",
               "rule: r.yml\nevents: {e: {eventName: DeleteUser}}\ncases:\n- {name: wrong, event: e, expect: match}\n"
               "- {name: also wrong, event: e, with: {eventName: CreateUser}, expect: no match}\n");
  const auto report = run({folder.path().string()});
  EXPECT_EQ(summary_of(report),
            "failed wrong: expected a match, but the rule does not match\n"
            "failed also wrong: expected no match, but the rule matches\n");
  EXPECT_FALSE(report.passed());
  EXPECT_EQ(report.count(Outcome::kFailed), 2u);
  std::string details;
  for (const auto& line : report.results[0].details) details += line + "\n";
  EXPECT_NE(details.find("✗ selection (line 8): eventName is 'CreateUser'"), std::string::npos) << details;
  EXPECT_NE(details.find("eventName = 'DeleteUser'"), std::string::npos) << details;
  EXPECT_EQ(report.results[0].at.line, 4);
  EXPECT_EQ(report.results[0].rule, "User created");
}

TEST(RuleTest, SaysWhenTheEventIsOfACategoryThatTheRuleDoesNotWant) {
  const tests::TemporaryFolder folder;
  folder.write("r.yml",
               "title: T\nlevel: low\nlogsource: {product: aws, service: cloudtrail, category: data}\n"
               "detection:\n  a:\n    eventName: GetObject\n  condition: a\n");
  folder.write("r.test.yml",
               "rule: r.yml\nevents: {e: {eventName: GetObject, eventCategory: Management}}\ncases:\n"
               "- {name: other, event: e, expect: match}\n"
               "- {name: right, event: e, with: {eventCategory: Data}, expect: match}\n");
  const auto summary = summary_of(run({folder.path().string()}));
  EXPECT_NE(summary.find("category"), std::string::npos) << summary;
  EXPECT_NE(summary.find("passed right"), std::string::npos) << summary;
}

TEST(RuleTest, CountsWhatCannotBeRunAsBroken) {
  const struct {
    std::string_view rule_text, rule_name, message;
  } cases[] = {
      {kRule, "none.yml", "there is no rule `none.yml`"},
      {kRule, "deleted_user", "there is no rule `deleted_user`"},
      {"title: T\nid: x\n", "r.yml", "there is no rule `r.yml`"},
      {"title: T\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  a:\n    x|contain: y\n"
       "  condition: a\n",
       "r.yml", "the rule is not loaded: "},
      {"title: T\nlevel: low\nlogsource: {product: windows}\ndetection:\n  a:\n    x: y\n  condition: a\n", "r.yml",
       "the rule is not loaded: its log source"},
      {"title: T\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  a:\n    eventName: y\n"
       "  condition: a\n---\ntitle: U\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  a:\n"
       "    eventName: y\n  condition: a\n",
       "r.yml", "`r.yml` names 2 rules"},
      {"title: T\nlevel: low\ncorrelation: {type: event_count, rules: [user_created], group-by: [actor.name], "
       "timespan: 5m, condition: {gte: 2}}\n",
       "r.yml", "a correlation is tested with `arrive`"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.message);
    const tests::TemporaryFolder folder;
    folder.write("r.yml", std::string(c.rule_text));
    if (c.rule_text != kRule) folder.write("other.yml", std::string(kRule));
    folder.write("r.test.yml", test_of(c.rule_name));
    const auto report = run({folder.path().string()});
    EXPECT_EQ(report.count(Outcome::kBroken), 2u) << summary_of(report);
    EXPECT_FALSE(report.passed());
    EXPECT_NE(summary_of(report).find(c.message), std::string::npos) << summary_of(report);
  }
}

TEST(RuleTest, RunsTestsOfRulesThatOpenNoSignalsAndOfDeprecatedOnes) {
  const tests::TemporaryFolder folder;
  std::string rule(kRule);
  rule.replace(rule.find("level: low"), 10, "level: informational\nstatus: deprecated");
  folder.write("r.yml", rule);
  folder.write("r.test.yml", test_of("r.yml"));
  EXPECT_EQ(summary_of(run({folder.path().string()})), "passed somebody\npassed the pipeline\n");
}

TEST(RuleTest, AppliesFiltersAsScanDoes) {
  const tests::TemporaryFolder folder;
  folder.write("r.yml", std::string(kRule));
  folder.write("f.yml",
               "title: Not alice\nlogsource: {product: aws, service: cloudtrail}\nfilter:\n  rules: [user_created]\n"
               "  alice:\n    userIdentity.userName: alice\n  condition: not alice\n");
  folder.write("r.test.yml", test_of("r.yml"));
  EXPECT_EQ(summary_of(run({folder.path().string()})),
            "failed somebody: expected a match, but the rule does not match\npassed the pipeline\n");
}

constexpr std::string_view kBurst =
    "title: Users created\nname: burst\nlevel: high\ncorrelation:\n  type: event_count\n  rules: [user_created]\n"
    "  group-by: [userIdentity.userName]\n  timespan: 10m\n  condition: {gte: 3}\n";

/// The results of one sequence on the burst of three users in ten minutes.
TestReport run_burst(std::string_view arrive, std::string_view expect) {
  const tests::TemporaryFolder folder;
  folder.write("r.yml", std::string(kRule) + "---\n" + std::string(kBurst));
  folder.write("r.test.yml",
               "rule: burst\nevents:\n  alice: {eventName: CreateUser, userIdentity: {userName: alice}}\ncases:\n"
               "  - name: case\n    arrive: [" +
                   std::string(arrive) + "]\n    expect: [" + std::string(expect) + "]\n");
  return run({folder.path().string()});
}

TEST(RuleTest, RunsSequencesOnAClockOfTheirOwn) {
  const struct {
    std::string_view name, arrive, expect;
  } cases[] = {
      {"a burst", "{event: alice, at: 1m, repeat: 3, every: 1m}",
       "{group: [alice], first: 3m, last: 3m, triggers: 1, state: open, level: high}"},
      {"too slow", "{event: alice, at: 0, repeat: 3, every: 6m}", ""},
      {"the first event comes last", "{event: alice, at: 5m, repeat: 2}, {event: alice, at: 1m}",
       "{first: 5m, triggers: 2}"},
      {"one comes late, but is waited for",
       "{event: alice, at: 40m, repeat: 2}, {advance: 10m}, {event: alice, at: 39m, repeat: 1}",
       "{first: 40m, triggers: 2}"},
      {"one comes later than that", "{event: alice, at: 5m, repeat: 2}, {advance: 31m}, {event: alice, at: 5m}", ""},
      {"a restart in the middle", "{event: alice, at: 1m, repeat: 2}, restart, {event: alice, at: 2m}",
       "{triggers: 1}"},
      {"it closes", "{event: alice, at: 1m, repeat: 3}, {advance: 90m}", "{state: closed, triggers: 3}"},
      {"two groups",
       "{event: alice, at: 1m, repeat: 3}, {event: alice, at: 1m, repeat: 3, with: {userIdentity.userName: bob}}",
       "{triggers: 3}, {group: bob}"},
      {"one event delivered again is one", "{event: alice, at: 1m, repeat: 3, with: {eventID: same}}", ""},
      {"its base rule opens none", "{event: alice, at: 1m}", ""},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(summary_of(run_burst(row.arrive, row.expect)), "passed case\n");
  }
}

TEST(RuleTest, ShowsTheSignalsThatDifferFromASequences) {
  const auto report = run_burst("{event: alice, at: 1m, repeat: 3}", "{triggers: 2, state: closed}");
  EXPECT_EQ(summary_of(report), "failed case: the signals differ: 1 is expected, 1 is there\n");
  ASSERT_EQ(report.results.size(), 1u);
  const std::vector<std::string> details = {
      "~ otherwise: Users created: group [alice], first +1m, last +1m, triggers 3, state open, level high",
      "    triggers: expected 2, is 3",
      "    state: expected closed, is open",
  };
  EXPECT_EQ(report.results[0].details, details);
}

TEST(RuleTest, SaysWhyARuleThatOpensNoSignalsLeavesNone) {
  const auto report = run_burst("{event: alice, at: 1m}", "{rule: user_created}");
  ASSERT_EQ(report.results.size(), 1u);
  const std::vector<std::string> details = {
      "- missing: user_created",
      "User created opens no signals by itself: a correlation refers to it, without `generate: true`",
  };
  EXPECT_EQ(report.results[0].details, details);
}

TEST(RuleTest, CountsAnExpectationOfARuleThatIsNotThereAsBroken) {
  EXPECT_EQ(summary_of(run_burst("{event: alice, at: 1m, repeat: 3}", "{rule: brust, triggers: 1}")),
            "broken case: `expect` names `brust`, which is no loaded rule\n");
}

TEST(RuleTest, WritesADifferenceOfSignalsIntoTheJUnitReport) {
  const auto xml = junit_xml(run_burst("{event: alice, at: 90s, repeat: 3}", "{first: 1m}"));
  EXPECT_NE(xml.find("<failure message=\"the signals differ: 1 is expected, 1 is there\">\n~ otherwise: Users created: "
                     "group [alice], first +1m30s"),
            std::string::npos)
      << xml;
  EXPECT_NE(xml.find("    first: expected +1m, is +1m30s</failure>"), std::string::npos) << xml;
}

TEST(RuleTest, ReportsProblemsOfTestFilesAndRunsTheRest) {
  const tests::TemporaryFolder folder;
  folder.write("r.yml", std::string(kRule));
  folder.write("r.test.yml", test_of("r.yml") + "  - {name: bad, event: bob, expect: match}\n");
  const auto report = run({folder.path().string()});
  EXPECT_EQ(report.count(Outcome::kPassed), 2u);
  EXPECT_EQ(report.problems.errors(), 1u);
  EXPECT_EQ(report.problems.all()[0].code->code, "bad-test");
  EXPECT_FALSE(report.passed());
}

TEST(RuleTest, NamesATestFileThatCannotBeReadAndRunsTheOthers) {
  const tests::TemporaryFolder folder;
  const auto rule = folder.write("created.yml", std::string(kRule));
  folder.write("created.test.yml", test_of("created.yml"));
  std::filesystem::create_symlink("gone", folder.path() / "other.test.yml");
  const auto report = run({folder.path().string()});
  EXPECT_EQ(summary_of(report), "passed somebody\npassed the pipeline\n");
  EXPECT_FALSE(report.passed());
  EXPECT_EQ(report.files, 2U);
  ASSERT_EQ(report.problems.all().size(), 1U);
  const auto& problem = report.problems.all()[0];
  EXPECT_EQ(problem.code->code, "unreadable-file");
  EXPECT_EQ(problem.at.path, (folder.path() / "other.test.yml").string());
  EXPECT_EQ(problem.message, "the file cannot be opened: No such file or directory");

  std::filesystem::remove(folder.path() / "created.test.yml");
  std::filesystem::create_symlink("gone", folder.path() / "created.test.yml");
  EXPECT_EQ(run({rule}).problems.all().size(), 1U) << "the test beside a rule that is named";
}

TEST(RuleTest, RefusesPathsThatDoNotExistAndFindsNothingInEmptyFolders) {
  EXPECT_FALSE(run_rule_tests({"/does/not/exist"}, {}));
  const tests::TemporaryFolder folder;
  const auto report = run({folder.path().string()});
  EXPECT_EQ(report.files, 0u);
  EXPECT_TRUE(report.results.empty());
}

TEST(RuleTest, MendsNumbersAsThePipelineDoes) {
  const tests::TemporaryFolder folder;
  folder.write("r.yml", std::string(kRule));
  folder.write("r.test.yml",
               "rule: r.yml\nevents: {e: {eventName: CreateUser, n: 123456789012345678901234567890}}\ncases:\n"
               "- {name: big, event: e, expect: match}\n");
  EXPECT_EQ(summary_of(run({folder.path().string()})), "passed big\n");
}

TEST(RuleTest, PassesOnTheShippedRules) {
  const auto report = run({(tests::repository() / "rules" / "library").string()});
  EXPECT_GT(report.files, 0u);
  for (const auto& result : report.results) {
    EXPECT_EQ(result.outcome, Outcome::kPassed) << result.at.path << ":" << result.at.line << " " << result.message;
    for (const auto& line : result.details) ADD_FAILURE() << line;
  }
  for (const auto& problem : report.problems.all()) ADD_FAILURE() << problem.at.path << " " << problem.message;
  EXPECT_EQ(report.loaded.diagnostics.errors(), 0u);
}

TEST(JUnit, EscapesWhatXmlCannotHold) {
  TestReport report;
  report.results.push_back({{"a<b>.test.yml", 3, 1},
                            "R & \"D\"",
                            "c\x1b[31m\nd\xEF\xBF\xBF\xFF",
                            Outcome::kFailed,
                            "it's <wrong>",
                            {"✗ a = '&'", "\x01"}});
  report.results.push_back({{"a<b>.test.yml", 4, 1}, "R", "ok", Outcome::kPassed, "", {}});
  report.results.push_back({{"b.test.yml", 1, 1}, "R", "later", Outcome::kSkipped, "not yet", {}});
  report.problems.add("bad-test", {"c.test.yml", 7, 2}, "no <rule>", "add it");
  const auto xml = junit_xml(report);
  EXPECT_EQ(xml,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites name=\"tripline\" tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\">\n"
            "  <testsuite name=\"a&lt;b&gt;.test.yml\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">\n"
            "    <testcase classname=\"R &amp; &quot;D&quot;\" name=\"c\\x1b[31m&#10;d\xEF\xBF\xBD\\xff\" "
            "file=\"a&lt;b&gt;.test.yml\" line=\"3\">\n"
            "      <failure message=\"it's &lt;wrong&gt;\">\n✗ a = '&amp;'\n\\x01</failure>\n"
            "    </testcase>\n"
            "    <testcase classname=\"R\" name=\"ok\" file=\"a&lt;b&gt;.test.yml\" line=\"4\">\n"
            "    </testcase>\n"
            "  </testsuite>\n"
            "  <testsuite name=\"b.test.yml\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\">\n"
            "    <testcase classname=\"R\" name=\"later\" file=\"b.test.yml\" line=\"1\">\n"
            "      <skipped message=\"not yet\"></skipped>\n"
            "    </testcase>\n"
            "  </testsuite>\n"
            "  <testsuite name=\"c.test.yml\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n"
            "    <testcase classname=\"(test file)\" name=\"line 7:2\" file=\"c.test.yml\" line=\"7\">\n"
            "      <error message=\"no &lt;rule&gt;; add it\"></error>\n"
            "    </testcase>\n"
            "  </testsuite>\n"
            "</testsuites>\n");
}

}  // namespace
}  // namespace tripline::rules
