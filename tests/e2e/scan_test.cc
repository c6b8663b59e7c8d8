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

class Scan : public testing::Test {
 protected:
  tests::Run scan(std::vector<std::string> words) {
    words.insert(words.begin(), {"scan", "-r", rule_});
    return run_program(words);
  }

  TemporaryFolder folder_;
  std::string rule_ = folder_.write("rules/rule.yml", tests::kDetectorRule);
  /// Two matches of one hour, one of the next, one event that does not match, one event delivered twice.
  std::string log_ =
      folder_.write("log.json", Record{.id = "1", .more = R"(,"requestParameters":{"detectorId":"d1"})"}.json() + "\n" +
                                    Record{.id = "2", .time = "2026-01-15T10:30:00Z"}.json() + "\n" +
                                    Record{.id = "3", .time = "2026-01-15T11:30:00Z"}.json() + "\n" +
                                    Record{.id = "4", .name = "GetDetector"}.json() + "\n" +
                                    Record{.id = "2", .time = "2026-01-15T10:30:00Z"}.json() + "\n");
};

TEST_F(Scan, FoldsMatchesOfARuleGroupAndHourIntoOneSignal) {
  const auto run = scan({log_});
  EXPECT_EQ(run.code, 0) << run.err;
  const auto lines = lines_of(run.out);
  ASSERT_EQ(lines.size(), 2U) << run.out;
  EXPECT_NE(lines[0].find(R"("title":"Detector deleted")"), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find(R"("triggers":2)"), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find(R"("first":"2026-01-15T10:11:12Z","last":"2026-01-15T10:30:00Z")"), std::string::npos);
  EXPECT_NE(lines[1].find(R"("triggers":1)"), std::string::npos) << lines[1];
}

TEST_F(Scan, ClosesWithASummaryOnStandardError) {
  const auto run = scan({log_});
  for (const std::string part : {"Detector deleted  high         4               800", "alice", "5 events in 1 file",
                                 "1 rule, 4 matches (1 of events delivered before), 2 signals"}) {
    EXPECT_NE(run.err.find(part), std::string::npos) << part << "\n" << run.err;
  }
  EXPECT_EQ(scan({"--quiet", log_}).err, "");
}

TEST_F(Scan, WritesATableWithItsRulesFieldsOrThoseAskedFor) {
  const auto table = lines_of(scan({"--format", "table", log_}).out);
  ASSERT_EQ(table.size(), 3U);
  EXPECT_TRUE(table[0].starts_with("LEVEL  RULE")) << table[0];
  EXPECT_NE(table[1].find("requestParameters.detectorId=d1"), std::string::npos) << table[1];
  const auto chosen = lines_of(scan({"--format", "table", "--fields", "eventName,awsRegion", log_}).out);
  EXPECT_TRUE(chosen[0].ends_with("eventName       awsRegion")) << chosen[0];
  EXPECT_TRUE(chosen[1].ends_with("DeleteDetector  eu-west-1")) << chosen[1];
}

TEST_F(Scan, WritesCsvThatNoSpreadsheetRuns) {
  const std::string log = folder_.write("evil.json", Record{.user = "=cmd|' /C calc'!A0"}.json() + "\n");
  const auto lines = lines_of(scan({"--format", "csv", log}).out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[0].starts_with("rule.level,rule.title,triggers,first,last,account,actor,")) << lines[0];
  EXPECT_NE(lines[1].find(",'=cmd|' /C calc'!A0,"), std::string::npos) << lines[1];
}

