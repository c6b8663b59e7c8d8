#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "engine/matcher.h"
#include "rules/head_reader.h"
#include "rules/loader.h"
#include "tests/support/diagnostics.h"
#include "tests/support/events.h"
#include "tests/support/load_rules.h"

namespace tripline::rules {
namespace {

using tests::correlation;
using tests::detection;
using tests::filter;
using tests::LoadRules;

constexpr std::string_view kByAlice = R"({"eventName": "A", "userIdentity": {"userName": "alice"}})";
constexpr std::string_view kByBob = R"({"eventName": "A", "userIdentity": {"userName": "bob"}})";

TEST_F(LoadRules, AndsFiltersAsWritten) {
  write("rules.yml", detection("a", "A") + "---\n" + detection("b", "A"));
  const std::string alice = "  alice: {userIdentity.userName: alice}\n";
  const struct {
    std::string_view name;
    std::string filter;
    std::string by_alice;
    std::string by_bob;
  } cases[] = {
      {"one rule by name", filter("[a]", alice + "  condition: not alice\n"), "b", "a, b"},
      {"as written, without not", filter("[a]", alice + "  condition: alice\n"), "a, b", "b"},
      {"any rule", filter("any", alice + "  condition: not alice\n"), "", "a, b"},
      {"an empty list is any", filter("[]", alice + "  condition: not alice\n"), "", "a, b"},
      {"the rule's whole log source",
       filter("[a]", alice + "  condition: not alice\n", "product: aws, service: cloudtrail"), "b", "a, b"},
      {"an attribute that the rule has not",
       filter("[a]", alice + "  condition: not alice\n", "product: aws, category: data"), "a, b", "a, b"},
      {"any, of a log source that no rule has", filter("any", alice + "  condition: not alice\n", "product: linux"),
       "a, b", "a, b"},
      {"two filters",
       filter("[a]", alice + "  condition: not alice\n") + "---\n" +
           filter("[a]", "  bob: {userIdentity.userName: bob}\n  condition: not bob\n") + "id: 2\n",
       "b", "b"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    write("filter.yml", c.filter);
    const Loaded loaded = load();
    EXPECT_EQ(matches(loaded, kByAlice), c.by_alice);
    EXPECT_EQ(matches(loaded, kByBob), c.by_bob);
  }
}

TEST_F(LoadRules, KeepsFiltersApartSoThatWhatTheyTakeAwayCanBeCounted) {
  write("rules.yml", detection("a", "A") + "---\n" + detection("b", "A") + "---\n" + detection("c", "C"));
  write("filter1.yml", filter("[a, b]", "  alice: {userIdentity.userName: alice}\n  condition: not alice\n"));
  write("filter2.yml", filter("[b]", "  bob: {userIdentity.userName: bob}\n  condition: not bob\n") + "id: 2\n");
  const Loaded loaded = load();
  const engine::RuleSet& rules = *loaded.rules;
  ASSERT_EQ(rules.filters.size(), 2U);
  EXPECT_EQ(rules.filters[1].id, "2");
  std::string applied;
  for (const auto& one : rules.detections) {
    applied += one.rule.title + ":";
    for (const auto& filter : one.filters) applied += " " + std::to_string(filter.filter);
    applied += "; ";
  }
  EXPECT_EQ(applied, "a: 0; b: 0 1; c:; ");
  tests::OwnedEvent alice(rules.fields, kByAlice);
  engine::Matcher matcher(loaded.rules);
  EXPECT_TRUE(matcher.match(*alice).empty());
  EXPECT_EQ(matcher.taken_away().size(), 2U) << "by the first filter from each rule";
}

TEST_F(LoadRules, AppliesAFilterToRulesNamedByIdInEitherLetterCase) {
  write("rules.yml", detection("a", "A", "id: 11111111-2222-4333-8444-55555555555a\n"));
  write("filter.yml", filter("[11111111-2222-4333-8444-55555555555A]",
                             "  alice: {userIdentity.userName: alice}\n  condition: not alice\n"));
  EXPECT_EQ(matches(load(), kByAlice), "");
  EXPECT_EQ(matches(load(), kByBob), "a");
}

TEST_F(LoadRules, SaysWhatIsWrongWithFilters) {
  write("rules.yml", detection("first_rule", "A") + "---\n" + detection("old", "B", "status: deprecated\n") + "---\n" +
                         correlation("both", "first_rule, second") + "---\n" + detection("second", "B") + "---\n" +
                         "title: A title\nlevel: low\nlogsource: {product: windows}\nname: other\n"
                         "detection: {s: {a: b}, condition: s}\n");
  const std::string body = "  s: {a: b}\n  condition: not s\n";
  const struct {
    std::string_view code;
    std::string written;
    std::string said;
    std::string state;
  } cases[] = {
      {"filter-negates-nothing", filter("[second]", "  s: {a: b}\n  condition: s\n"),
       "6:14 filter-negates-nothing: the filter negates nothing, so that rules keep only the events that it names | "
       "did "
       "you mean `not s`?\n",
       "loaded"},
      {"filter-negates-nothing", filter("any", "  s: {a: b}\n  t: {c: d}\n  condition: s or t\n"),
       "7:14 filter-negates-nothing: the filter negates nothing, so that rules keep only the events that it names | "
       "did "
       "you mean `not (s or t)`?\n",
       "loaded"},
      {"", filter("[second]", "  s: {a|neq: b}\n  condition: s\n"), "", "loaded"},
      {"filter-unknown-rule", filter("[first_rul]", body),
       "4:11 filter-unknown-rule: no loaded rule has the id or name `first_rul` | did you mean `first_rule`?\n",
       "loaded"},
      {"filter-unknown-rule", filter("[something_else]", body),
       "4:11 filter-unknown-rule: no loaded rule has the id or name `something_else` | load the rule with the filter, "
       "or "
       "remove the reference\n",
       "loaded"},
      {"filter-unknown-rule", filter("[old]", body),
       "4:11 filter-unknown-rule: `old` is not loaded: its status is deprecated\n", "loaded"},
      {"filter-unknown-rule", filter("[A title]", body, "product: windows"),
       "4:11 filter-unknown-rule: filters name rules by id or name, not by title | write `other`\n", "loaded"},
      {"filter-unknown-rule", filter("any", body, "product: linux"),
       "2:12 filter-unknown-rule: no loaded rule is of the filter's log source | it applies to rules whose log source "
       "has "
       "product linux\n",
       "loaded"},
      {"filter-other-log-source", filter("[other]", body),
       "4:11 filter-other-log-source: `other` is of another log source (product windows) | the filter's log source may "
       "only have attributes that are the rule's\n",
       "loaded"},
      {"filter-names-correlation", filter("[second, both]", body),
       "4:19 filter-names-correlation: `both` is a correlation, and filters work on detections | name its base rules: "
       "`first_rule`, `second`\n",
       "failed"},
      {"unknown-search", filter("[second]", "  s: {a: b}\n  condition: not t\n"), "", "failed"},
      {"", filter("[other]", body, "product: windows"), "", "other"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.written);
    write("a_filter.yml", c.written);
    const Loaded loaded = load();
    Diagnostics own;
    for (const auto& d : loaded.diagnostics.all()) {
      if (d.at.path.ends_with("a_filter.yml")) own.add(d.code->code, d.at, d.message, d.hint);
    }
    if (c.code != "unknown-search") {
      EXPECT_EQ(tests::lines(own), c.said);
    }
    if (!c.code.empty()) {
      EXPECT_NE(tests::lines(own, c.code), "");
    }
    EXPECT_TRUE(states(loaded).starts_with("Filter " + c.state)) << states(loaded);
    EXPECT_EQ(loaded.filters.size(), c.state == "loaded" ? 1U : 0U);
  }
}

TEST_F(LoadRules, LeavesRulesAsTheyAreWhenTheirFilterIsBroken) {
  write("rules.yml",
        detection("a", "A") + "---\n" + filter("[a]", "  s: {userIdentity.userName|x: y}\n  condition: not s\n"));
  const Loaded loaded = load();
  EXPECT_EQ(states(loaded), "a loaded, Filter failed");
  EXPECT_EQ(matches(loaded, kByAlice), "a");
}

TEST_F(LoadRules, EndsFiltersOnTheirDayAndSaysSoFromAWeekBefore) {
  write("rules.yml", detection("a", "A"));
  write("z_filter.yml", filter("[a]", "  alice: {userIdentity.userName: alice}\n  condition: not alice\n") +
                            "tripline: {expires: 2026-03-01, reason: migration}\n");
  const struct {
    std::string_view today;
    bool applies;
    std::string_view said;
  } cases[] = {
      {"", true, ""},
      {"2026-02-21", true, ""},
      {"2026-02-22", true, "filter-expires-soon: the filter `Filter` ends on 2026-03-01 (migration)"},
      {"2026-02-28", true, "filter-expires-soon: the filter `Filter` ends on 2026-03-01 (migration)"},
      {"2026-03-01", false, "filter-expired: the filter `Filter` ended on 2026-03-01 (migration)"},
      {"2026-04-01", false, "filter-expired: the filter `Filter` ended on 2026-03-01 (migration)"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.today);
    LoadOptions options;
    options.today = parse_date(c.today);
    const Loaded loaded = load(options);
    EXPECT_EQ(matches(loaded, kByAlice), c.applies ? "" : "a");
    EXPECT_EQ(matches(loaded, kByBob), "a");
    std::string said;
    for (const auto& d : loaded.diagnostics.all()) said += std::string(d.code->code) + ": " + d.message;
    EXPECT_EQ(said, c.said);
    EXPECT_EQ(states(loaded), c.applies ? "a loaded, Filter loaded" : "a loaded, Filter skipped");
  }
}

TEST(ParseDate, TakesDaysThatThereAre) {
  EXPECT_EQ(parse_date("2024-02-29"), std::chrono::sys_days(std::chrono::year{2024} / 2 / 29));
  EXPECT_EQ(parse_date("2026/12/31"), std::chrono::sys_days(std::chrono::year{2026} / 12 / 31));
  for (const std::string_view bad : {"2026-02-29", "2026-13-01", "2026-1-1", "soon", ""}) {
    EXPECT_FALSE(parse_date(bad)) << bad;
  }
}

}  // namespace
}  // namespace tripline::rules
