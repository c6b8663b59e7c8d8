#include <gtest/gtest.h>

#include "tests/e2e/logs.h"
#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline {
namespace {

using tests::lines_of;
using tests::Record;
using tests::run_program;
using tests::TemporaryFolder;

class Explain : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string rule_ = folder_.write("rule.yml", tests::kDetectorRule);
  std::string log_ = folder_.write(
      "log.json", Record{.id = "yes"}.json() + "\n" + Record{.id = "no", .name = "Get\\u001bDetector"}.json() + "\n");
};

TEST_F(Explain, ShowsEachPartOfTheConditionWithWhatItFound) {
  const auto run = run_program({"explain", rule_, log_});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(run.out.starts_with("event yes  2026-01-15T10:11:12Z  guardduty.amazonaws.com  DeleteDetector  (" + log_ +
                                  ", byte 0)\n✓ matches  Detector deleted (" + rule_ + ")\n"))
      << run.out;
  EXPECT_NE(run.out.find("✗ does not match  Detector deleted"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("✗ eventName is 'DeleteDetector'\n"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("eventName = 'Get\\x1bDetector'\n"), std::string::npos) << run.out;
}

TEST_F(Explain, TakesTheEventThatIsAskedFor) {
  const auto run = run_program({"explain", rule_, log_, "--event-id", "no"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.out.find("event yes"), std::string::npos);
  EXPECT_NE(run.out.find("event no"), std::string::npos);
}

TEST_F(Explain, AppliesTheFiltersOfOtherFilesToARuleFile) {
  folder_.write("ours/other.yml",
                "title: Other\nid: 1b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f02\nlogsource: {product: aws}\n"
                "detection: {s: {eventName: x}, condition: s}\n");
  const std::string filter =
      "title: Not alice\nid: 2b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f03\nlogsource: {product: aws}\n"
      "filter: {rules: any, s: {userIdentity.userName: alice}, condition: not s}\n";
  folder_.write("ours/filter.yml", filter);
  const std::string ours = (folder_.path() / "ours").string();
  const auto run = run_program({"explain", rule_, "-r", ours, log_, "--event-id", "yes"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("✗ does not match  Detector deleted"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("userIdentity.userName = 'alice'"), std::string::npos) << run.out;
  EXPECT_EQ(run.out.find("Other"), std::string::npos) << "only the file's rules are explained: " << run.out;

  folder_.write("ours/filter.yml", filter + "  s2: {a|contians: b}\n");
  const auto broken = run_program({"explain", rule_, "-r", ours, log_, "--event-id", "yes"});
  EXPECT_NE(broken.out.find("✓ matches  Detector deleted"), std::string::npos) << broken.out;
  EXPECT_EQ(broken.err, "1 error in the rules (see `tripline check`); a filter with an error is not applied\n");
}

TEST_F(Explain, SaysWhatIsWrongWithTheFileAloneThatItIsGiven) {
  const std::string broken = folder_.write("broken.yml", "title: B\nlogsource: {product: aws}\ndetection: 7\n");
  const auto good = run_program({"explain", rule_, "-r", broken, log_});
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_EQ(good.err, "1 error in the rules (see `tripline check`); a filter with an error is not applied\n");
  const auto bad = run_program({"explain", broken, "-r", rule_, log_});
  EXPECT_EQ(bad.code, 2);
  EXPECT_NE(bad.err.find(broken + ":3:"), std::string::npos) << bad.err;
  const std::string empty = folder_.write("empty.yml", "a: 1\n");
  const auto none = run_program({"explain", empty, "-r", rule_, log_});
  EXPECT_EQ(none.code, 3);
  EXPECT_NE(none.err.find(empty + " holds no rule"), std::string::npos) << none.err;
}

TEST_F(Explain, ReadsStandardInputAndStopsAtItsLimit) {
  const std::string records = Record{.id = "1"}.json() + "\n" + Record{.id = "2"}.json() + "\n";
  const auto run = run_program({"explain", "--limit", "1", rule_, "-"}, records);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("event 1"), std::string::npos);
  EXPECT_EQ(run.out.find("event 2"), std::string::npos);
  EXPECT_EQ(run.err, "there are more events; --limit 1 ends here\n");
}

TEST_F(Explain, ExitsWithThreeWhenRuleOrEventIsNotThere) {
  const std::string other = folder_.write(
      "other.yml", "title: O\nlevel: low\nlogsource: {product: x}\ndetection: {s: {a: b}, condition: s}\n");
  const struct {
    std::vector<std::string> words;
    std::string says;
  } cases[] = {
      {{"explain", "-r", rule_, "no_such_rule", log_},
       "no_such_rule is no file, and no rule that is loaded has that id"},
      {{"explain", rule_, log_, "--event-id", "other"}, "holds no event with eventID other"},
      {{"explain", rule_, folder_.path().string() + "/none.json"}, "none.json"},
      {{"explain", rule_}, "EVENT is required"},
      {{"explain", "--limit", "0", rule_, log_}, "--limit: a whole number from 1 is wanted, not 0"},
      {{"explain", "-r", rule_, "detector_delted", log_}, "did you mean detector_deleted?"},
      {{"explain", other, log_}, "its log source is product x (if the logs are of that kind, say so with --logsource "},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.says);
    const auto run = run_program(c.words);
    EXPECT_EQ(run.code, 3);
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err.find(c.says), std::string::npos) << run.err;
  }
}

TEST_F(Explain, NamesTheRulesThatACorrelationStandsOn) {
  const std::string burst =
      "title: Burst\nname: burst\nlevel: high\ncorrelation: {type: event_count, rules: [detector_deleted], "
      "group-by: [awsRegion], timespan: 15m, condition: {gte: 2}}\n";
  const std::string both = folder_.write(
      "both.yml", std::string(tests::kDetectorRule) + "---\n" + burst +
                      "---\ntitle: Two bursts\nlevel: high\ncorrelation: {type: event_count, rules: [burst], "
                      "timespan: 90m, condition: {gte: 2}}\n");
  const std::string stands_on =
      "number and order of several events decide, and one event does not show them; explain the rules that it stands "
      "on:\n  tripline explain detector_deleted EVENT    # Detector deleted\nor say in a test which events arrive when "
      "(docs/writing-rules.md), and run `tripline test`\n";
  const struct {
    std::string rule;
    std::string says;
  } cases[] = {
      {"burst", "Burst is a correlation (event_count within 15m by awsRegion): "},
      {"Two*", "Two bursts is a correlation (event_count within 90m): "},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.rule);
    const auto run = run_program({"explain", "-r", both, c.rule, log_});
    EXPECT_EQ(run.code, 3);
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(run.err, "tripline: explain: " + c.says + stands_on);
  }
  const auto with_base = run_program({"explain", both, log_, "--event-id", "yes"});
  EXPECT_EQ(with_base.code, 0);
  EXPECT_NE(with_base.out.find("✓ matches  Detector deleted"), std::string::npos) << with_base.out;
  EXPECT_NE(with_base.err.find(cases[0].says + stands_on), std::string::npos) << with_base.err;

  const auto alone = run_program({"explain", folder_.write("burst.yml", burst), log_});
  EXPECT_EQ(alone.code, 2);
  EXPECT_NE(alone.err.find("(a correlation needs the rules that it names: give their folder with -r)"),
            std::string::npos)
      << alone.err;
}

TEST_F(Explain, TellsWhoSwapsItsArgumentsThatTheRuleComesFirst) {
  for (const std::string& rule : {rule_, std::string("Detector*")}) {
    const auto run = run_program({"explain", log_, rule});
    EXPECT_EQ(run.code, 3);
    EXPECT_NE(run.err.find(log_ + " is a log by its name, and " + rule + " is none: the rule comes first\n"),
              std::string::npos)
        << run.err;
  }
  const auto slip = run_program({"explain", "-r", rule_, "Detektor*", log_});
  EXPECT_EQ(slip.code, 3);
  EXPECT_NE(slip.err.find("did you mean '*Detector*'?"), std::string::npos) << slip.err;
}

}  // namespace
}  // namespace tripline
