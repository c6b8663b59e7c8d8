#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/identities.h"
#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline {
namespace {

using tests::account;
using tests::assume;
using tests::call;
using tests::key;
using tests::lines_of;
using tests::run_program;
using tests::session;
using tests::user;

constexpr char kRule[] =
    "title: Regions listed by somebody of another account\n"
    "id: 5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f03\n"
    "status: test\n"
    "level: high\n"
    "logsource: {product: aws, service: cloudtrail}\n"
    "detection:\n"
    "  selection:\n"
    "    eventName: DescribeRegions\n"
    "    origin.account: '222222222222'\n"
    "  condition: selection\n"
    "fields: [origin.name, origin.resolution, chain.depth, chain.path]\n";

/// Alice of one account enters a role of another, and uses the key that she got; the session says that it began before
/// the call that made it, as real ones do.
struct Pair {
  std::string mint = assume({.time = "2026-01-15T16:23:50Z",
                             .identity = user('2', "Alice"),
                             .account = '1',
                             .role = "ExampleRole",
                             .session = "ExampleSession",
                             .access_key = key("ISSUED"),
                             .shared = "11111111-2222-4333-8444-000000000001"});
  std::string use = call("2026-01-15T16:26:02Z", session({.account = '1',
                                                          .role = "ExampleRole",
                                                          .name = "ExampleSession",
                                                          .access_key = key("ISSUED"),
                                                          .created = "2026-01-15T15:58:31Z"}));
};

const std::string kPath = "Alice@" + account('2') + " → role/ExampleRole@" + account('1');

class Origins : public testing::Test {
 protected:
  tests::TemporaryFolder folder_;
  Pair pair_;
  std::string rule_ = folder_.write("rule.yml", kRule);
  // The use is delivered first.
  std::string logs_ = (folder_.path() / "logs").string();
  std::string first_ = folder_.write("logs/1.json", pair_.use + "\n");
  std::string second_ = folder_.write("logs/2.json", pair_.mint + "\n");
};

TEST_F(Origins, AreFieldsInEveryCommandThoughTheMintComesLater) {
  const struct {
    std::vector<std::string> words;
    std::vector<std::string> shows;
  } cases[] = {
      {{"search", "origin.name:alice actor.type:AssumedRole", "--fields", "chain.path", logs_},
       {R"({"chain.path":")" + kPath + R"("})"}},
      {{"search", "eventName:DescribeRegions", "--fields", "origin.resolution,chain.depth", logs_},
       {R"({"origin.resolution":"exact","chain.depth":"1"})"}},
      {{"search", "eventName:DescribeRegions", "--origins", logs_},
       {R"("origin":{"principal":"arn:aws:iam::222222222222:user/Alice","name":"Alice","account":"222222222222",)"
        R"("kind":"human","resolution":"exact"},"chain":{"depth":"1","path":")" +
        kPath + R"("})"}},
      {{"scan", "-r", rule_, logs_}, {R"("origin.name":"Alice")", R"("chain.path":")" + kPath}},
      {{"scan", "-r", rule_, "--matches", "--threads", "3", logs_}, {R"("chain.path":")" + kPath}},
      {{"fields", "-r", rule_, logs_}, {R"({"field":"chain.path","types":["string"],"events":2)"}},
      {{"fields", "--origins", "-r", rule_, logs_}, {kPath}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.words[0] + " " + c.words[1]);
    const auto run = run_program(c.words);
    EXPECT_EQ(run.code, 0) << run.err;
    for (const auto& text : c.shows) EXPECT_NE(run.out.find(text), std::string::npos) << run.out;
  }
}

TEST_F(Origins, AreSaidOfAllThatFiresThoughNoRuleNamesThem) {
  std::string text = kRule;
  const std::string test = "    origin.account: '222222222222'\n";
  text.replace(text.find(test), test.size(), "");
  text.erase(text.find("fields:"));
  const std::string rule = folder_.write("plain.yml", text);
  const struct {
    std::vector<std::string> words;
    std::string shows;
  } cases[] = {
      {{"--origins"}, R"("origin":"Alice","chain":")" + kPath + "\""},
      {{"--origins", "--matches"}, R"("origin":{"name":"Alice"},"chain":{"path":")" + kPath + "\"}"},
      {{"--origins", "--format", "csv"}, ",Alice,"},
  };
  for (auto c : cases) {
    c.words.insert(c.words.begin(), {"scan", "-r", rule, logs_});
    const auto run = run_program(c.words);
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_NE(run.out.find(c.shows), std::string::npos) << run.out;
  }
  const auto without = run_program({"scan", "-r", rule, logs_});
  EXPECT_EQ(without.out.find("origin"), std::string::npos) << without.out;
}

TEST_F(Origins, AreExplainedByTheMintsOfTheSameFile) {
  const std::string both = folder_.write("both.json", pair_.use + "\n" + pair_.mint + "\n");
  const auto run = run_program({"explain", rule_, both});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("✓ matches"), std::string::npos) << run.out;
  const auto without = run_program({"explain", rule_, first_});
  EXPECT_NE(without.err.find("the origin is unresolved, as no event of this input issued the credentials"),
            std::string::npos)
      << without.err;
  EXPECT_NE(without.out.find("✗ does not match"), std::string::npos) << without.out;
  EXPECT_NE(without.out.find("origin.account = '111111111111'"), std::string::npos)
      << "without the mint the origin is the actor\n"
      << without.out;
}

