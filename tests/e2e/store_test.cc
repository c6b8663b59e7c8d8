#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/e2e/logs.h"
#include "tests/support/identities.h"
#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline {
namespace {

using tests::lines_of;
using tests::Record;
using tests::run_program;
using tests::TemporaryFolder;

/// Two of one principal within an hour; one of a detector that nobody has deleted before.
const std::string kRules = tests::kDetectorRule + std::string(R"(---
title: Many
name: many
level: high
correlation:
  type: event_count
  rules: [5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f01]
  group-by: [actor.principal]
  timespan: 1h
  condition: {gte: 2}
---
title: New detector
name: new
level: low
correlation:
  type: new_value
  rules: [5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f01]
  timespan: 30d
  condition: {field: requestParameters.detectorId}
)");

std::string detector(const std::string& id, const std::string& time, const std::string& detector) {
  return Record{.id = id, .time = time, .more = R"(,"requestParameters":{"detectorId":")" + detector + "\"}"}.json();
}

/// Signals but for the clock, and for what depends on what else a run has read.
std::vector<std::string> alone(const std::string& text) {
  std::vector<std::string> lines = lines_of(text);
  for (auto& line : lines) {
    line.resize(line.find(R"(,"related":)"));
    const std::size_t detected = line.find(R"("detected":)");
    if (detected != std::string::npos) line.erase(detected, line.find(',', detected) + 1 - detected);
    // The records of a correlation's events are at hand in the run that read them.
    const std::size_t record = line.find(R"("first_record":)");
    if (record != std::string::npos && line.find(R"("kind":"correlation")") != std::string::npos) {
      line.erase(record, line.rfind(R"("annotations":)") - record);
    }
    constexpr std::string_view kField = R"("field":")";
    for (std::size_t at = 0; (at = line.find(kField, at)) != std::string::npos;) {
      line.erase(at, line.find(R"(",)", at) + 2 - at);
    }
  }
  return lines;
}

class StoreFile : public testing::Test {
 protected:
  tests::Run scan(std::vector<std::string> words) {
    words.insert(words.begin(), {"scan", "--quiet", "--format", "ndjson", "-r", rules_});
    return run_program(words);
  }
  std::string exported() {
    const auto run = run_program({"store", "export", store_});
    EXPECT_EQ(run.code, 0) << run.err;
    return run.out;
  }

  TemporaryFolder folder_;
  std::string rules_ = folder_.write("rules.yml", kRules);
  std::string first_ = folder_.write("1.json", detector("1", "2026-01-15T10:11:12Z", "d1") + "\n");
  std::string second_ = folder_.write("2.json", Record{.id = "2", .time = "2026-01-15T10:30:00Z"}.json() + "\n" +
                                                    detector("1", "2026-01-15T10:11:12Z", "d1") + "\n");
  std::string store_ = (folder_.path() / "state.db").string();
};

TEST_F(StoreFile, LetsRunsOverPartsGiveWhatOneRunGives) {
  const auto whole = scan({first_, second_});
  ASSERT_EQ(lines_of(whole.out).size(), 2U) << whole.out;
  const auto first = scan({"--store", store_, first_});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.out, "") << "nothing is decided yet";
  const auto second = scan({"--store", store_, "--final", second_});
  EXPECT_EQ(alone(second.out), alone(whole.out));
  EXPECT_EQ(alone(exported()), alone(whole.out));
}

TEST_F(StoreFile, IsFinishedByARunWithoutFilesAndRefusedFromThenOn) {
  const auto whole = scan({first_, second_});
  const auto first = run_program({"scan", "-r", rules_, "--store", store_, first_, second_});
  EXPECT_NE(first.err.find("with something to be judged later; --final judges what is there"), std::string::npos)
      << first.err;
  EXPECT_EQ(scan({"--store", store_}).code, 3) << "there is neither a file nor --final";
  const auto last = scan({"--store", store_, "--final"});
  EXPECT_EQ(last.code, 0) << last.err;
  EXPECT_EQ(alone(exported()), alone(whole.out));
  const auto more = scan({"--store", store_, second_});
  EXPECT_EQ(more.code, 3);
  EXPECT_NE(more.err.find("was finished by --final"), std::string::npos) << more.err;
}

