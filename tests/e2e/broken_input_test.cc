#include <gtest/gtest.h>

#include "tests/e2e/logs.h"
#include "tests/support/deliveries.h"
#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline {
namespace {

using tests::lines_of;
using tests::Record;
using tests::run_program;
using tests::TemporaryFolder;

/// Two good records around whatever is wrong; both must still count.
class BrokenInput : public testing::Test {
 protected:
  tests::Run search(const std::string& log, std::vector<std::string> words = {}) {
    words.insert(words.begin(), {"search", "--format", "csv", "--fields", "eventID"});
    words.insert(words.end(), {"*", log});
    return run_program(words);
  }

  TemporaryFolder folder_;
  std::string first_ = Record{.id = "first"}.json();
  std::string last_ = Record{.id = "last"}.json();
};

TEST_F(BrokenInput, IsNamedWithPathAndOffsetAndTakesNothingElseWithIt) {
  const struct {
    std::string name;
    std::string between;
  } cases[] = {
      {"a string that is not closed", R"({"eventVersion":"1.08","eventName":"x)"},
      {"a number that is none", R"({"eventVersion":"1.08","eventName":01x})"},
      {"text that is no JSON", "hello, world"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const std::string log = folder_.write("log.json", first_ + "\n" + c.between + "\n" + last_ + "\n");
    const auto run = search(log);
    EXPECT_EQ(run.code, 0);
    EXPECT_EQ(lines_of(run.out), (std::vector<std::string>{"eventID", "first", "last"}));
    const std::string place = log + ", byte " + std::to_string(first_.size() + 1) + ": set aside";
    EXPECT_NE(run.err.find(place), std::string::npos) << place << "\n" << run.err;
    EXPECT_NE(run.err.find("\nset aside: 1 "), std::string::npos) << run.err;
  }
}

TEST_F(BrokenInput, ExitsWithThreeWhenStrict) {
  const std::string good = folder_.write("good.json", first_ + "\n");
  const std::string bad = folder_.write("bad.json", first_ + "\nhello\n");
  EXPECT_EQ(search(good, {"--strict"}).code, 0);
  EXPECT_EQ(search(bad, {"--strict"}).code, 3);
  EXPECT_EQ(run_program({"scan", "--strict", bad}).code, 3);
  EXPECT_EQ(run_program({"fields", "--strict", bad}).code, 3);
}

TEST_F(BrokenInput, IsNamedByAScanAlsoInRecordsThatNoRuleCanMatch) {
  const std::string rule = folder_.write("rule.yml", R"(title: Logging Stopped
logsource: {product: aws, service: cloudtrail}
detection: {selection: {eventName: StopLogging}, condition: selection}
)");
  const struct {
    const char* broken;
    bool only_by_parsing;
  } rows[] = {
      {R"({"eventVersion":tru})", false},
      {R"({"eventVersion":"1.08","eventID":"e","eventName":01x})", false},
      {R"({"eventVersion":"1.08","eventID":"e","eventName":"x","a":"b"c"})", false},
      {R"({"eventVersion":"1.08","eventID":"e","eventName":"x","a":[1,2})", false},
      {R"({"eventVersion":"1.08","eventID":"e","eventName":"x","readOnly":tru})", true},
  };
  for (const auto& row : rows) {
    const std::string log =
        folder_.write("log.json", R"({"Records":[)" + first_ + "," + row.broken + "," + last_ + "]}");
    const std::string place = "byte " + std::to_string(13 + first_.size()) + ": set aside";
    for (const char* flag : {"--color=never", "--validate", "--strict"}) {
      const auto run = run_program({"scan", flag, "-r", rule, log});
      const bool found = !row.only_by_parsing || std::string_view(flag) != "--color=never";
      EXPECT_EQ(run.err.find(place) != std::string::npos, found) << flag << row.broken << run.err;
      EXPECT_EQ(run.err.find("\nset aside: 1 ") != std::string::npos, found) << flag << row.broken << run.err;
    }
  }
}

TEST_F(BrokenInput, MayBeAGzipThatEndsInTheMiddle) {
  std::string records;
  for (int i = 0; i < 2000; ++i) records += Record{.id = std::to_string(i * 7919)}.json() + "\n";
  const std::string whole = tests::gzip(records);
  const std::string log = folder_.write("log.json.gz", whole.substr(0, whole.size() / 2));
  const auto run = search(log);
  EXPECT_EQ(run.code, 0);
  EXPECT_GT(lines_of(run.out).size(), 100U);
  EXPECT_LT(lines_of(run.out).size(), 2001U);
  EXPECT_NE(run.err.find("(truncated)"), std::string::npos) << run.err;
}

TEST_F(BrokenInput, MayBeAFileThatIsNoLog) {
  const std::string picture = folder_.write("picture.json", std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16));
  const auto run = search(picture);
  EXPECT_EQ(run.code, 0);
  EXPECT_NE(run.err.find(picture + ", byte 0: set aside"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("1 not_a_log"), std::string::npos) << run.err;
}

TEST_F(BrokenInput, IsHeldToTheCapsThatTheUserSets) {
  const std::string deep = first_ + "\n{\"eventVersion\":\"1.08\",\"a\":" + std::string(40, '[') +
                           std::string(40, ']') + "}\n" + last_ + "\n";
  const std::string log = folder_.write("deep.json", deep);
  EXPECT_EQ(lines_of(search(log).out).size(), 4U);
  EXPECT_EQ(lines_of(search(log, {"--max-depth", "20"}).out).size(), 3U);
  const std::string large = folder_.write(
      "large.json", first_ + "\n{\"eventVersion\":\"1.08\",\"a\":\"" + std::string(5000, 'x') + "\"}\n" + last_ + "\n");
  EXPECT_EQ(lines_of(search(large).out).size(), 4U);
  const auto capped = search(large, {"--max-record", "4k"});
  EXPECT_EQ(lines_of(capped.out), (std::vector<std::string>{"eventID", "first", "last"}));
  EXPECT_NE(capped.err.find("(too_large)"), std::string::npos) << capped.err;
}

TEST_F(BrokenInput, IsReadFromStandardInputToo) {
  const auto run = run_program({"search", "--format", "csv", "--fields", "eventID", "*", "-"}, first_ + "\nhello\n");
  EXPECT_EQ(lines_of(run.out), (std::vector<std::string>{"eventID", "first"}));
  EXPECT_NE(run.err.find("-, byte "), std::string::npos) << run.err;
}

TEST_F(BrokenInput, DoesNotFloodTheTerminal) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "{\"eventVersion\":\"1.08\",\"a\":1x}\n" + first_ + "\n";
  const auto run = search(folder_.write("log.json", text));
  EXPECT_EQ(lines_of(run.out).size(), 501U);
  EXPECT_LT(lines_of(run.err).size(), 40U);
  EXPECT_NE(run.err.find("480 more pieces"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("set aside: 500 bad_input"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace tripline