TEST_F(Origins, CountMintsOutsideTheSpanThatIsAskedFor) {
  const auto run = run_program({"search", "origin.name:Alice", "--from", "2026-01-15T16:25:00Z", "--fields",
                                "eventName,origin.name", "--format", "csv", logs_});
  EXPECT_EQ(lines_of(run.out), (std::vector<std::string>{"eventName,origin.name", "DescribeRegions,Alice"})) << run.err;
}

TEST_F(Origins, AreKnownOfStandardInputThoughItIsReadTwice) {
  const std::vector<std::string> words = {"search", "origin.name:Alice", "--fields", "eventName", "--format", "csv",
                                          "-"};
  const std::vector<std::string> found = {"eventName", "DescribeRegions", "AssumeRole"};
  const auto piped = run_program(words, pair_.use + "\n" + pair_.mint + "\n");
  EXPECT_EQ(piped.code, 0) << piped.err;
  EXPECT_EQ(lines_of(piped.out), found) << piped.err;
  EXPECT_NE(piped.err.find("2 events"), std::string::npos) << "the report is of one reading\n" << piped.err;
}

TEST_F(Origins, AreLeftOutOfWholeRecordsUnlessSomethingNamesThem) {
  const auto plain = run_program({"search", "*", logs_});
  EXPECT_EQ(plain.code, 0) << plain.err;
  EXPECT_EQ(plain.out.find("\"origin\""), std::string::npos) << "the input was read once, so none is known";
  const auto named = run_program({"search", "origin.kind:human", logs_});
  EXPECT_NE(named.out.find("\"origin\""), std::string::npos);
}

TEST_F(Origins, OfBothAccountsCopiesOfACallAreTheSame) {
  const std::string alice = "arn:aws:iam::" + account('2') + ":user/Alice";
  const auto copies = [](std::string_view time, const std::string& caller, const std::string& owner,
                         const std::string& shared) {
    const std::string more = R"(,"sharedEventID":")" + shared + "\"";
    return std::vector<std::string>{call(time, caller, "GetObject", more + R"(,"recipientAccountId":"222222222222")"),
                                    call(time, owner, "GetObject", more + R"(,"recipientAccountId":"333333333333")")};
  };
  const std::string as_user =
      R"({"type":"AWSAccount","principalId":"AIDAAlice","accountId":")" + account('2') + R"("})";
  const std::string as_role = tests::outsider('1', "ExampleRole", "ExampleSession");
  const auto in_role =
      session({.account = '1', .role = "ExampleRole", .name = "ExampleSession", .access_key = key("ISSUED")});
  std::vector<std::string> records = copies("2026-01-15T16:27:00Z", user('2', "Alice"), as_user, "shared-1");
  for (const auto& record : copies("2026-01-15T16:28:00Z", in_role, as_role, "shared-2")) records.push_back(record);
  // Of the mint, too, the owner has a copy.
  std::string owners_mint = pair_.mint;
  const auto at = owners_mint.find(user('2', "Alice"));
  owners_mint.replace(at, user('2', "Alice").size(), as_user);
  owners_mint.replace(owners_mint.find(R"("eventID":"0)"), 12, R"("eventID":"9)");
  records.push_back(owners_mint);
  for (int order = 0; order < 2; ++order) {
    std::string text;
    for (const auto& record : records) text += record + "\n";
    folder_.write("logs/0.json", text);
    const auto run = run_program({"search", "eventName:(GetObject OR AssumeRole)", "--fields",
                                  "origin.principal,origin.name,origin.resolution", "--format", "csv", logs_});
    const auto lines = lines_of(run.out);
    ASSERT_EQ(lines.size(), 7U) << run.out << run.err;
    for (std::size_t i = 1; i < lines.size(); ++i) EXPECT_EQ(lines[i], alice + ",Alice,exact");
    std::reverse(records.begin(), records.end());
  }
  const auto piped =
      run_program({"search", "userIdentity.type:AWSAccount", "--fields", "origin.name", "--format", "csv", "-"},
                  records[0] + "\n" + records[1] + "\n" + records[2] + "\n" + records[3] + "\n" + pair_.mint + "\n");
  EXPECT_EQ(lines_of(piped.out), (std::vector<std::string>{"origin.name", "Alice", "Alice"})) << piped.err;
  // A timeline shows each call once.
  const auto timeline = run_program({"timeline", "Alice", "--format", "csv", logs_});
  std::size_t calls = 0;
  for (const auto& line : lines_of(timeline.out)) calls += line.find("GetObject") != std::string::npos ? 1 : 0;
  EXPECT_EQ(calls, 2U) << timeline.out;
}

TEST_F(Origins, AreSaidAboutABrokenDeliveryOnlyOnce) {
  folder_.write("logs/3.json", "{\"Records\":[{\"eventTime\":");
  const auto run = run_program({"search", "origin.name:Alice", logs_});
  EXPECT_EQ(run.code, 0);
  const auto at = run.err.find("3.json");
  ASSERT_NE(at, std::string::npos) << run.err;
  EXPECT_EQ(run.err.find("3.json", at + 1), std::string::npos) << run.err;
}

TEST_F(Origins, OfRuleTestsComeFromTheEventsOfTheTestFile) {
  const std::string text =
      "rule: rule.yml\n"
      "events:\n"
      "  use: " +
      pair_.use + "\n  mint: " + pair_.mint +
      "\ncases:\n"
      "  - {name: a key that was issued across accounts, event: use, expect: match}\n"
      "  - name: another key, in a session that began at another time\n"
      "    event: use\n"
      "    with: {userIdentity.accessKeyId: ASIAOTHER}\n"
      "    expect: no match\n";
  const std::string test = folder_.write("rule.test.yml", text);
  const auto run = run_program({"test", "--verbose", rule_});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_NE(run.err.find("2 passed, 0 failed"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace tripline
