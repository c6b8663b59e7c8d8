#include "rules/override_effect.h"

#include <gtest/gtest.h>

namespace tripline::rules {
namespace {

using engine::Level;

engine::Rule some_rule() {
  engine::Rule rule;
  rule.id = "11111111-2222-4333-8444-55555555555a";
  rule.name = "console_login";
  rule.title = "AWS Console Login";
  rule.status = "experimental";
  rule.level = Level::kHigh;
  rule.tags = {"attack.initial_access", "attack.t1078"};
  rule.path = "/etc/tripline/sigma/cloud/aws/login.yml";
  return rule;
}

Override matching(Override::Match match) {
  Override one;
  one.match = std::move(match);
  one.enabled = false;
  return one;
}

TEST(OverrideEffects, FitRulesByAllThatTheyName) {
  const struct {
    std::string_view name;
    Override::Match match;
    bool fits;
  } cases[] = {
      {"its id", {.ids = {"11111111-2222-4333-8444-55555555555a"}}, true},
      {"its id in capitals", {.ids = {"11111111-2222-4333-8444-55555555555A"}}, true},
      {"another id", {.ids = {"11111111-2222-4333-8444-55555555555b"}}, false},
      {"one of some ids", {.ids = {"x", "11111111-*"}}, true},
      {"its name", {.names = {"console_login"}}, true},
      {"its title", {.names = {"aws console login"}}, true},
      {"a part of its title", {.names = {"console"}}, false},
      {"a pattern of its title", {.names = {"*console*"}}, true},
      {"any one character", {.names = {"console?login"}}, true},
      {"a tag", {.tags = {"attack.t1078"}}, true},
      {"a pattern of tags", {.tags = {"attack.T*"}}, true},
      {"no tag of it", {.tags = {"attack.t1"}}, false},
      {"its level", {.levels = {Level::kLow, Level::kHigh}}, true},
      {"another level", {.levels = {Level::kLow}}, false},
      {"its status", {.statuses = {"experimental"}}, true},
      {"another status", {.statuses = {"test", "stable"}}, false},
      {"its whole path", {.paths = {"/etc/tripline/sigma/cloud/aws/login.yml"}}, true},
      {"its path from a folder on", {.paths = {"cloud/*/login.yml"}}, true},
      {"its file's name", {.paths = {"login.yml"}}, true},
      {"a folder above it", {.paths = {"sigma/*"}}, true},
      {"the end of a name", {.paths = {"gma/*"}}, false},
      {"the beginning of its path", {.paths = {"/etc/tripline"}}, false},
      {"two that fit", {.names = {"*login"}, .statuses = {"experimental"}}, true},
      {"one of two", {.names = {"*login"}, .statuses = {"stable"}}, false},
      {"everything", {.names = {"*"}}, true},
      {"accounts are for events", {.names = {"*"}, .account_envs = {"dev"}}, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const std::vector<Override> overrides = {matching(c.match)};
    EXPECT_EQ(OverrideEffects(overrides).fits(0, some_rule(), true), c.fits);
  }
  const std::vector<Override> by_level = {matching({.levels = {Level::kHigh}})};
  EXPECT_FALSE(OverrideEffects(by_level).fits(0, some_rule(), false)) << "no level of its own";
}

TEST(OverrideEffects, LetLaterOnesWinInWhatBothSet) {
  std::vector<Override> overrides(4);
  for (Override& one : overrides) one.match.names = {"*"};
  overrides[0].enabled = false;
  overrides[0].level = Level::kLow;
  overrides[0].reason = "noise";
  overrides[0].at = {"t.yml", 3, 5};
  overrides[1].match.names = {"other"};
  overrides[1].level = Level::kCritical;
  overrides[2].level = Level::kMedium;
  overrides[2].dry_run = true;
  overrides[2].at = {"t.yml", 9, 5};
  overrides[3].match.account_envs = {"dev", "Test"};
  overrides[3].enabled = true;
  overrides[3].period = std::chrono::hours{2};
  overrides[3].at = {"t.yml", 12, 5};
  const OverrideEffects effects(overrides);
  const Changes everywhere = effects.changes(some_rule(), true, "");
  EXPECT_EQ(everywhere.enabled, false);
  EXPECT_EQ(everywhere.level, Level::kMedium);
  EXPECT_EQ(everywhere.dry_run, true);
  EXPECT_EQ(everywhere.period, std::nullopt);
  EXPECT_EQ(effects.words(some_rule(), true, ""),
            "disabled, level low by t.yml:3 (noise); level medium, dry_run by t.yml:9");
  for (const std::string env : {"dev", "test", "DEV"}) {
    const Changes there = effects.changes(some_rule(), true, env);
    EXPECT_EQ(there.enabled, true) << env;
    EXPECT_EQ(there.level, Level::kMedium);
    EXPECT_EQ(there.period, std::chrono::hours{2});
  }
  EXPECT_EQ(effects.changes(some_rule(), true, "prod"), everywhere);
  EXPECT_EQ(effects.envs(), (std::vector<std::string>{"Test", "dev"}));
}

}  // namespace
}  // namespace tripline::rules