TEST_F(Scan, ShowsEveryMatchWithDuplicatesWhenAsked) {
  const auto lines = lines_of(scan({"--matches", log_}).out);
  ASSERT_EQ(lines.size(), 4U);
  for (const std::string part :
       {R"("event":{"eventTime":"2026-01-15T10:11:12Z","eventID":"1")",
        R"("rule":{"id":"5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f01","title":"Detector deleted","level":"high"})",
        R"("actor":{"name":"alice"})", R"("outcome":"success")", R"("fields":{"requestParameters.detectorId":"d1"})"}) {
    EXPECT_NE(lines[0].find(part), std::string::npos) << part << "\n" << lines[0];
  }
  std::size_t duplicates = 0;
  for (const auto& line : lines) duplicates += line.find(R"("duplicate":true)") != std::string::npos ? 1 : 0;
  EXPECT_EQ(duplicates, 1U);
  EXPECT_NE(lines[0].find("\"source\":{\"path\":\"" + log_ + "\",\"index\":0}"), std::string::npos) << lines[0];
}

TEST_F(Scan, SaysHowManyEventsWereDeliveredAgainWhetherTheyMatchOrNot) {
  const std::string quiet = Record{.id = "quiet", .name = "ListBuckets"}.json() + "\n";
  const std::string once = folder_.write("once.json", quiet);
  const std::string twice = folder_.write("twice.json", quiet + quiet);
  EXPECT_EQ(scan({once}).err.find("duplicates"), std::string::npos);
  for (const char* flag : {"--validate", "--strict", "--threads=2"}) {
    const auto run = scan({flag, once, twice});
    EXPECT_NE(run.err.find("\nduplicates: 2 events delivered again\n"), std::string::npos) << run.err;
  }
}

TEST_F(Scan, KnowsNoActorOutcomeOrGroupInOtherLogs) {
  const std::string rule = folder_.write("other.yml",
                                         "title: Shell\n"
                                         "id: 0c1d7f0a-3f0b-4d6e-9d55-6f2b1f0c9a01\n"
                                         "status: test\n"
                                         "level: high\n"
                                         "logsource:\n"
                                         "  product: windows\n"
                                         "  category: process_creation\n"
                                         "detection:\n"
                                         "  selection:\n"
                                         "    Image|endswith: cmd.exe\n"
                                         "  condition: selection\n");
  const std::string log = folder_.write("other.json", R"({"Image":"C:\\cmd.exe"})"
                                                      "\n");
  std::vector<std::string> words{"scan", "-r", rule, "--logsource", "product=windows,category=process_creation", log};
  const auto signals = run_program(words);
  EXPECT_NE(signals.out.find(R"("group":[],)"), std::string::npos) << signals.out << signals.err;
  EXPECT_EQ(signals.out.find("anonymous"), std::string::npos) << signals.out;
  EXPECT_EQ(signals.out.find("outcome"), std::string::npos) << signals.out;
  words.insert(words.begin() + 1, "--matches");
  const auto matches = run_program(words);
  EXPECT_NE(matches.out.find(R"("actor":{"name":null},"outcome":null,"duplicate":false,"group":[])"), std::string::npos)
      << matches.out;
}

TEST_F(Scan, TakesEventsBetweenFromAndTo) {
  const struct {
    std::vector<std::string> words;
    std::size_t matches;
  } cases[] = {
      {{"--from", "2026-01-15T10:30:00Z"}, 3},
      {{"--to", "2026-01-15T10:30:00Z"}, 1},
      {{"--to", "2026-01-15"}, 4},
      {{"--from", "2026-01-16"}, 0},
      {{"--from", "2026-01-15T10:30:00Z", "--to", "2026-01-15T10:30:01Z"}, 2},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.words.back());
    auto words = c.words;
    words.insert(words.end(), {"--matches", log_});
    EXPECT_EQ(lines_of(scan(words).out).size(), c.matches);
  }
}

TEST_F(Scan, RunsTheRulesThatAreNamedOrReachTheLevel) {
  const struct {
    std::vector<std::string> words;
    int code;
  } cases[] = {
      {{"--rule", "detector_deleted"}, 0},
      {{"--rule", "5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f01"}, 0},
      {{"--rule", "detector*"}, 0},
      {{"--rule", "detector_deletd"}, 3},
      {{"--level", "high"}, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.words.back());
    auto words = c.words;
    words.push_back(log_);
    const auto run = scan(words);
    EXPECT_EQ(run.code, c.code) << run.err;
    EXPECT_EQ(lines_of(run.out).size(), c.code == 0 ? 2U : 0U);
  }
  EXPECT_NE(scan({"--rule", "detector_deletd", log_}).err.find("did you mean detector_deleted?"), std::string::npos);
}

