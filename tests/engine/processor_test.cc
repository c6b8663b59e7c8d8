#include "engine/processor.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/load_rules.h"

namespace tripline::engine {
namespace {

using ProcessorTest = tests::LoadRules;

/// Of a user whose name is too long to be kept within a string itself.
std::string record_of(const std::string& user, std::uint32_t index) {
  return R"({"eventVersion":"1.08","eventTime":"2026-01-15T10:11:12Z","eventName":"CreateUser","eventID":"e)" +
         std::to_string(index) +
         R"(","eventSource":"iam.amazonaws.com","awsRegion":"us-east-1","recipientAccountId":"111122223333",)" +
         R"("userIdentity":{"type":"IAMUser","userName":")" + user + R"(","accountId":"111122223333"}})";
}

TEST_F(ProcessorTest, SparesEvidenceOfARecordThatSeveralRulesMatchByTheActorThatAllOfThemName) {
  for (const char* name : {"one", "two", "three"}) {
    write(std::string("rules/") + name + ".yml",
          tests::detection(name, "CreateUser", "tripline: {group: [recipientAccountId]}\n"));
  }
  const auto loaded = load();
  ASSERT_TRUE(loaded.rules);
  Processor processor(loaded.rules, Matcher(loaded.rules, Origins::kLater), {.filter = {}, .spare_evidence = true});
  for (std::uint32_t index = 0; index < 8; ++index) {
    std::string text = record_of("a-user-with-a-name-of-some-length-" + std::to_string(index), index);
    const std::size_t size = text.size();
    text.append(kRecordPadding, ' ');
    Batch batch;
    ASSERT_TRUE(processor.process({.json = std::string_view(text).substr(0, size), .index = index}, batch));
    ASSERT_EQ(batch.matches.size(), 3U);
    for (const Match& match : batch.matches) {
      EXPECT_EQ(match.actor, "a-user-with-a-name-of-some-length-" + std::to_string(index));
      EXPECT_TRUE(match.evidence) << "of the event " << index << ", whose actor the signal does not have";
    }
  }
}

}  // namespace
}  // namespace tripline::engine