TEST_F(StoreFile, LetsRulesThatNameAnOriginWaitForAMintInAnotherPart) {
  const std::string rules = folder_.write("rules.yml", R"(title: By alice
id: 5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f11
level: high
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventName: DescribeRegions, origin.name: alice}
  condition: selection
---
title: Calls
name: calls
level: informational
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventName: DescribeRegions}
  condition: selection
---
title: Two by one person
name: two
level: medium
correlation:
  type: event_count
  rules: [calls]
  group-by: [origin.principal]
  timespan: 1h
  condition: {gte: 2}
)");
  const std::string in_role = tests::session({'1', "R", "s", tests::key("K"), "2026-01-15T10:00:00Z"});
  const std::string mint = folder_.write(
      "mint.json", tests::assume({"2026-01-15T10:00:00Z", tests::user('1', "alice"), '1', "R", "s", tests::key("K")}));
  const std::string uses = folder_.write("uses.json", tests::call("2026-01-15T10:05:00Z", in_role) + "\n" +
                                                          tests::call("2026-01-15T10:06:00Z", in_role) + "\n");
  const std::string others =
      folder_.write("others.json", tests::call("2026-01-15T10:07:00Z", tests::user('1', "bob")) + "\n" +
                                       tests::call("2026-01-15T10:08:00Z", tests::session({'1', "Q", "s"})) + "\n");
  const auto whole = scan({mint, uses, others});
  ASSERT_EQ(lines_of(whole.out).size(), 2U) << whole.out;
  int stores = 0;
  for (const auto& parts : std::vector<std::vector<std::string>>{{mint, uses, others}, {others, uses, mint}}) {
    const std::string store = (folder_.path() / ("origins" + std::to_string(++stores) + ".db")).string();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::vector<std::string> words{"--store", store, parts[i]};
      if (i + 1 == parts.size()) words.insert(words.begin(), "--final");
      const auto run = scan(words);
      ASSERT_EQ(run.code, 0) << run.err;
    }
    const auto exported = run_program({"store", "export", store});
    EXPECT_EQ(alone(exported.out), alone(whole.out));
  }
  // Learning leaves nothing to be judged later.
  ASSERT_EQ(run_program({"learn", "--store", store_, "-r", rules, uses}).code, 0);
  EXPECT_EQ(scan({"--store", store_, "--final", mint}).out, "");
}

TEST_F(StoreFile, ShowsOfARunWhatItChanged) {
  ASSERT_EQ(scan({"--store", store_, first_}).code, 0);
  EXPECT_EQ(lines_of(scan({"--store", store_, second_}).out).size(), 1U) << "the new detector waits still";
  EXPECT_EQ(scan({"--store", store_, second_}).out, "") << "all of it was delivered before";
  EXPECT_EQ(lines_of(exported()).size(), 1U);
}

