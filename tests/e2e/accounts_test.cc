#include <gtest/gtest.h>

#include "tests/e2e/logs.h"
#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline {
namespace {

using tests::Record;
using tests::run_program;

constexpr char kRule[] =
    "title: Call in production\n"
    "id: 5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f02\n"
    "status: test\n"
    "level: low\n"
    "logsource: {product: aws, service: cloudtrail}\n"
    "detection:\n"
    "  selection:\n"
    "    account.env: prod\n"
    "  condition: selection\n";
constexpr char kTest[] =
    "rule: rule.yml\n"
    "events:\n"
    "  one: {eventName: X, recipientAccountId: '111122223333'}\n"
    "cases:\n"
    "  - {name: known, event: one, expect: match}\n"
    "  - {name: unknown, event: one, with: {recipientAccountId: '222233334444'}, expect: no match}\n";

TEST(Accounts, AreFieldsInEveryCommandThatIsGivenTheirNames) {
  tests::TemporaryFolder folder;
  const std::string accounts = folder.write(
      "accounts.yml", "accounts:\n  \"111122223333\": {name: payments-prod, env: prod, owner: team-payments}\n");
  const std::string rule = folder.write("rules/rule.yml", kRule);
  folder.write("rules/rule.test.yml", kTest);
  const std::string log = folder.write("log.json", Record{.id = "e1"}.json() + "\n");
  const struct {
    std::vector<std::string> words;
    std::string shows;
  } cases[] = {
      {{"search", "account.known:true", "--fields", "account.name,account.owner", log},
       R"({"account.name":"payments-prod","account.owner":"team-payments"})"},
      {{"search", "*", log},
       R"("account":{"name":"payments-prod","env":"prod","owner":"team-payments","known":"true"})"},
      {{"scan", "-r", rule, "--fields", "account.name", log}, R"("fields":{"account.name":"payments-prod"})"},
      {{"explain", rule, log}, "✓ matches"},
      {{"fields", "-r", rule, log}, R"("field":"account.env")"},
      {{"test", "--verbose", (folder.path() / "rules").string()}, "passed"},
  };
  for (auto c : cases) {
    SCOPED_TRACE(c.words[0]);
    c.words.insert(c.words.end(), {"--accounts", accounts});
    const auto run = run_program(c.words);
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_NE(run.out.find(c.shows), std::string::npos) << run.out;
    EXPECT_EQ(run.out.find("failed"), std::string::npos) << run.out;
  }
}

TEST(Accounts, AFileWithAMistakeEndsTheCommandAndSaysWhere) {
  tests::TemporaryFolder folder;
  const std::string accounts = folder.write("accounts.yml", "accounts:\n  prod: {name: x}\n");
  const std::string log = folder.write("log.json", Record{}.json());
  const auto run = run_program({"search", "*", "--accounts", accounts, log});
  EXPECT_EQ(run.code, 3);
  EXPECT_NE(run.err.find("accounts.yml:2:3: an account is named by its 12 digits"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace tripline
