#include <filesystem>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "tests/e2e/logs.h"
#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline {
namespace {

using tests::lines_of;
using tests::Record;
using tests::run_program;
using tests::TemporaryFolder;

std::string with(std::string rule, const std::string& what, const std::string& instead) {
  return rule.replace(rule.find(what), what.size(), instead);
}

/// The rule with an id and a name of its own, and `what` in it replaced.
std::string another(const std::string& digit, const std::string& what, const std::string& instead) {
  const std::string renamed = with(tests::kDetectorRule, "name: detector_deleted", "name: another_" + digit);
  return with(with(renamed, "5b1f3f53", "5b1f3f5" + digit), what, instead);
}

/// Commands about rules: check, test, rules; and what scan says of rules that do not compile.
class Rules : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  TemporaryFolder folder_;
  std::string good_ = folder_.write("good.yml", tests::kDetectorRule);
  std::string broken_ = folder_.write("broken.yml", another("4", "eventName: Del", "eventName|contians: Del"));
  std::string unfed_ = folder_.write(
      "unfed/rule.yml", another("5", "  product: aws\n  service: cloudtrail\n", "  product: no_such_product\n"));
};

TEST_F(Rules, CheckIsSilentAboutGoodRules) {
  const auto run = run_program({"check", good_});
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.out, "");
  EXPECT_TRUE(run.err.starts_with("1 rule in 1 file: 0 errors, 0 warnings")) << run.err;
}

TEST_F(Rules, CheckPointsAtMistakesAndExitsWithTwo) {
  const auto run = run_program({"check", broken_, good_});
  EXPECT_EQ(run.code, 2);
  const auto lines = lines_of(run.out);
  ASSERT_GE(lines.size(), 4U) << run.out;
  EXPECT_TRUE(lines[0].starts_with(broken_ + ":12:")) << lines[0];
  EXPECT_NE(lines[0].find("error[unknown-modifier]: "), std::string::npos) << lines[0];
  EXPECT_EQ(lines[1], " 12 |     eventName|contians: DeleteDetector");
  EXPECT_EQ(lines[2].find_first_not_of(" |"), lines[2].size() - 1) << "a caret alone: " << lines[2];
  EXPECT_NE(run.out.find("contains"), std::string::npos) << run.out;
  EXPECT_TRUE(run.err.starts_with("2 rules in 2 files: 1 error, 0 warnings; 1 left out")) << run.err;
}

TEST_F(Rules, CheckCountsWarningsAsErrorsOnlyWhenTold) {
  EXPECT_EQ(run_program({"check", unfed_}).code, 0);
  EXPECT_NE(run_program({"check", unfed_}).out.find("warning[unfed-log-source]"), std::string::npos);
  EXPECT_EQ(run_program({"check", "--werror", unfed_}).code, 2);
  const auto ignored = run_program({"check", "--werror", "--ignore", "unfed-log-source", unfed_});
  EXPECT_EQ(ignored.code, 0) << ignored.out;
  EXPECT_EQ(ignored.out, "");
}

TEST_F(Rules, CheckNeverIgnoresErrors) {
  EXPECT_EQ(run_program({"check", "--ignore", "unknown-modifier", broken_}).code, 2);
  const auto unknown = run_program({"check", "--ignore", "no-such-code", good_});
  EXPECT_EQ(unknown.code, 3);
  EXPECT_NE(unknown.err.find("no-such-code"), std::string::npos);
}

TEST_F(Rules, CheckWritesJsonAndSarif) {
  simdjson::dom::parser parser;
  const std::string json = run_program({"check", "--format", "json", broken_}).out;
  simdjson::dom::element list;
  ASSERT_EQ(parser.parse(json).get(list), simdjson::SUCCESS) << json;
  EXPECT_EQ(std::string_view(list.at(0)["code"]), "unknown-modifier");
  EXPECT_EQ(std::int64_t(list.at(0)["line"]), 12);
  EXPECT_EQ(std::string_view(list.at(0)["path"]), broken_);
  const std::string sarif = run_program({"check", "--format", "sarif", broken_}).out;
  simdjson::dom::element document;
  ASSERT_EQ(parser.parse(sarif).get(document), simdjson::SUCCESS) << sarif;
  EXPECT_EQ(std::string_view(document["runs"].at(0)["results"].at(0)["ruleId"]), "unknown-modifier");
}

