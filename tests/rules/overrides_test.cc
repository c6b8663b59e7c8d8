#include "rules/overrides.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/accounts.h"
#include "engine/matcher.h"
#include "rules/loader.h"
#include "rules/uuid5.h"
#include "tests/support/diagnostics.h"
#include "tests/support/events.h"
#include "tests/support/load_rules.h"

namespace tripline::rules {
namespace {

using engine::Level;
using tests::correlation;
using tests::detection;
using tests::filter;

class Overrides : public tests::LoadRules {
 protected:
  /// An override of the rules of that name.
  static Override of(const std::string& name, int line = 1) {
    Override one;
    one.match.names = {name};
    one.at = {"t.yml", line, 5};
    return one;
  }
  static Override disabling(const std::string& name, int line = 1) {
    Override one = of(name, line);
    one.enabled = false;
    return one;
  }
  Loaded load_with(std::vector<Override> overrides) {
    LoadOptions options;
    options.overrides = std::move(overrides);
    return load(std::move(options));
  }
  static const engine::Detection* find(const Loaded& loaded, std::string_view title) {
    for (const auto& detection : loaded.rules->detections) {
      if (detection.rule.title == title) return &detection;
    }
    return nullptr;
  }
};

TEST_F(Overrides, LeaveOutWhatTheyDisable) {
  write("rules.yml", detection("a", "A") + "---\n" + detection("b", "A"));
  Override quiet = disabling("a", 7);
  quiet.reason = "every login makes one";
  const Loaded loaded = load_with({quiet});
  EXPECT_EQ(states(loaded), "a disabled, b loaded");
  EXPECT_EQ(loaded.states[0].why, "disabled by t.yml:7 (every login makes one)");
  EXPECT_EQ(loaded.states[1].overridden, "");
  EXPECT_EQ(matches(loaded, R"({"eventName": "A"})"), "b");
  EXPECT_EQ(tests::lines(loaded.diagnostics), "");
}

TEST_F(Overrides, ChangeWhatRulesSayOfThemselves) {
  write("rules.yml", detection("a", "A", "tripline: {period: 1d, group: [eventName]}\n") + "---\n" +
                         detection("b", "A", "tripline: {mode: dry_run}\n"));
  Override first = of("a");
  first.level = Level::kLow;
  first.dry_run = true;
  first.period = std::chrono::hours{2};
  first.group = {"awsRegion", "recipientAccountId"};
  Override second = of("b", 9);
  second.dry_run = false;
  second.level = Level::kInformational;
  const Loaded loaded = load_with({first, second});
  const auto* a = find(loaded, "a");
  const auto* b = find(loaded, "b");
  ASSERT_TRUE(a != nullptr && b != nullptr);
  EXPECT_EQ(a->rule.level, Level::kLow);
  EXPECT_TRUE(a->rule.dry_run);
  EXPECT_EQ(a->period, std::chrono::hours{2});
  std::string group;
  for (const auto field : a->group) group += loaded.rules->fields[field].path + " ";
  EXPECT_EQ(group, "awsRegion recipientAccountId ");
  EXPECT_TRUE(a->opens_signals);
  EXPECT_FALSE(b->rule.dry_run);
  EXPECT_FALSE(b->opens_signals) << "informational rules open none";
  EXPECT_EQ(loaded.states[0].rule.level, Level::kLow);
  EXPECT_EQ(loaded.states[1].overridden, "level informational, live by t.yml:9");
}

TEST_F(Overrides, ChangeCorrelations) {
  write("rules.yml", detection("a", "A") + "---\n" + detection("b", "B") + "---\n" + correlation("both", "a, b"));
  Override one = of("both");
  one.level = Level::kLow;
  one.dry_run = true;
  one.period = std::chrono::hours{3};
  const Loaded loaded = load_with({one});
  ASSERT_EQ(loaded.rules->correlations.size(), 1U);
  EXPECT_EQ(loaded.rules->correlations[0].rule.level, Level::kLow) << "and not the highest of its rules";
  EXPECT_TRUE(loaded.rules->correlations[0].rule.dry_run);
  EXPECT_EQ(loaded.rules->correlations[0].period, std::chrono::hours{3});

  const Loaded without = load_with({disabling("both")});
  EXPECT_EQ(states(without), "a loaded, b loaded, both disabled");
  EXPECT_TRUE(find(without, "a")->opens_signals) << "nothing speaks in its place any more";
}

TEST_F(Overrides, KeepWhatCorrelationsNeed) {
  write("rules.yml", detection("a", "A") + "---\n" + detection("b", "B") + "---\n" +
                         correlation("both", "a, b", "  generate: true\n") + "---\n" + detection("c", "C") + "---\n" +
                         correlation("above", "both, c"));
  const Loaded base = load_with({disabling("a")});
  EXPECT_EQ(states(base), "a loaded, b loaded, both loaded, c loaded, above loaded");
  EXPECT_FALSE(find(base, "a")->opens_signals) << "though the correlation would let it";
  EXPECT_TRUE(find(base, "b")->opens_signals);
  EXPECT_EQ(base.states[0].overridden, "disabled by t.yml:1; correlations go on to read it");
  EXPECT_EQ(tests::lines(base.diagnostics), "");

  const Loaded middle = load_with({disabling("both"), disabling("b")});
  EXPECT_EQ(states(middle), "a loaded, b loaded, both loaded, c loaded, above loaded");
  ASSERT_EQ(middle.rules->correlations.size(), 2U);
  EXPECT_FALSE(middle.rules->correlations[0].opens_signals);
  EXPECT_TRUE(middle.rules->correlations[1].opens_signals);

  const Loaded top = load_with({disabling("above"), disabling("both"), disabling("b")});
  EXPECT_EQ(states(top), "a loaded, b disabled, both disabled, c loaded, above disabled");
}

TEST_F(Overrides, EnableRulesWhoseStatusLeavesThemOut) {
  write("rules.yml",
        detection("a", "A", "status: deprecated\n") + "---\n" + detection("b", "B", "status: unsupported\n"));
  Override all = disabling("*");
  Override one = of("a", 5);
  one.enabled = true;
  EXPECT_EQ(states(load_with({one})), "a loaded, b skipped");
  EXPECT_EQ(states(load_with({all, one})), "a loaded, b disabled") << "the later one wins";
  EXPECT_EQ(states(load_with({one, all})), "a disabled, b disabled");
}

TEST_F(Overrides, WarnWhenTheyMatchNothing) {
  write("rules.yml", detection("login", "A") + "---\n" + detection("broken", "A", "level: hihg\n") + "---\n" +
                         correlation("both", "login, broken") + "---\n" +
                         filter("any", "  s: {a: b}\n  condition: not s\n"));
  Override group = of("both", 6);
  group.group = {"eventName"};
  const std::string said = tests::lines(load_with({disabling("logn", 3), disabling("nothing like it", 4),
                                                   disabling("broken", 5), group, disabling("Filter", 7)})
                                            .diagnostics);
  EXPECT_NE(said.find("3:5 override-unmatched: the override matches no rule | did you mean `login`?\n"),
            std::string::npos)
      << said;
  EXPECT_NE(said.find("4:5 override-unmatched: the override matches no rule | `tripline rules` lists them all\n"),
            std::string::npos)
      << said;
  EXPECT_EQ(said.find("5:5"), std::string::npos) << "a rule with a mistake is there: " << said;
  EXPECT_NE(said.find("6:5 override-partial"), std::string::npos) << said;
  EXPECT_NE(said.find("7:5 override-unmatched"), std::string::npos) << "filters are none: " << said;
}

// --- by account ---

/// Ids and levels of the detections that hold on an event of the account; those that open no signals in brackets.
class OverridesByAccount : public Overrides {
 protected:
  std::string holding(const Loaded& loaded, const std::string& account) {
    tests::OwnedEvent event(loaded.rules->fields, R"({"eventName": "A", "recipientAccountId": ")" + account + "\"}",
                            {&accounts_});
    std::vector<std::string> all;
    for (const std::uint32_t i : engine::full_scan(*loaded.rules, *event)) {
      const auto& detection = loaded.rules->detections[i];
      const std::string text = detection.rule.id + " " + std::string(engine::name_of(detection.rule.level));
      all.push_back(detection.opens_signals ? text : "(" + text + ")");
    }
    std::sort(all.begin(), all.end());
    std::string text;
    for (const auto& one : all) text += (text.empty() ? "" : ", ") + one;
    return text;
  }
  static Override in(std::vector<std::string> envs, int line = 1) {
    Override one = of("*", line);
    one.match.account_envs = std::move(envs);
    return one;
  }

