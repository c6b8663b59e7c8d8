#include "rules/title_template.h"

#include <gtest/gtest.h>

#include "tests/support/events.h"
#include "tests/support/load_rules.h"

namespace tripline::rules {
namespace {

TEST(ReadTitle, TakesTextAndFieldsApart) {
  const struct {
    std::string_view text;
    std::string_view parts;  // text[field]
  } cases[] = {{"a user", "a user[]"},
               {"{eventName}", "[eventName][]"},
               {"{actor.name} made {requestParameters.userName}!", "[actor.name] made [requestParameters.userName]![]"},
               {"{{literal}} {eventName}", "{literal} [eventName][]"},
               {"", "[]"}};
  for (const auto& c : cases) {
    const auto read = read_title(c.text);
    ASSERT_TRUE(std::holds_alternative<engine::Title>(read)) << c.text;
    std::string parts;
    for (const auto& part : std::get<engine::Title>(read)) parts += part.text + "[" + part.field + "]";
    EXPECT_EQ(parts, c.parts);
  }
  for (const std::string_view bad : {"{", "{a", "a}", "{}", "{a b}", "{a{b}}"}) {
    EXPECT_TRUE(std::holds_alternative<BadTitle>(read_title(bad))) << bad;
  }
}

class Titles : public tests::LoadRules {};

TEST_F(Titles, AreFilledInWithTheEventAndShowNoSecret) {
  write("rule.yml", tests::detection("t", "CreateUser",
                                     "tripline: {title: '{actor.name} made {requestParameters.userName} with "
                                     "{requestParameters.password} in {awsRegion}', response: Ask., mode: dry_run}\n"));
  const auto loaded = load();
  ASSERT_EQ(loaded.rules->detections.size(), 1U);
  const engine::Detection& detection = loaded.rules->detections[0];
  EXPECT_EQ(detection.rule.response, "Ask.");
  EXPECT_TRUE(detection.rule.dry_run);
  tests::OwnedEvent event(loaded.rules->fields,
                          R"({"eventName":"CreateUser","userIdentity":{"type":"IAMUser","userName":"alice"},
                              "requestParameters":{"userName":"bob","password":"hunter2"}})");
  EXPECT_EQ(title_of(*event, detection.title), "alice made bob with (secret) in (none)");
}

TEST_F(Titles, OfCorrelationsNameWhatTheirEventsHaveInCommon) {
  write("a.yml", tests::detection("a", "CreateUser"));
  const std::string good = "tripline: {title: '{triggers} by {actor.name}'}\n";
  const std::string bad = "tripline: {title: 'from {awsRegion}'}\n";
  const std::string body =
      "correlation: {type: event_count, rules: [a], group-by: [actor.name], timespan: 5m, condition: {gte: 2}}\n"
      "level: low\n";
  write("good.yml", "title: Good\nid: 5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f01\n" + body + good);
  write("bad.yml", "title: Bad\nid: 5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f02\n" + body + bad);
  const auto loaded = load();
  ASSERT_EQ(loaded.rules->correlations.size(), 1U);
  EXPECT_EQ(loaded.rules->correlations[0].title.size(), 3U);
  std::string codes;
  for (const auto& found : loaded.diagnostics.all())
    codes += std::string(found.code->code) + ": " + found.message + "\n";
  EXPECT_NE(codes.find("bad-title: `{awsRegion}` is nothing that the correlation's events have in common"),
            std::string::npos)
      << codes;
}

}  // namespace
}  // namespace tripline::rules