TEST_F(Rules, CheckSaysThatThereIsNothing) {
  const std::string empty = folder_.write("empty/readme.txt", "nothing");
  const auto run = run_program({"check", path("empty")});
  EXPECT_EQ(run.code, 0);
  EXPECT_NE(run.err.find("no rule was found"), std::string::npos) << run.err;
  const auto broken = run_program({"check", folder_.write("syntax.yml", "a: [\n")});
  EXPECT_EQ(broken.code, 2);
  EXPECT_EQ(broken.err.find("no rule was found"), std::string::npos) << "one was, which is no YAML: " << broken.err;
}

TEST_F(Rules, CheckCountsDocumentsThatAreNoRules) {
  const std::string other = folder_.write("other.yml", "a: 1\n");
  const auto one = run_program({"check", good_, other});
  EXPECT_NE(one.err.find("; 1 document that is no rule ("), std::string::npos) << one.err;
  const auto two = run_program({"check", good_, other, folder_.write("more.yml", "b: 1\n")});
  EXPECT_NE(two.err.find("; 2 documents that are no rules ("), std::string::npos) << two.err;
}

TEST_F(Rules, AreListedWithTheirStateAndWhy) {
  const auto run = run_program({"rules", "--format", "csv", "-r", folder_.path().string()});
  EXPECT_EQ(run.code, 0) << run.err;
  const auto lines = lines_of(run.out);
  ASSERT_EQ(lines.size(), 4U) << run.out;
  EXPECT_EQ(lines[0],
            "state,rule.level,rule.title,rule.id,rule.name,rule.status,rule.tags,kind,correlation.type,"
            "correlation.timespan,logsource,path,line,why,dry_run,filters,expires,learns_until,overridden");
  EXPECT_TRUE(lines[1].starts_with("failed,high,Detector deleted,")) << lines[1];
  EXPECT_TRUE(lines[2].starts_with("loaded,high,Detector deleted,")) << lines[2];
  EXPECT_NE(lines[3].find("no_such_product"), std::string::npos) << lines[3];
}

TEST_F(Rules, ThatAreCorrelationsAreListedWithTheirTypeAndTimespan) {
  const TemporaryFolder folder;
  const std::string rule = folder.write(
      "both.yml", std::string(tests::kDetectorRule) +
                      "---\ntitle: Burst\nlevel: high\ncorrelation: {type: event_count, rules: [detector_deleted], "
                      "timespan: 60m, condition: {gte: 2}}\n");
  const auto csv = run_program({"rules", "-r", rule, "--format", "csv"}).out;
  EXPECT_NE(csv.find(",correlation,event_count,1h,"), std::string::npos) << csv;
  EXPECT_NE(csv.find(",detection,,,"), std::string::npos) << csv;
  const auto table = run_program({"rules", "-r", rule, "--format", "table"}).out;
  EXPECT_NE(table.find(" event_count 1h "), std::string::npos) << table;
}