  static constexpr const char* kDev = "111111111111";
  static constexpr const char* kTest = "222222222222";
  static constexpr const char* kProd = "333333333333";
  static constexpr const char* kUnknown = "444444444444";
  const engine::Accounts accounts_{{{kDev, "", "dev", ""}, {kTest, "", "Test", ""}, {kProd, "", "prod", ""}}};
};

TEST_F(OverridesByAccount, LeaveOutEventsOfAccountsInWhichTheyDisable) {
  write("rules.yml", detection("a", "A"));
  Override one = in({"dev", "test"});
  one.enabled = false;
  const Loaded loaded = load_with({one});
  EXPECT_EQ(holding(loaded, kDev), "");
  EXPECT_EQ(holding(loaded, kTest), "");
  EXPECT_EQ(holding(loaded, kProd), "a high");
  EXPECT_EQ(holding(loaded, kUnknown), "a high") << "nobody said that it is dev";
  EXPECT_EQ(loaded.states[0].overridden, "in dev: disabled by t.yml:1; in test: disabled by t.yml:1");
}

TEST_F(OverridesByAccount, MakeASecondRuleOfWhatElseTheyChange) {
  write("rules.yml", detection("a", "A"));
  Override lower = in({"dev", "test"});
  lower.level = Level::kLow;
  lower.period = std::chrono::hours{4};
  lower.dry_run = true;
  lower.group = {"eventName"};
  const Loaded loaded = load_with({lower});
  const std::string id = uuid5("a\naccount.env=dev,test");
  EXPECT_EQ(holding(loaded, kDev), id + " low");
  EXPECT_EQ(holding(loaded, kTest), id + " low");
  EXPECT_EQ(holding(loaded, kProd), "a high");
  ASSERT_EQ(loaded.rules->detections.size(), 2U);
  const auto& second = loaded.rules->detections[1];
  EXPECT_EQ(second.period, std::chrono::hours{4});
  EXPECT_TRUE(second.rule.dry_run);
  ASSERT_EQ(second.group.size(), 1U);
  EXPECT_EQ(loaded.rules->fields[second.group[0]].path, "eventName");
  EXPECT_FALSE(loaded.rules->detections[0].rule.dry_run);
}

TEST_F(OverridesByAccount, WinWhenTheyComeLaterAndLoseWhenTheyComeEarlier) {
  write("rules.yml", detection("a", "A"));
  Override off = disabling("*");
  Override on = in({"prod"});
  on.enabled = true;
  const Loaded later = load_with({off, on});
  EXPECT_EQ(holding(later, kProd), uuid5("a\naccount.env=prod") + " high");
  EXPECT_EQ(holding(later, kDev), "");
  EXPECT_EQ(holding(later, kUnknown), "");
  EXPECT_EQ(later.rules->detections.size(), 1U);
  const Loaded earlier = load_with({on, off});
  EXPECT_EQ(states(earlier), "a disabled");
}

TEST_F(OverridesByAccount, DoNotReachCorrelationsAndTheirRules) {
  write("rules.yml", detection("a", "A") + "---\n" + detection("b", "B") + "---\n" + correlation("both", "a, b"));
  Override one = in({"dev"}, 8);
  one.enabled = false;
  const Loaded loaded = load_with({one});
  EXPECT_EQ(tests::lines(loaded.diagnostics),
            "8:5 override-partial: an override by account does not reach `a` and 2 more: correlations look at the "
            "events of all accounts together | write a Sigma filter on `account.env` for their base rules\n");
  EXPECT_EQ(holding(loaded, kDev), "(a high)") << "as before";
  EXPECT_EQ(loaded.rules->correlations.size(), 1U);

  Override on = in({"prod"});
  on.enabled = true;
  const Loaded off = load_with({disabling("*"), on});
  EXPECT_EQ(states(off), "a loaded, b loaded, both disabled") << "as a and b are their own again where it is prod";
  EXPECT_EQ(holding(off, kDev), "");
}

TEST_F(OverridesByAccount, TakeNamesOfEnvironmentsWhole) {
  write("rules.yml", detection("a", "A"));
  Override one = in({"*"});
  one.enabled = false;
  EXPECT_EQ(holding(load_with({one}), kDev), "a high") << "a star is no pattern here";
}

}  // namespace
}  // namespace tripline::rules
