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

class Search : public testing::Test {
 protected:
  tests::Run search(std::vector<std::string> words) {
    words.insert(words.begin(), "search");
    words.push_back(log_);
    return run_program(words);
  }

  TemporaryFolder folder_;
  std::string log_ = folder_.write(
      "log.json",
      Record{.id = "1"}.json() + "\n" +
          Record{.id = "2", .time = "2026-01-16T00:00:00Z", .name = "GetDetector", .user = "=bob"}.json() + "\n" +
          Record{
              .id = "3", .name = "CreateDetector", .user = "carol\\u001b[2J", .more = R"(,"errorCode":"AccessDenied")"}
              .json() +
          "\n");
};

TEST_F(Search, FindsTheRecordsOfAQuery) {
  const struct {
    std::string query;
    std::string ids;
  } cases[] = {
      {"*", "123"},
      {"eventName:Delete* OR eventName:Get*", "12"},
      {"eventName:*Detector -eventName:Get*", "13"},
      {"-eventName:Get*", "13"},
      {"outcome:denied", "3"},
      {"actor.name:alice", "1"},
      {"CREATEDETECTOR", "3"},
      {"nothing-like-this", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const auto run = search({"--fields", "eventID", "--format", "csv", c.query});
    EXPECT_EQ(run.code, 0) << run.err;
    std::string ids;
    const auto lines = lines_of(run.out);
    for (std::size_t i = 1; i < lines.size(); ++i) ids += lines[i];
    EXPECT_EQ(ids, c.ids);
  }
}

TEST_F(Search, GivesTheRecordItselfWithOursBesideItUnderOneKey) {
  const auto lines = lines_of(search({"eventID:3"}).out);
  ASSERT_EQ(lines.size(), 1U);
  simdjson::dom::parser parser;
  simdjson::dom::element record;
  ASSERT_EQ(parser.parse(lines[0]).get(record), simdjson::SUCCESS) << lines[0];
  EXPECT_EQ(std::string_view(record["eventName"]), "CreateDetector");
  EXPECT_EQ(std::string_view(record["userIdentity"]["userName"]), "carol\x1b[2J");
  EXPECT_EQ(std::string_view(record["tripline"]["outcome"]), "denied");
  EXPECT_EQ(std::string_view(record["tripline"]["actor"]["account"]), "111122223333");
  EXPECT_EQ(std::string_view(record["tripline"]["source"]["path"]), log_);
  const std::size_t offset =
      Record{.id = "1"}.json().size() + 1 +
      Record{.time = "2026-01-16T00:00:00Z", .name = "GetDetector", .user = "=bob"}.json().size() + 1;
  EXPECT_EQ(std::uint64_t(record["tripline"]["source"]["offset"]), offset);
}

TEST_F(Search, ShowsATableOfTheUsualColumns) {
  const auto lines = lines_of(search({"--format", "table", "eventID:3"}).out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0],
            "TIME                  ACCOUNT       REGION     ACTOR         SOURCE                   EVENT           "
            "OUTCOME  FROM");
  EXPECT_EQ(lines[1],
            "2026-01-15T10:11:12Z  111122223333  eu-west-1  carol\\x1b[2J  guardduty.amazonaws.com  CreateDetector  "
            "denied   192.0.2.1");
}

TEST_F(Search, TellsAFieldThatIsMissingFromOneThatIsEmpty) {
  const std::string log = folder_.write(
      "empty.json", Record{.id = "1", .more = R"(,"userAgent":"","vpcEndpointId":null,"resources":["",null])"}.json());
  const auto run = run_program({"search", "--fields", "eventID,userAgent,vpcEndpointId,errorCode,resources", "*", log});
  EXPECT_EQ(run.out,
            "{\"eventID\":\"1\",\"userAgent\":\"\",\"vpcEndpointId\":null,\"errorCode\":null,"
            "\"resources\":\"\"}\n");
}

TEST_F(Search, MasksSecretsInChosenFieldsAloneAndShowsARecordAsItIs) {
  const std::string log =
      folder_.write("secret.json", Record{.id = "1", .more = R"(,"requestParameters":{"password":"pw"})"}.json());
  EXPECT_EQ(run_program({"search", "--fields", "requestParameters.password", "*", log}).out,
            "{\"requestParameters.password\":\"(secret)\"}\n");
  EXPECT_NE(run_program({"search", "*", log}).out.find(R"("password":"pw")"), std::string::npos);
}

TEST_F(Search, CountsWhatItSkipsInTheSingularAndThePlural) {
  folder_.write("skips/notes.txt", "");
  const auto one = run_program({"search", "*", (folder_.path() / "skips").string()});
  EXPECT_NE(one.err.find("skipped: 1 file that is no log by its name\n"), std::string::npos) << one.err;
  folder_.write("skips/readme.txt", "");
  const auto two = run_program({"search", "*", (folder_.path() / "skips").string()});
  EXPECT_NE(two.err.find("skipped: 2 files that are no logs by their name\n"), std::string::npos) << two.err;
}

