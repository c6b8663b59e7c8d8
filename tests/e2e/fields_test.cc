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

class Fields : public testing::Test {
 protected:
  tests::Run fields(std::vector<std::string> words) {
    words.insert(words.begin(), {"fields", "-r", rule_, log_});
    return run_program(words);
  }
  std::string line_of(const std::string& text, const std::string& beginning) {
    for (const auto& line : lines_of(text)) {
      if (line.starts_with(beginning)) return line;
    }
    return "";
  }

  TemporaryFolder folder_;
  std::string rule_ = folder_.write("rules/rule.yml",
                                    "title: Detector deleted\n"
                                    "id: 5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f01\n"
                                    "status: test\n"
                                    "level: high\n"
                                    "logsource:\n"
                                    "  product: aws\n"
                                    "  service: cloudtrail\n"
                                    "detection:\n"
                                    "  selection:\n"
                                    "    eventName: DeleteDetector\n"
                                    "    requestParameters.neverThere: x\n"
                                    "  condition: selection\n");
  std::string log_ =
      folder_.write("log.json", Record{.id = "1", .more = R"(,"responseElements":{"sessionToken":"hush"})"}.json() +
                                    "\n" + Record{.id = "2", .name = "GetDetector"}.json() + "\n");
};

TEST_F(Fields, ListsEveryFieldWithItsShareValuesAndRules) {
  const auto run = fields({});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(line_of(run.out, R"({"field":"eventName")"),
            R"({"field":"eventName","types":["string"],"events":2,"percent":100,"distinct":2,)"
            R"("distinct_is_exact":true,"examples":["DeleteDetector","GetDetector"],"rules":["Detector deleted"]})");
  EXPECT_NE(line_of(run.out, R"({"field":"responseElements.sessionToken")").find("\"examples\":[\"(secret)\"]"),
            std::string::npos);
  EXPECT_EQ(run.out.find("hush"), std::string::npos);
  EXPECT_NE(line_of(run.out, R"({"field":"actor.name")").find("alice"), std::string::npos);
}

TEST_F(Fields, EndsWithTheFieldsThatRulesReadAndNoEventHas) {
  const auto run = fields({});
  EXPECT_EQ(lines_of(run.out).back(),
            R"({"field":"requestParameters.neverThere","types":[],"events":0,"percent":0,"distinct":0,)"
            R"("distinct_is_exact":true,"examples":[],"rules":["Detector deleted"]})");
  EXPECT_NE(run.err.find("1 field that rules read was not"), std::string::npos) << run.err;
}

TEST_F(Fields, WritesTablesAndCsv) {
  EXPECT_NE(fields({"--format", "table"}).out.find("awsRegion"), std::string::npos);
  EXPECT_EQ(lines_of(fields({"--format", "csv"}).out).front(),
            "field,types,events,percent,distinct,distinct_is_exact,examples,rules");
}

TEST_F(Fields, GivesTheSameBytesForAnyNumberOfThreads) {
  std::vector<std::string> words{"fields", "-r", rule_, "--threads", "1"};
  for (int file = 0; file < 30; ++file) {
    std::string text;
    for (int i = 0; i < 50; ++i) text += Record{.id = std::to_string(file * 50 + i)}.json() + "\n";
    words.push_back(folder_.write("many/" + std::to_string(file) + ".json", text));
  }
  const auto one = run_program(words);
  words[4] = "4";
  EXPECT_NE(one.out.find(R"("distinct":1000,"distinct_is_exact":false)"), std::string::npos);
  EXPECT_EQ(run_program(words).out, one.out);
}

}  // namespace
}  // namespace tripline
