#include "app/accounts_file.h"

#include <gtest/gtest.h>

#include "engine/derived.h"
#include "tests/support/events.h"

namespace tripline::app {
namespace {

TEST(AccountsFile, NamesAccounts) {
  const auto accounts = read_accounts(
      "accounts:\n"
      "  \"111122223333\": {name: payments-prod, env: prod, owner: team-payments}\n"
      "  012345678901:\n"
      "    name: sandbox\n",
      "accounts.yml");
  ASSERT_TRUE(accounts) << accounts.error().message;
  EXPECT_EQ((*accounts)->size(), 2U);
  const auto* payments = (*accounts)->find("111122223333");
  ASSERT_NE(payments, nullptr);
  EXPECT_EQ(*payments, (engine::AccountFacts{"111122223333", "payments-prod", "prod", "team-payments"}));
  const auto* sandbox = (*accounts)->find("012345678901");
  ASSERT_NE(sandbox, nullptr) << "zeros in front stay";
  EXPECT_EQ(*sandbox, (engine::AccountFacts{"012345678901", "sandbox", "", ""}));
  EXPECT_EQ((*accounts)->find("999999999999"), nullptr);
}

TEST(AccountsFile, SaysWhereItIsWrong) {
  const struct {
    std::string_view name, text, message;
  } cases[] = {
      {"empty", "", "f.yml:1:1: expected one document with `accounts:`"},
      {"another document", "rules: []\n", "f.yml:1:1: expected one document with `accounts:`"},
      {"two documents", "accounts: {}\n---\naccounts: {}\n", "f.yml:1:1: expected one document with `accounts:`"},
      {"another key beside it", "accounts: {}\nacounts: {}\n",
       "f.yml:2:1: expected one document with `accounts:`, a map from account ids to their names, not acounts"},
      {"not UTF-8", "accounts:\n  \"111122223333\": {name: caf\xE9}\n", "f.yml:2:29: the file is not UTF-8 text"},
      {"a list", "accounts: [1]\n", "f.yml:1:1: expected one document with `accounts:`"},
      {"no account id", "accounts:\n  prod: {name: x}\n", "f.yml:2:3: an account is named by its 12 digits"},
      {"a short id", "accounts:\n  \"1234\": {name: x}\n", "f.yml:2:4: an account is named by its 12 digits"},
      {"a bare name", "accounts:\n  \"111122223333\": prod\n", "f.yml:2:19: an account has name, env and owner"},
      {"a slip", "accounts:\n  \"111122223333\": {nmae: x}\n",
       "f.yml:2:20: an account has name, env and owner, not nmae"},
      {"a list for a name", "accounts:\n  \"111122223333\": {name: [x]}\n", "f.yml:2:26: name is a text"},
      {"no YAML", "accounts: {\n", "f.yml:"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto accounts = read_accounts(c.text, "f.yml");
    ASSERT_FALSE(accounts);
    EXPECT_EQ(accounts.error().code, engine::ErrorCode::kUsage);
    EXPECT_EQ(accounts.error().message.substr(0, c.message.size()), c.message) << accounts.error().message;
  }
}

TEST(AccountsFile, SaysWhyItCannotBeRead) {
  const std::pair<std::string, std::string> cases[] = {
      {"/nowhere/accounts.yml", "/nowhere/accounts.yml: the file cannot be opened: No such file or directory"},
      {"/", "/: the file cannot be read: Is a directory"},
  };
  for (const auto& [path, message] : cases) {
    const auto accounts = read_accounts_file(path);
    ASSERT_FALSE(accounts);
    EXPECT_EQ(accounts.error().code, engine::ErrorCode::kIo);
    EXPECT_EQ(accounts.error().message, message);
  }
}

}  // namespace
}  // namespace tripline::app