TEST_F(Scan, ExitsWithOneWhenWhatFailsOnIsShown) {
  EXPECT_EQ(scan({"--fail-on", "high", log_}).code, 1);
  EXPECT_EQ(scan({"--fail-on", "low", log_}).code, 1);
  EXPECT_EQ(scan({"--fail-on", "critical", log_}).code, 0);
  EXPECT_EQ(scan({"--fail-on", "high", "--from", "2026-01-16", log_}).code, 0);
  EXPECT_EQ(scan({"--fail-on", "high", "--matches", log_}).code, 1);
}

TEST_F(Scan, SaysWhyNoRuleIsLeftWithoutItsUsage) {
  std::string old = tests::kDetectorRule;
  old.replace(old.find("status: test"), 12, "status: deprecated");
  const struct {
    std::vector<std::string> options;
    std::string says;
  } cases[] = {
      {{"-r", folder_.write("empty/readme.md", "")},
       "tripline: no rule was found: rules are read from .yml and .yaml files\n"},
      {{"-r", folder_.write("old.yml", old)}, "tripline: none of 1 rule can run; `tripline rules` says why of each\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.says);
    std::vector<std::string> words{"scan", log_};
    words.insert(words.end(), c.options.begin(), c.options.end());
    const auto run = run_program(words);
    EXPECT_EQ(run.code, 3);
    EXPECT_EQ(run.err, c.says);
  }
}

TEST_F(Scan, RunsNothingWhenNoRuleIsOfTheLevelAndSaysSo) {
  const auto run = scan({"--level", "critical", log_});
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.err, "tripline: warning: no rule runs: none of 1 rule that compile is of level critical or higher\n");
}

TEST_F(Scan, OpensSignalsOfInformationalRulesWhenTheyAreAskedFor) {
  std::string rule = tests::kDetectorRule;
  rule.replace(rule.find("level: high"), 11, "level: informational");
  const std::string quiet = folder_.write("quiet.yml", rule);
  const auto silent = run_program({"scan", "-r", quiet, log_});
  EXPECT_EQ(silent.out, "");
  EXPECT_NE(silent.err.find("\n4 matches of informational rules, which open signals with --level informational only\n"),
            std::string::npos)
      << silent.err;
  EXPECT_EQ(lines_of(run_program({"scan", "-r", quiet, "--level", "informational", log_}).out).size(), 2U);
  EXPECT_EQ(lines_of(run_program({"scan", "-r", quiet, "--rule", "Detector*", log_}).out).size(), 2U);
}