TEST_F(Rules, AreListedWithTheirFileAndTheirLineInIt) {
  const std::string two = folder_.write("two.yml", "# first\n" + std::string(tests::kDetectorRule) +
                                                       "---\ntitle: Second\nlevel: low\n"
                                                       "logsource: {product: aws}\n"
                                                       "detection: {s: {eventName: X}, condition: s}\n");
  simdjson::dom::parser parser;
  const std::string json = run_program({"rules", "--format", "json", "-r", two}).out;
  simdjson::dom::element list;
  ASSERT_EQ(parser.parse(json).get(list), simdjson::SUCCESS) << json;
  const std::string table = run_program({"rules", "--format", "table", "-r", two}).out;
  for (const auto& [at, line] : {std::pair<std::size_t, std::uint64_t>{0, 2}, {1, 18}}) {
    EXPECT_EQ(std::string_view(list.at(at)["path"]), two);
    EXPECT_EQ(std::uint64_t(list.at(at)["line"]), line);
    EXPECT_NE(table.find(two + ":" + std::to_string(line)), std::string::npos) << table;
  }
  EXPECT_EQ(table.find("LINE"), std::string::npos) << table;
}

TEST_F(Rules, OfThePackAreUsedWhenNoneAreNamed) {
  const auto run = run_program({"rules", "--format", "ndjson"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("GuardDuty Detector Deleted"), std::string::npos);
  EXPECT_EQ(run.out.find("\"state\":\"failed\""), std::string::npos) << run.out;
}

TEST_F(Rules, ThatDoNotCompileAreNamedByScanWhichRunsTheOthers) {
  const std::string log = folder_.write("log.json", Record{}.json() + "\n");
  const auto run = run_program({"scan", "-r", good_, "-r", broken_, log});
  EXPECT_EQ(run.code, 2);
  EXPECT_EQ(lines_of(run.out).size(), 1U);
  EXPECT_NE(run.err.find(broken_ + ":12:"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("1 error in the rules; the rules that compile were run"), std::string::npos) << run.err;
  const auto none = run_program({"scan", "-r", broken_, log});
  EXPECT_EQ(none.code, 2);
  EXPECT_EQ(none.out, "");
  EXPECT_NE(none.err.find("no rule compiled"), std::string::npos) << none.err;
}

constexpr char kTests[] =
    "rule: good.yml\n"
    "events:\n"
    "  deleted:\n"
    "    eventVersion: '1.08'\n"
    "    eventSource: guardduty.amazonaws.com\n"
    "    eventName: DeleteDetector\n"
    "cases:\n"
    "  - name: a detector is deleted\n"
    "    event: deleted\n"
    "    expect: match\n"
    "  - name: a detector is read\n"
    "    event: deleted\n"
    "    with:\n"
    "      eventName: GetDetector\n"
    "    expect: ";

TEST_F(Rules, AreTested) {
  const std::string passing =
      folder_.write("tests/good.test.yml", with(kTests, "good.yml", "../good.yml") + "no match\n");
  const auto run = run_program({"test", passing});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, "2 passed, 0 failed (1 test file)\n");
  const auto verbose = run_program({"test", "--verbose", passing});
  EXPECT_NE(verbose.out.find("passed  " + passing + ":8: Detector deleted: a detector is deleted\n"), std::string::npos)
      << verbose.out;
}

TEST_F(Rules, ThatFailTheirTestsExitWithOneAndShowTheCondition) {
  const std::string failing = folder_.write("tests/good.test.yml", with(kTests, "good.yml", "../good.yml") + "match\n");
  const std::string report = path("report.xml");
  const auto run = run_program({"test", "--junit", report, failing});
  EXPECT_EQ(run.code, 1);
  EXPECT_TRUE(run.out.starts_with("failed  " + failing + ":11: Detector deleted: a detector is read: ")) << run.out;
  EXPECT_NE(run.out.find("eventName = 'GetDetector'"), std::string::npos) << run.out;
  EXPECT_EQ(run.err, "1 passed, 1 failed (1 test file)\n");
  const std::string xml = tests::read_file(report);
  EXPECT_NE(xml.find("<failure"), std::string::npos) << xml;
}

TEST_F(Rules, TestsThatCannotBeRunExitWithOneTwoOrThree) {
  folder_.write("bad/good.test.yml", "rule: ../good.yml\nevents: 7\n");
  const auto problem = run_program({"test", path("bad")});
  EXPECT_EQ(problem.code, 1) << problem.err;
  EXPECT_NE(problem.err.find("good.test.yml:2:"), std::string::npos) << problem.err;
  EXPECT_TRUE(problem.err.ends_with("\n0 passed, 0 failed, 1 broken (1 test file)\n")) << problem.err;
  const auto broken = run_program({"test", broken_});
  EXPECT_EQ(broken.code, 2) << broken.err;
  EXPECT_NE(broken.err.find("0 passed, 0 failed"), std::string::npos) << broken.err;
  EXPECT_NE(broken.err.find("no test was found"), std::string::npos) << broken.err;
  EXPECT_EQ(run_program({"test", path("nowhere")}).code, 3);
  std::filesystem::create_symlink("gone", path("unread.test.yml"));
  const auto unread = run_program({"test", path("unread.test.yml")});
  EXPECT_EQ(unread.code, 3) << unread.err;
  EXPECT_EQ(unread.err, path("unread.test.yml") +
                            ": error[unreadable-file]: the file cannot be opened: No such file or directory\n"
                            "0 passed, 0 failed, 1 broken (1 test file)\n");
  const std::string passing =
      folder_.write("tests/good.test.yml", with(kTests, "good.yml", "../good.yml") + "no match\n");
  EXPECT_EQ(run_program({"test", "--junit", path("no/such/folder/report.xml"), passing}).code, 3);
}

TEST_F(Rules, TestsThatNameNoRuleAreCountedAndSayNothingMore) {
  const std::string unnamed = folder_.write(
      "unnamed.test.yml",
      "events: {e: {}}\ncases: [{name: a, event: e, expect: match}, {name: b, event: e, expect: match}]\n");
  const auto run = run_program({"test", unnamed});
  EXPECT_EQ(run.code, 1) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("`rule` is missing"), std::string::npos) << run.err;
  EXPECT_TRUE(run.err.ends_with("\n0 passed, 0 failed, 2 broken (1 test file)\n")) << run.err;
}