TEST_F(StoreFile, GivesOverRealLogsInPartsWhatOneRunGives) {
  if (!std::filesystem::exists(tests::shared("data/cloudtrail"))) GTEST_SKIP() << tests::missing("data/cloudtrail");
  std::vector<std::string> parts;
  for (const auto& part : std::filesystem::directory_iterator(tests::shared("data/cloudtrail/sans504"))) {
    parts.push_back(part.path().string());
  }
  parts.push_back(tests::shared("data/cloudtrail/invictus").string());
  std::vector<std::string> words{"scan", "--quiet", "--format", "ndjson"};
  words.insert(words.end(), parts.begin(), parts.end());
  const auto whole = run_program(words);
  ASSERT_GT(lines_of(whole.out).size(), 20U);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::vector<std::string> part{"scan", "--quiet", "--store", store_, parts[i]};
    if (i + 1 == parts.size()) part.insert(part.begin() + 1, "--final");
    ASSERT_EQ(run_program(part).code, 0);
  }
  // What is gathered for reading is of the events that came first, and other parts come first.
  const auto without_evidence = [](const std::string& text) {
    std::vector<std::string> lines = alone(text);
    for (auto& line : lines) {
      line.resize(std::min(line.find(R"("arrived")"), line.find(R"("actor)")));
      const std::size_t summary = line.find(R"("summary")");
      line.erase(summary, line.find(R"("rule")") - summary);
    }
    return lines;
  };
  EXPECT_EQ(without_evidence(exported()), without_evidence(whole.out));
}

TEST_F(StoreFile, LosesNothingThatAKilledRunHadCommitted) {
  std::string log;
  for (int i = 0; i < 20'000; ++i) {
    log +=
        Record{.id = std::to_string(i), .time = "2026-01-15T10:" + std::to_string(10 + i / 400) + ":00Z"}.json() + "\n";
  }
  const std::string many = folder_.write("many.json", log);
  const std::string whole = scan({many}).out;
  for (const int wait_ms : {20, 40, 60, 80, 100, 120}) {
    const pid_t child = ::fork();
    if (child == 0) {
      std::freopen("/dev/null", "w", stdout);
      std::freopen("/dev/null", "w", stderr);
      const char* program = std::getenv("TRIPLINE_BIN");
      ::execl(program, program, "scan", "--quiet", "-r", rules_.c_str(), "--store", store_.c_str(), many.c_str(),
              nullptr);
      ::_exit(127);
    }
    ::usleep(static_cast<useconds_t>(wait_ms) * 1000);  // any moment will do
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
  }
  const auto last = scan({"--store", store_, "--final", many});
  EXPECT_EQ(last.code, 0) << last.err;
  EXPECT_EQ(alone(exported()), alone(whole));
  EXPECT_NE(run_program({"store", "check", store_}).out.find(": sound\n"), std::string::npos);
}

TEST_F(StoreFile, LearnsWhatIsUsualSoThatItIsNotNew) {
  EXPECT_EQ(lines_of(scan({first_}).out).size(), 1U) << "the detector is new";
  const auto learned = run_program({"learn", "--store", store_, "-r", rules_, first_});
  EXPECT_EQ(learned.code, 0) << learned.err;
  EXPECT_NE(learned.err.find("learned from 1 match for 2 correlations, kept in "), std::string::npos) << learned.err;
  EXPECT_EQ(exported(), "");
  const std::string other = folder_.write("3.json", detector("3", "2026-01-16T10:00:00Z", "d1") + "\n" +
                                                        detector("4", "2026-01-16T12:00:00Z", "d2") + "\n");
  const auto run = scan({"--store", store_, "--final", other});
  ASSERT_EQ(lines_of(run.out).size(), 1U) << run.out;
  EXPECT_NE(run.out.find(R"("group":[{"field":"requestParameters.detectorId","value":"d2"}])"), std::string::npos)
      << run.out;
}

TEST_F(StoreFile, IsNeverBegunAnewWhenItCannotBeRead) {
  const std::string junk = folder_.write("junk.db", "junk\n");
  const auto run = scan({"--store", junk, first_});
  EXPECT_EQ(run.code, 3);
  EXPECT_NE(run.err.find("it is not a database"), std::string::npos) << run.err;
  EXPECT_EQ(tests::read_file(junk), "junk\n");
  EXPECT_EQ(run_program({"store", "check", junk}).code, 3);
  EXPECT_EQ(run_program({"store", "check", store_}).code, 3) << "there is none";
}

TEST_F(StoreFile, IsCopiedAndMadeSmaller) {
  ASSERT_EQ(scan({"--store", store_, "--final", first_, second_}).code, 0);
  const std::string copy = (folder_.path() / "copy.db").string();
  EXPECT_EQ(run_program({"store", "backup", store_, copy}).code, 0);
  EXPECT_EQ(run_program({"store", "export", copy}).out, exported());
  EXPECT_EQ(run_program({"store", "backup", store_, copy}).code, 3) << "it is there";
  EXPECT_EQ(run_program({"store", "compact", store_}).code, 0);
  EXPECT_EQ(run_program({"store", "export", copy}).out, exported());
  EXPECT_EQ(run_program({"store", "backup", store_}).code, 3) << "where to?";
  EXPECT_EQ(run_program({"store", "polish", store_}).code, 3);
}

TEST_F(StoreFile, KeepsTheStateOfAllRulesWhicheverAreShown) {
  ASSERT_EQ(scan({"--store", store_, "--rule", "new", first_}).code, 0);
  const auto many = scan({"--store", store_, "--final", "--rule", "many", second_});
  ASSERT_EQ(lines_of(many.out).size(), 1U) << many.out << many.err;
  EXPECT_NE(many.out.find(R"("title":"Many")"), std::string::npos) << "of events that came when it was not shown";
  EXPECT_EQ(lines_of(exported()).size(), 2U) << "the other rule's signal is kept";
  const std::string store = (folder_.path() / "other.db").string();
  const auto high = scan({"--store", store, "--final", "--level", "high", first_, second_});
  EXPECT_EQ(lines_of(high.out).size(), 1U) << high.out;
  EXPECT_EQ(scan({"--store", store, "--rule", "nobody", first_}).code, 3);
}

TEST_F(StoreFile, SaysUntilWhenItsRulesLearn) {
  const std::string rules = folder_.write("learning.yml", kRules + "tripline: {learning: 14d}\n");
  ASSERT_EQ(run_program({"scan", "--quiet", "--store", store_, "-r", rules, first_}).code, 0);
  const auto listed = lines_of(run_program({"rules", "-r", rules, "--store", store_, "--format", "csv"}).out);
  ASSERT_EQ(listed.size(), 4U);
  EXPECT_TRUE(listed[3].ends_with(",2026-01-29T10:11:12Z,")) << listed[3];
  EXPECT_TRUE(listed[2].ends_with(",,")) << listed[2];
  const auto without = lines_of(run_program({"rules", "-r", rules, "--format", "csv"}).out);
  EXPECT_TRUE(without[3].ends_with(",,")) << without[3];
  EXPECT_EQ(run_program({"rules", "-r", rules, "--store", folder_.write("junk.db", "junk\n")}).code, 3);
}

TEST_F(StoreFile, ExportsSignalsWithWhatStandsBesideThem) {
  const auto run = scan({"--store", store_, "--final", first_, second_});
  ASSERT_EQ(run.code, 0);
  const auto shown = lines_of(run.out);
  const auto lines = lines_of(exported());
  ASSERT_EQ(lines.size(), shown.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    SCOPED_TRACE(lines[i]);
    // The export does not know where the logs are.
    EXPECT_EQ(lines[i].substr(0, lines[i].find(R"(,"next":)")), shown[i].substr(0, shown[i].find(R"(,"next":)")));
    EXPECT_NE(lines[i].find(R"("field":)"), std::string::npos);
    EXPECT_NE(lines[i].find(R"("related":[{"id":)"), std::string::npos);
    EXPECT_NE(lines[i].find(R"("next":"tripline timeline arn:aws:iam::111122223333:user/alice --from )"),
              std::string::npos);
    EXPECT_NE(lines[i].find(R"("detected":"2)"), std::string::npos) << "a store says when";
  }
}

TEST_F(StoreFile, ClosesSignalsOfRulesThatAreGone) {
  ASSERT_EQ(scan({"--store", store_, first_, second_}).code, 0);
  const std::string open = run_program({"store", "check", store_}).out;
  EXPECT_NE(open.find("1 open signal, 0 closed signals"), std::string::npos) << open;
  folder_.write("rules.yml", tests::kDetectorRule);
  ASSERT_EQ(scan({"--store", store_, folder_.write("empty.json", "")}).code, 0);
  const std::string closed = run_program({"store", "check", store_}).out;
  EXPECT_NE(closed.find("0 open signals, 1 closed signal"), std::string::npos) << closed;
  EXPECT_NE(exported().find(R"("title":"Many")"), std::string::npos) << "what it was is known still";
}

}  // namespace
}  // namespace tripline
