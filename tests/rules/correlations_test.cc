#include <map>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "rules/loader.h"
#include "tests/support/diagnostics.h"
#include "tests/support/load_rules.h"

namespace tripline::rules {
namespace {

using tests::correlation;
using tests::detection;
using tests::filter;
using tests::LoadRules;

TEST_F(LoadRules, KeepsBaseRulesFromOpeningSignalsUnlessOneSaysGenerate) {
  const auto opens = [&](const std::string& text) {
    write("a.yml", text);
    const Loaded loaded = load();
    std::string found;
    for (const auto& d : loaded.rules->detections) found += d.rule.title + (d.opens_signals ? "+ " : "- ");
    return found;
  };
  const std::string base =
      detection("a", "A") + "---\n" + detection("b", "B") + "---\n" + detection("c", "C") + "---\n";
  EXPECT_EQ(opens(base), "a+ b+ c+ ");
  EXPECT_EQ(opens(base + correlation("x", "a, b")), "a- b- c+ ");
  EXPECT_EQ(opens(base + correlation("x", "a, b", "  generate: true\n")), "a+ b+ c+ ");
  EXPECT_EQ(opens(base + correlation("x", "a, b", "generate: true\n")), "a+ b+ c+ ");
  EXPECT_EQ(opens(base + correlation("x", "a, b") + "---\n" + correlation("y", "b, c", "  generate: true\n")),
            "a- b+ c+ ");
  EXPECT_EQ(opens(base + correlation("x", "a, gone")), "a+ b+ c+ ") << "a correlation with an error silences nobody";
}

TEST_F(LoadRules, WarnsWhenARuleOfAnotherFileIsSilenced) {
  write("base.yml", detection("a", "A") + "---\n" + detection("b", "B"));
  write("corr.yml", correlation("x", "a, b"));
  const std::string base = (folder_.path() / "base.yml").string();
  const auto warning = [&](const std::string& name, int column) {
    return "5:" + std::to_string(column) + " silenced-rule: `" + name + "` (high, " + base +
           ") opens no signals by itself, because this correlation refers to it | `generate: true` in the correlation "
           "keeps them\n";
  };
  EXPECT_EQ(tests::lines(load().diagnostics), warning("a", 11) + warning("b", 14));
  std::string low = detection("b", "B");
  low.replace(low.find("high"), 4, "low");
  write("base.yml", detection("a", "A") + "---\n" + low);
  EXPECT_EQ(tests::lines(load().diagnostics), warning("a", 11));
}

TEST_F(LoadRules, GivesACorrelationItsOwnLevelElseTheHighestOfItsBaseRules) {
  std::string low = detection("b", "B");
  low.replace(low.find("high"), 4, "low");
  write("a.yml", low + "---\n" + detection("a", "A") + "---\n" + correlation("outer", "x, b") + "---\n" +
                     correlation("x", "a, b") + "---\n" + correlation("own", "a, b", "level: low\n"));
  const Loaded loaded = load();
  EXPECT_EQ(tests::lines(loaded.diagnostics), "");
  ASSERT_EQ(loaded.correlations.size(), 3U);
  EXPECT_EQ(loaded.correlations[0].rule.level, engine::Level::kHigh);
  EXPECT_EQ(loaded.correlations[1].rule.level, engine::Level::kHigh);
  EXPECT_EQ(loaded.correlations[2].rule.level, engine::Level::kLow);
  EXPECT_EQ(loaded.states[2].rule.level, engine::Level::kHigh);
  std::map<std::string, bool> opens;
  for (const auto& correlation : loaded.rules->correlations) opens[correlation.rule.name] = correlation.opens_signals;
  EXPECT_EQ(opens, (std::map<std::string, bool>{{"outer", true}, {"own", true}, {"x", false}})) << "outer is on x";
}

/// c1 over c0 over ... over a, up to `last`.
std::string chain(int last) {
  std::string text = detection("a", "A") + "---\n" + detection("b", "B") + "---\n" + correlation("c0", "a, b");
  for (int i = 1; i <= last; ++i) {
    text += "---\n" + correlation("c" + std::to_string(i), "a, c" + std::to_string(i - 1));
  }
  return text;
}

TEST_F(LoadRules, SaysWhatIsWrongWithWhatCorrelationsReferTo) {
  const std::string base = detection("first", "A") + "---\n" + detection("second", "B") + "---\n";
  const auto titled = [](const std::string& name) {
    std::string text = detection(name, "C");
    return text.replace(0, text.find('\n'), "title: One title");
  };
  const struct {
    std::string_view code;
    std::string written;
    std::string said;
    std::string state;  // of the rule X
  } cases[] = {
      {"", base + correlation("X", "first, second"), "", "loaded"},
      {"unknown-rule", base + correlation("X", "first, secnod"),
       "17:18 unknown-rule: no rule has the name or id `secnod` | did you mean `second`?\n", "failed"},
      {"unknown-rule", base + correlation("X", "first, another_rule"),
       "17:18 unknown-rule: no rule has the name or id `another_rule` | load its file too\n", "failed"},
      {"unknown-rule", base + detection("old", "C", "status: deprecated\n") + "---\n" + correlation("X", "first, old"),
       "24:18 unknown-rule: `old` is not loaded: its status is deprecated\n", "failed"},
      {"unknown-rule",
       base + filter("any", "  s: {a: b}\n  condition: not s\nname: a_filter\n") + "---\n" +
           correlation("X", "first, a_filter"),
       "25:18 unknown-rule: `a_filter` is a filter | a correlation refers to detections and correlations\n", "failed"},
      {"title-reference", base + titled("third") + "---\n" + correlation("X", "first, One title"),
       "23:18 title-reference: the specification refers to rules by `name` or `id`, not by title | write `third`\n",
       "loaded"},
      {"ambiguous-rule",
       base + titled("third") + "---\n" + titled("fourth") + "---\n" + correlation("X", "first, One title"),
       "29:18 ambiguous-rule: several rules have the title `One title` | name the rule by its `name` or `id`\n",
       "failed"},
      {"rule-named-twice",
       base + detection("third", "C", "id: 11111111-2222-4333-8444-55555555555a\n") + "---\n" +
           correlation("X", "first, third, 11111111-2222-4333-8444-55555555555a"),
       "24:25 rule-named-twice: `11111111-2222-4333-8444-55555555555a` names `third` again | each rule counts once: "
       "remove "
       "one of the two\n",
       "failed"},
      {"correlation-cycle", base + correlation("X", "first, X"),
       "17:18 correlation-cycle: the correlations refer to each other in a circle: `X` → `X` | remove one of the "
       "references\n",
       "failed"},
      {"correlation-cycle",
       base + correlation("Y", "first, Z") + "---\n" + correlation("Z", "X, first") + "---\n" +
           correlation("X", "Y, second"),
       "17:18 correlation-cycle: the correlations refer to each other in a circle: `Y` → `Z` → `X` → `Y` | remove one "
       "of "
       "the references\n",
       "failed"},
      {"correlation-cycle", base + correlation("X", "first, Y") + "---\n" + correlation("Y", "Y, second"),
       "17:18 unknown-rule: `Y` is not loaded: the correlations refer to each other in a circle: `Y` → `Y`\n"
       "24:11 correlation-cycle: the correlations refer to each other in a circle: `Y` → `Y` | remove one of the "
       "references\n",
       "failed"},
      {"bad-alias", base + correlation("X", "first, second", "  group-by: [who]\n  aliases: {who: {frist: a}}\n"),
       "16:3 bad-alias: the alias `who` names `frist`, which is none of the correlation's rules | name one of those "
       "under "
       "`rules:`\n",
       "failed"},
      {"", base + correlation("X", "first, second", "  group-by: [who]\n  aliases: {who: {first: a, second: b}}\n"), "",
       "loaded"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.written);
    write("a.yml", c.written);
    const Loaded loaded = load();
    EXPECT_EQ(tests::lines(loaded.diagnostics), c.said);
    if (!c.code.empty()) {
      EXPECT_NE(tests::lines(loaded.diagnostics, c.code), "");
    }
    EXPECT_NE(states(loaded).find("X " + c.state), std::string::npos) << states(loaded);
  }
}

TEST_F(LoadRules, RefusesChainsOfMoreThanEightCorrelations) {
  write("a.yml", chain(7));
  EXPECT_EQ(tests::lines(load().diagnostics), "");
  write("a.yml", chain(9));
  const Loaded loaded = load();
  EXPECT_NE(tests::lines(loaded.diagnostics, "correlation-too-deep"), "");
  EXPECT_TRUE(states(loaded).ends_with("c7 loaded, c8 failed, c9 failed")) << states(loaded);
}

TEST_F(LoadRules, BearsLongCirclesAndChains) {
  std::string circle = detection("a", "A");
  for (int i = 0; i < 2'000; ++i) {
    circle += "---\n" + correlation("c" + std::to_string(i), "a, c" + std::to_string((i + 1) % 2'000));
  }
  write("a.yml", circle);
  EXPECT_EQ(load().diagnostics.errors(), 1U) << "one circle, told of once";
  write("a.yml", chain(2'000));
  EXPECT_EQ(load().correlations.size(), 8U);
}

TEST_F(LoadRules, LeavesACorrelationOverAnotherLogSourceToThatSource) {
  write("a.yml",
        "title: w\nname: w\nlevel: low\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}\n---\n" +
            detection("a", "A") + "---\n" + correlation("X", "a, w"));
  const Loaded loaded = load();
  EXPECT_EQ(states(loaded), "w other, a loaded, X other");
  EXPECT_TRUE(loaded.rules->detections.at(0).opens_signals);
}

}  // namespace
}  // namespace tripline::rules