TEST_F(Search, SaysInWordsWhatRecordsItSkips) {
  const std::string log = folder_.write(
      "kinds.json",
      R"({"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],)"
      R"("logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE: Checking health of destination"}]})"
      "\n"
      R"({"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"})"
      "\n"
      R"({"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"c"})"
      "\n");
  const auto run = run_program({"search", "*", log});
  EXPECT_NE(run.err.find("\nskipped: 1 control message of CloudWatch Logs, 2 test events of S3\n"), std::string::npos)
      << run.err;
}

TEST_F(Search, WantsALogSourceThatItKnows) {
  EXPECT_EQ(search({"--logsource", "windows", "*"}).code, 3);
  const auto twice = search({"--logsource", "product=a,product=b", "*"});
  EXPECT_EQ(twice.code, 3);
  EXPECT_NE(twice.err.find("--logsource names product twice"), std::string::npos) << twice.err;
  const auto cloudtrail = search({"--logsource", "product=aws,service=cloudtrail", "outcome:denied", "--quiet"});
  EXPECT_EQ(lines_of(cloudtrail.out).size(), 1U) << cloudtrail.err;
}

TEST_F(Search, SaysSoWhenTheShellTookTheQueryApart) {
  const auto run = search({"eventName:Get*", "-awsRegion:x"});
  EXPECT_EQ(run.code, 3);
  EXPECT_NE(run.err.find("search: -awsRegion:x stands behind the query; put the whole query into one pair of quotes\n"),
            std::string::npos)
      << run.err;
}

TEST_F(Search, NeutralisesFormulasInCsv) {
  const auto lines = lines_of(search({"--format", "csv", "--fields", "actor.name", "eventID:2"}).out);
  EXPECT_EQ(lines, (std::vector<std::string>{"actor.name", "'=bob"}));
}

TEST_F(Search, KeepsToItsSpanAndLimit) {
  EXPECT_EQ(lines_of(search({"--from", "2026-01-16", "*"}).out).size(), 1U);
  const auto run = search({"--limit", "2", "*"});
  EXPECT_EQ(lines_of(run.out).size(), 2U);
  EXPECT_EQ(run.err, "2 records found; there are more (--limit 2)\n");
  EXPECT_EQ(lines_of(search({"--limit", "3", "*"}).out).size(), 3U);
}

TEST_F(Search, PointsAtTheMistakeInAQuery) {
  const auto run = search({"eventName:(a OR"});
  EXPECT_EQ(run.code, 3);
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("column "), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("\n  eventName:(a OR\n"), std::string::npos) << run.err;
  const auto wide = search({"日本\t( x"});
  EXPECT_NE(wide.err.find("\n  日本\\t( x\n        ^\n"), std::string::npos) << "four columns, an escape: " << wide.err;
}

TEST_F(Search, ReadsOtherLogsWithoutCloudTrailsFields) {
  const std::string other = folder_.write("other.json", "{\"process\":{\"name\":\"cmd.exe\"}}\n{\"process\":{}}\n");
  const auto run = run_program({"search", "--logsource", "product=windows", "process.name:cmd*", other});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.out, "{\"process\":{\"name\":\"cmd.exe\"},\"tripline\":{\"source\":{\"path\":\"" + other +
                         "\",\"offset\":0,\"index\":0}}}\n");
}

TEST_F(Search, GivesTheSameBytesForAnyNumberOfThreads) {
  std::vector<std::string> words{"search", "--threads", "1", "-eventID:7"};
  for (int file = 0; file < 30; ++file) {
    std::string text;
    for (int i = 0; i < 60; ++i) text += Record{.id = std::to_string(i)}.json() + "\n";
    words.push_back(folder_.write("many/" + std::to_string(file) + ".json", text));
  }
  const auto one = run_program(words);
  words[2] = "4";
  EXPECT_EQ(lines_of(one.out).size(), 30U * 59U);
  EXPECT_EQ(run_program(words).out, one.out);
}

TEST_F(Search, WarnsOfValuesThatNoRecordHas) {
  const auto run = search({"--quiet", "eventID:1 outcome:deny"});
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.err,
            "tripline: warning: search: column 19 of the query: `outcome` is never `deny`\n"
            "  eventID:1 outcome:deny\n"
            "                    ^\n"
            "hint: did you mean `denied`? it is one of `success`, `failure`, `denied`\n");
}

TEST_F(Search, WarnsOfFieldsOfAccountsThatNothingTellsOf) {
  constexpr char kWarning[] =
      "tripline: warning: of accounts nothing is known without --accounts FILE, which is wanted for account.env, "
      "account.name\n";
  EXPECT_EQ(search({"--quiet", "--fields", "account.name", "account.env:prod"}).err, kWarning);
  EXPECT_EQ(search({"--quiet", "--logsource", "any", "account.env:prod"}).err, "");
  EXPECT_EQ(search({"--quiet", "--fields", "eventID", "eventID:1"}).err, "");
}

TEST_F(Search, TellsWhoSwapsItsArgumentsThatTheQueryComesFirst) {
  const auto run = run_program({"search", log_, "eventID:1"});
  EXPECT_EQ(run.code, 3);
  EXPECT_NE(run.err.find("search: " + log_ + " is a path, and eventID:1 is none: the query comes first\n"),
            std::string::npos)
      << run.err;
}

}  // namespace
}  // namespace tripline
