#include "engine/accounts.h"

#include <gtest/gtest.h>

#include "engine/derived.h"
#include "tests/support/events.h"

namespace tripline::engine {
namespace {

TEST(Accounts, AreNamedByTwelveDigits) {
  EXPECT_TRUE(is_account_id("012345678901"));
  for (const std::string_view text :
       {"", "11112222333", "1111222233334", "11112222333x", "1111-2222-33", " 11122223333"}) {
    EXPECT_FALSE(is_account_id(text)) << text;
  }
}

TEST(Accounts, GiveEventsTheFieldsOfTheAccountThatTheyHappenedIn) {
  const Accounts accounts({{"111122223333", "payments-prod", "prod", "team-payments"}});
  const struct {
    std::string_view what, json;
    const Accounts* accounts;
    std::string_view name, env, owner, known;
  } cases[] = {
      {"a known account", R"({"recipientAccountId":"111122223333","userIdentity":{"accountId":"222233334444"}})",
       &accounts, "payments-prod", "prod", "team-payments", "true"},
      {"an account that is not listed", R"({"recipientAccountId":"222233334444"})", &accounts, "", "", "", "false"},
      {"an old record, which names no recipient", R"({"userIdentity":{"type":"Root","accountId":"111122223333"}})",
       &accounts, "payments-prod", "prod", "team-payments", "true"},
      {"no list, which says nothing of any account", R"({"recipientAccountId":"111122223333"})", nullptr, "", "", "",
       ""},
  };
  const FieldTable fields;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    tests::OwnedEvent event(fields, c.json, {.accounts = c.accounts});
    EXPECT_EQ(find_derived("account.name")->text(*event), c.name);
    EXPECT_EQ(find_derived("account.env")->text(*event), c.env);
    EXPECT_EQ(find_derived("account.owner")->text(*event), c.owner);
    EXPECT_EQ(find_derived("account.known")->text(*event), c.known);
  }
}

}  // namespace
}  // namespace tripline::engine