TEST_F(Scan, EvaluatesCorrelationsInPlaceOfTheirBaseRules) {
  const std::string rules = folder_.write("correlation.yml", tests::kDetectorRule + std::string(R"(---
title: Many
name: many
level: high
correlation:
  type: event_count
  rules: [5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f01]
  group-by: [actor.principal]
  timespan: 1h
  condition: {gte: 2}
)"));
  const auto run = run_program({"scan", "-r", rules, log_});
  const auto lines = lines_of(run.out);
  ASSERT_EQ(lines.size(), 1U) << run.out;
  EXPECT_NE(lines[0].find(R"("title":"Many")"), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find(R"("first":"2026-01-15T10:30:00Z","last":"2026-01-15T10:30:00Z","triggers":1)"),
            std::string::npos)
      << lines[0] << "\nthe third event lies just outside the hour of the second";
  EXPECT_EQ(run.err.find("warning"), std::string::npos) << run.err;
  const auto both = run_program({"scan", "-r", rules, "--rule", "5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f01", log_});
  EXPECT_EQ(lines_of(both.out).size(), 2U) << both.out;
}

TEST_F(Scan, WarnsOfRulesThatWantAccountsWhichNobodyNamed) {
  std::string rule = tests::kDetectorRule;
  rule.replace(rule.find("eventName:"), 10, "account.env: prod\n    eventName:");
  EXPECT_NE(
      run_program({"scan", "-r", folder_.write("env.yml", rule), log_})
          .err.find("warning: of accounts nothing is known without --accounts FILE, which is wanted for account.env\n"),
      std::string::npos);
}

TEST_F(Scan, WarnsWhenThereWasNothingToRead) {
  const std::string empty = folder_.write("nothing/readme.md", "");
  EXPECT_NE(scan({(folder_.path() / "nothing").string()}).err.find("warning: no log file was found\n"),
            std::string::npos);
  const std::string no_events = folder_.write("blank.json", "");
  EXPECT_NE(scan({no_events}).err.find("warning: no event was read\n"), std::string::npos);
}

TEST_F(Scan, SaysWhichLogsItsRulesAreForWhenNoneIsForThese) {
  const std::string rest = "}\nlevel: low\ndetection: {s: {a: b}, condition: s}\n---\n";
  const std::string rules = folder_.write("other.yml", "title: A\nlogsource: {product: windows, category: x" + rest +
                                                           "title: B\nlogsource: {product: windows, category: x" +
                                                           rest + "title: C\nlogsource: {product: linux" + rest);
  const auto run = run_program({"scan", "-r", rules, log_});
  EXPECT_EQ(run.code, 3);
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("no rule is for these logs: 1 rule for product linux; 2 rules for product windows, category x "
                         "(if the logs are of that kind, say so with --logsource product=windows,category=x)"),
            std::string::npos)
      << run.err;
  EXPECT_EQ(run.err.find("usage:"), std::string::npos) << run.err;
}

TEST_F(Scan, SaysWhenStandardOutputIsFull) {
  const std::string command = std::string(std::getenv("TRIPLINE_BIN")) + " scan --quiet -r " + rule_ + " " + log_;
  EXPECT_EQ(WEXITSTATUS(std::system((command + " > /dev/full 2> /dev/null").c_str())), 3);
}

TEST_F(Scan, GivesTheSameBytesForAnyNumberOfThreads) {
  std::vector<std::string> logs;
  for (int file = 0; file < 40; ++file) {
    std::string text;
    for (int i = 0; i < 50; ++i) {
      const int id = (file * 37 + i) % 1500;  // so that some are delivered twice
      text += Record{.id = std::to_string(id), .user = "user" + std::to_string(id % 7)}.json() + "\n";
    }
    logs.push_back(folder_.write("many/" + std::to_string(file) + ".json", text));
  }
  for (const std::string mode : {"--matches", "--strict"}) {
    auto words = logs;
    words.insert(words.begin(), {mode, "--quiet", "--threads", "1"});
    const auto one = scan(words);
    words[3] = "4";
    const auto four = scan(words);
    EXPECT_GT(one.out.size(), 1000U);
    EXPECT_EQ(one.out, four.out) << mode;
    EXPECT_EQ(one.err, four.err) << mode;
  }
}

TEST_F(Scan, ShowsTheFirstAndTheLastRecordWholeButForSecrets) {
  const std::string more = R"(,"requestParameters":{"password":"hush","list":[1,{"a":null}]})";
  const std::string log =
      folder_.write("records.json", Record{.id = "2", .time = "2026-01-15T10:30:00Z"}.json() + "\n" +
                                        Record{.id = "3", .time = "2026-01-15T10:40:00Z"}.json() + "\n" +
                                        Record{.id = "1", .time = "2026-01-15T10:10:00Z", .more = more}.json() + "\n");
  const auto run = scan({"--quiet", log});
  std::string first = Record{.id = "1", .time = "2026-01-15T10:10:00Z", .more = more}.json();
  first.replace(first.find("hush"), 4, "(secret)");
  EXPECT_NE(run.out.find(R"("first_record":{"cut":false,"record":)" + first + "}"), std::string::npos) << run.out;
  const std::string last = Record{.id = "3", .time = "2026-01-15T10:40:00Z"}.json();
  EXPECT_NE(run.out.find(R"("last_record":{"cut":false,"record":)" + last + "}"), std::string::npos) << run.out;
  const auto one = scan({"--quiet", "--from", "2026-01-15T10:35:00Z", log});
  EXPECT_NE(one.out.find(R"("first_record":{"cut":false,"record":)" + last + "}"), std::string::npos) << one.out;
  EXPECT_EQ(one.out.find(R"("last_record")"), std::string::npos) << "it is the first";
}

