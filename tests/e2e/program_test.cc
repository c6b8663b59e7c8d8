#include "tests/support/program.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "app/printable.h"
#include "tests/e2e/logs.h"
#include "tests/support/places.h"

namespace tripline {
namespace {

using tests::lines_of;
using tests::run_program;

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  bool listed = false;
  for (const auto& line : lines_of(run_program({"--help"}).out)) {
    if (line == "Commands:") {
      listed = true;
    } else if (line.empty()) {
      listed = false;
    } else if (listed) {
      names.push_back(line.substr(2, line.find(' ', 2) - 2));
    }
  }
  return names;
}

TEST(Program, HelpOfEverythingFitsAScreenAndHasExamples) {
  std::vector<std::vector<std::string>> calls{{"--help"}};
  for (const auto& name : command_names()) calls.push_back({name, "--help"});
  ASSERT_GE(calls.size(), 2U);
  for (const auto& call : calls) {
    SCOPED_TRACE(call.front());
    const auto run = run_program(call);
    EXPECT_EQ(run.code, 0);
    EXPECT_EQ(run.err, "");
    const auto lines = lines_of(run.out);
    EXPECT_LE(lines.size(), 30U) << run.out;
    for (const auto& line : lines) EXPECT_LE(app::display_width(line), 80U) << line;
    EXPECT_NE(run.out.find("Examples:\n"), std::string::npos);
    EXPECT_NE(run.out.find("usage: tripline " + (call.size() > 1 ? call.front() : "COMMAND")), std::string::npos);
  }
}

TEST(Program, HelpNamesEveryExitCode) {
  const std::string help = run_program({"--help"}).out;
  for (const std::string code : {"\n  0  ", "\n  1  ", "\n  2  ", "\n  3  "}) {
    EXPECT_NE(help.find(code), std::string::npos) << code;
  }
}

TEST(Program, HasEveryCommandOnThePageOfCommands) {
  const std::string page = tests::read_file(tests::repository() / "docs" / "commands.md");
  const auto names = command_names();
  ASSERT_FALSE(names.empty());
  for (const auto& name : names) EXPECT_NE(page.find("| `tripline " + name), std::string::npos) << name;
}

TEST(Program, EndsInSilenceWhenItsReaderGoesAway) {
  const tests::TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 5000; ++i) text += tests::Record{}.json() + "\n";
  const std::string log = folder.write("log.json", text);
  const std::string said = (folder.path() / "said").string();
  const std::string command =
      std::string(std::getenv("TRIPLINE_BIN")) + " search --quiet '*' " + log + " 2> " + said + " | head -n 1 | wc -l";
  FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  int lines = 0;
  EXPECT_EQ(std::fscanf(pipe, "%d", &lines), 1);
  ::pclose(pipe);
  EXPECT_EQ(lines, 1);
  EXPECT_EQ(tests::read_file(said), "");
}

TEST(Program, ReadsAllOfTheRealLogsTheSameForAnyNumberOfThreads) {
  if (!std::filesystem::exists(tests::shared("data/cloudtrail"))) GTEST_SKIP() << tests::missing("data/cloudtrail");
  const std::string logs = tests::shared("data/cloudtrail").string();
  std::vector<std::string> words{"scan", "--matches", "--threads", "1", logs};
  const auto one = run_program(words);
  EXPECT_EQ(one.code, 0);
  EXPECT_NE(one.err.find("34,615 events in "), std::string::npos) << one.err;
  EXPECT_EQ(one.err.find("set aside"), std::string::npos) << one.err;
  words[3] = "4";
  EXPECT_EQ(run_program(words).out, one.out);
}

TEST(Program, SaysItsVersion) {
  const auto run = run_program({"--version"});
  EXPECT_EQ(run.code, 0);
  EXPECT_TRUE(run.out.starts_with("tripline 0.")) << run.out;
}

TEST(Program, ExitsWithThreeAndAHintOnWrongUse) {
  const struct {
    std::vector<std::string> words;
    std::string_view says;
  } cases[] = {
      {{}, "usage: tripline"},
      {{"scann"}, "there is no command scann; did you mean scan?"},
      {{"frobnicate"}, "there is no command frobnicate"},
      {{"--frobnicate"}, "there is no command --frobnicate"},
      {{"scan", "--formt", "csv", "x"}, "there is no option --formt; did you mean --format?"},
      {{"scan"}, "PATH is required"},
      {{"scan", "--format", "xml", "x"}, "not xml"},
      {{"scan", "--from", "yesterday", "x"}, "--from takes"},
      {{"scan", "/no/such/place"}, "/no/such/place"},
      {{"scan", "-r", "/no/such/rules", "/dev/null"}, "/no/such/rules"},
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