TEST_F(Rules, AndCodesThatThereAreNotAreTakenForSlips) {
  const auto code = run_program({"check", "--ignore", "brod", good_});
  EXPECT_EQ(code.code, 3);
  EXPECT_NE(code.err.find("there is no code brod; did you mean broad?"), std::string::npos) << code.err;
  const auto rule = run_program({"scan", "-r", good_, "--rule", "Detektor*", good_});
  EXPECT_EQ(rule.code, 3);
  EXPECT_NE(rule.err.find("no rule is named Detektor*; did you mean '*Detector*'?"), std::string::npos) << rule.err;
}

TEST_F(Rules, ThatReadWhatAnAccountsFileTellsSayThatItIsMissing) {
  folder_.write("env/env.yml",
                "title: Env\nid: 3b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f04\nlogsource: {product: aws, service: cloudtrail}\n"
                "level: low\ndetection: {s: {eventName: x, account.env: prod}, condition: s}\n");
  folder_.write("env/env.test.yml",
                "rule: env.yml\nevents: {e: {eventName: x}}\ncases: [{name: a, event: e, expect: no match}]\n");
  const std::string accounts = folder_.write("accounts.yml", "accounts:\n  '111122223333': {name: payments}\n");
  constexpr char kWarning[] =
      "tripline: warning: of accounts nothing is known without --accounts FILE, which is wanted for account.env\n";
  const auto without = run_program({"test", path("env")});
  EXPECT_EQ(without.code, 0) << without.err;
  EXPECT_TRUE(without.err.starts_with(kWarning)) << without.err;
  const auto with_file = run_program({"test", "--accounts", accounts, path("env")});
  EXPECT_EQ(with_file.code, 0) << with_file.err;
  EXPECT_EQ(with_file.err, "1 passed, 0 failed (1 test file)\n");
}

}  // namespace
}  // namespace tripline