TEST_F(Scan, CountsWhatFiltersTookAway) {
  const std::string rules = folder_.write(
      "filtered/rule.yml", std::string(tests::kDetectorRule) +
                               "---\ntitle: The night shift\nlogsource: {product: aws}\nfilter:\n  rules: any\n"
                               "  night: {eventTime|startswith: '2026-01-15T10'}\n  condition: not night\n");
  for (const std::string threads : {"1", "4"}) {
    const auto run = run_program({"scan", "-r", rules, "--threads", threads, log_});
    EXPECT_EQ(lines_of(run.out).size(), 1U) << run.out;
    EXPECT_NE(run.err.find("Detector deleted: 3 matches taken away by the filter The night shift\n"), std::string::npos)
        << run.err;
  }
  const auto later = run_program({"scan", "-r", rules, "--from", "2026-01-15T10:20:00Z", log_});
  EXPECT_NE(later.err.find("Detector deleted: 2 matches taken away"), std::string::npos) << later.err;
}

TEST_F(Scan, MarksSignalsOfRulesInDryRunAndFailsOnNone) {
  const std::string rules =
      folder_.write("dry/rule.yml", std::string(tests::kDetectorRule) + "tripline: {mode: dry_run}\n");
  const auto json = run_program({"scan", "-r", rules, "--fail-on", "low", log_});
  EXPECT_EQ(json.code, 0) << json.err;
  EXPECT_NE(json.out.find(R"("dry_run":true)"), std::string::npos) << json.out;
  EXPECT_NE(json.err.find("2 signals of rules in dry run"), std::string::npos) << json.err;
  const auto table = run_program({"scan", "-r", rules, "--format", "table", "--quiet", log_});
  EXPECT_NE(table.out.find("(dry run) Detector deleted"), std::string::npos) << table.out;
  EXPECT_EQ(run_program({"scan", "-r", rules, "--matches", "--fail-on", "low", log_}).code, 0);
  EXPECT_EQ(scan({"--fail-on", "low", log_}).code, 1) << "the same rule for good";
}

TEST_F(Scan, CountsCallsAndGathersValuesOfAllEventsForAnyNumberOfThreads) {
  std::string log;
  for (int i = 0; i < 300; ++i) {
    log += Record{.id = std::to_string(i),
                  .more = R"(,"userAgent":"agent-)" + std::to_string(i % 30) + R"(")" +
                          (i % 3 == 0 ? R"(,"errorCode":"AccessDenied")" : "")}
               .json() +
           "\n";
  }
  const std::string many = folder_.write("many.json", log);
  const auto one = scan({"--quiet", "--threads", "1", many});
  EXPECT_NE(one.out.find(R"("actions":[{"eventName":"DeleteDetector","success":200,"failure":0,"denied":100,)"
                         R"("error_codes":{"AccessDenied":100}}],"other_actions":0)"),
            std::string::npos)
      << one.out;
  EXPECT_NE(one.out.find(R"("agent-19"])"), std::string::npos) << "twenty of them";
  EXPECT_NE(one.out.find(R"("annotations":["truncated"])"), std::string::npos) << one.out;
  EXPECT_EQ(scan({"--quiet", "--threads", "3", many}).out, one.out);
}

}  // namespace
}  // namespace tripline
