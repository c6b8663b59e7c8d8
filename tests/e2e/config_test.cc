// `tripline config`, `tripline rules -c` and `tripline status` as people run them.

#include <string>

#include <gtest/gtest.h>

#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline {
namespace {

using tests::run_program;

TEST(ConfigCommand, SaysAllThatIsWrongWithAFile) {
  tests::TemporaryFolder folder;
  folder.write("t.yml", "lateness: 30\nstor: {}\nrules: {paths: [missing]}\n");
  const std::string path = (folder.path() / "t.yml").string();
  const auto run = run_program({"config", "check", path});
  EXPECT_EQ(run.code, 3);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, path + ":1:11: error[config-value]: `lateness: 30` has no unit\n" +
                         "  hint: write a number and a unit, such as 30s or 5m\n" + path +
                         ":2:1: error[misspelt-attribute]: the configuration has no `stor`\n" +
                         "  hint: did you mean `store`?\n" + path +
                         ":3:16: warning[config-missing-file]: " + (folder.path() / "missing").string() +
                         ": No such file or directory\n" + path + ": 2 errors, 1 warning\n");
}

TEST(ConfigCommand, PrintsWhatHoldsAndKeepsSecrets) {
  tests::TemporaryFolder folder;
  folder.write("t.yml", "api: {read_tokens: do-not-show-this-1}\n");
  const std::string path = (folder.path() / "t.yml").string();
  const auto text = run_program({"config", "print", path});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_NE(text.out.find("read_tokens: [(secret)]"), std::string::npos) << text.out;
  const auto json = run_program({"config", "print", "--format", "json", path});
  EXPECT_EQ(json.code, 0) << json.err;
  EXPECT_NE(json.out.find("\"key\":\"api.read_tokens\""), std::string::npos) << json.out;
  for (const auto& run : {text, json}) {
    EXPECT_EQ((run.out + run.err).find("do-not-show"), std::string::npos);
  }
  EXPECT_EQ(run_program({"config", "print"}).code, 0) << "the defaults";
  EXPECT_EQ(run_program({"config", "check", path}).err, path + ": 0 errors, 0 warnings\n");
}

TEST(ConfigCommand, RefusesOtherActionsAndFilesThatAreNotThere) {
  EXPECT_EQ(run_program({"config", "chekc"}).code, 3);
  const auto missing = run_program({"config", "check", "/nowhere/t.yml"});
  EXPECT_EQ(missing.code, 3);
  EXPECT_EQ(missing.err, "tripline: /nowhere/t.yml: the file cannot be opened: No such file or directory\n");
}

TEST(RulesCommand, ShowsWhatOverridesMadeOfRules) {
  tests::TemporaryFolder folder;
  const std::string rule =
      "level: high\nlogsource: {product: aws, service: cloudtrail}\n"
      "detection: {s: {eventName: A}, condition: s}\n";
  folder.write("rules/a.yml", "title: First\nname: a\n" + rule);
  folder.write("rules/b.yml", "title: Second\nname: b\n" + rule);
  folder.write("t.yml",
               "rules:\n  paths: [rules]\n  overrides:\n"
               "    - {match: {name: a}, enabled: false, reason: noise}\n"
               "    - {match: {path: 'rules/b*'}, level: low}\n"
               "    - {match: {name: c}, level: low}\n");
  const std::string path = (folder.path() / "t.yml").string();
  const auto run = run_program({"rules", "-c", path});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("\"state\":\"disabled\""), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("disabled by " + path + ":4 (noise)"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("level low by " + path + ":5"), std::string::npos) << run.out;
  EXPECT_NE(run.err.find(":6:7: warning[override-unmatched]: the override matches no rule"), std::string::npos)
      << run.err;
  EXPECT_NE(run.err.find("2 rules in 2 files: 1 loaded, 1 disabled"), std::string::npos) << run.err;
  const auto both = run_program({"rules", "-c", path, "-r", "x"});
  EXPECT_EQ(both.code, 3);
}

TEST(StatusCommand, SaysThatNothingListens) {
  const auto run = run_program({"status", "--url", "http://127.0.0.1:1/"});
  EXPECT_EQ(run.code, 3);
  EXPECT_EQ(run.out, "");
  EXPECT_TRUE(run.err.starts_with("tripline: http://127.0.0.1:1/api/v1/status: ")) << run.err;
  EXPECT_TRUE(run.err.ends_with("; is `tripline serve` running there?\n")) << run.err;
}

}  // namespace
}  // namespace tripline
