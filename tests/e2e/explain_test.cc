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

TEST_F(Explain, ReadsStandardInputAndStopsAtItsLimit) {
  const std::string records = Record{.id = "1"}.json() + "\n" + Record{.id = "2"}.json() + "\n";
  const auto run = run_program({"explain", "--limit", "1", rule_, "-"}, records);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("event 1"), std::string::npos);
  EXPECT_EQ(run.out.find("event 2"), std::string::npos);
  EXPECT_EQ(run.err, "there are more events; --limit 1 ends here\n");
}

TEST_F(Explain, ExitsWithThreeWhenRuleOrEventIsNotThere) {
  const struct {
    std::vector<std::string> words;
    std::string says;
  } cases[] = {
      {{"explain", "-r", rule_, "no_such_rule", log_},
       "no_such_rule is no file, and no rule that is loaded has that id"},
      {{"explain", rule_, log_, "--event-id", "other"}, "holds no event with eventID other"},
      {{"explain", rule_, folder_.path().string() + "/none.json"}, "none.json"},
      {{"explain", rule_}, "EVENT is required"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.says);
    const auto run = run_program(c.words);
    EXPECT_EQ(run.code, 3);
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err.find(c.says), std::string::npos) << run.err;
  }
}

}  // namespace
}  // namespace tripline
