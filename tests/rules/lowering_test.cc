#include "rules/lowering.h"

#include <gtest/gtest.h>

#include "tests/support/searches.h"

namespace tripline::rules {
namespace {

using tests::Compiled;
using tests::detection;
using tests::item;
using tests::search;

/// Searches of which each holds when the field of its name is 1.
std::vector<Search> named(const std::vector<std::string>& names) {
  std::vector<Search> searches;
  int line = 2;
  for (const std::string& name : names) searches.push_back(search(name, {item(name, {1}, line)}, line)), ++line;
  return searches;
}

TEST(Lowering, ConditionsJoinSearches) {
  const struct {
    std::vector<std::string> conditions;
    std::vector<std::string_view> match;
    std::vector<std::string_view> no_match;
  } cases[] = {
      {{"a1 and not (b1 or b2)"}, {R"({"a1":1})"}, {R"({"a1":1,"b2":1})", R"({})"}},
      {{"a1 or a2 and b1"}, {R"({"a1":1})", R"({"a2":1,"b1":1})"}, {R"({"a2":1})"}},
      {{"1 of a*"}, {R"({"a1":1})", R"({"a2":1})"}, {R"({"b1":1})"}},
      {{"all of a*"}, {R"({"a1":1,"a2":1})"}, {R"({"a1":1})"}},
      {{"any of *1"}, {R"({"b1":1})"}, {R"({"b2":1})"}},
      {{"a1 and not 1 of b*"}, {R"({"a1":1})"}, {R"({"a1":1,"b1":1})"}},
      {{"a1 and not all of b*"}, {R"({"a1":1,"b1":1})"}, {R"({"a1":1,"b1":1,"b2":1})"}},
      {{"1 of them"}, {R"({"b2":1})"}, {R"({"_x":1})", R"({})"}},
      {{"all of them"}, {R"({"a1":1,"a2":1,"b1":1,"b2":1})"}, {R"({"a1":1,"_x":1})"}},
      {{"1 of *"}, {R"({"a1":1})"}, {R"({"_x":1})"}},
      {{"1 of _*"}, {R"({"_x":1})"}, {R"({"a1":1})"}},
      {{"_x"}, {R"({"_x":1})"}, {R"({"a1":1})"}},
      {{"1 of a1"}, {R"({"a1":1})"}, {R"({"a2":1})"}},
      {{"a1", "b1 and b2"}, {R"({"a1":1})", R"({"b1":1,"b2":1})"}, {R"({"b1":1})"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.conditions.front());
    const Compiled made(detection(named({"a1", "a2", "b1", "b2", "_x"}), c.conditions));
    if (!made.expression) {
      ADD_FAILURE() << made.said();
      continue;
    }
    EXPECT_EQ(made.diagnostics.errors(), 0U) << made.said();
    for (const std::string_view json : c.match) EXPECT_TRUE(made.matches(json)) << json;
    for (const std::string_view json : c.no_match) EXPECT_FALSE(made.matches(json)) << json;
  }
}

TEST(Lowering, ASearchIsAnyOfItsMapsAndAMapAllOfItsItems) {
  Search both = search("selection", {item("f", {1}), item("g", {1})});
  both.any.push_back({item("h", {1})});
  both.any.push_back({item("", {"needle"})});
  const Compiled made(detection({both}, {"selection"}));
  EXPECT_TRUE(made.matches(R"({"f":1,"g":1})"));
  EXPECT_TRUE(made.matches(R"({"h":1})"));
  EXPECT_TRUE(made.matches(R"({"x":"a needle"})"));
  EXPECT_FALSE(made.matches(R"({"f":1})"));
}

TEST(Lowering, SaysWhichSearchAndLineEachPartCameFrom) {
  const Compiled made(detection(
      {search("selection", {item("f", {1}, 3), item("g", {1}, 4)}, 2), search("filter_main", {item("h", {1}, 6)}, 5)},
      {"selection and not 1 of filter_*"}));
  const engine::Expression& root = made.expression.value();
  EXPECT_EQ(root.line, 9);
  EXPECT_EQ(root.label, "");
  EXPECT_EQ(root.children.at(0).label, "selection");
  EXPECT_EQ(root.children.at(0).line, 2);
  EXPECT_EQ(root.children.at(0).children.at(1).line, 4);
  EXPECT_EQ(root.children.at(1).children.at(0).children.at(0).label, "filter_main");
  EXPECT_EQ(root.children.at(1).children.at(0).children.at(0).line, 6);
}

TEST(Lowering, NamesMistakesInConditions) {
  const struct {
    std::vector<std::string> conditions;
    bool compiles;
    std::string_view said;
  } cases[] = {
      {{"a1 and slection"},
       false,
       "9:23 unknown-search: the detection has no search `slection` [did you mean `selection`?]\n"
       "4:3 unused-search: no condition uses the search `_x` [use it, or remove it]\n"},
      {{"zzzz"},
       false,
       "9:16 unknown-search: the detection has no search `zzzz` [its searches are a1, selection, _x]\n"
       "2:3 unused-search: no condition uses the search `a1` [use it, or remove it]\n"
       "3:3 unused-search: no condition uses the search `selection` [use it, or remove it]\n"
       "4:3 unused-search: no condition uses the search `_x` [use it, or remove it]\n"},
      {{"1 of filter_*"},
       false,
       "9:16 unknown-search: no search is called `filter_*` [its searches are a1, selection, _x]\n"
       "2:3 unused-search: no condition uses the search `a1` [use it, or remove it]\n"
       "3:3 unused-search: no condition uses the search `selection` [use it, or remove it]\n"
       "4:3 unused-search: no condition uses the search `_x` [use it, or remove it]\n"},
      {{"a1 and not 1 of selektion_*"},
       false,
       "9:27 unknown-search: no search is called `selektion_*` [did you mean `selection`?]\n"
       "4:3 unused-search: no condition uses the search `_x` [use it, or remove it]\n"},
      {{"a1 and", "x1"},
       false,
       "9:22 condition-syntax: the condition ends where a search is expected [finish it, or remove the last operator]\n"
       "9:16 unknown-search: the detection has no search `x1` [did you mean `a1`?]\n"},
      {{"a1 |count() > 5"},
       false,
       "9:19 old-aggregation: aggregation in a condition (`| ...`) is not in Sigma any more "
       "[write a correlation of type event_count or value_count over this rule]\n"},
      {{"a1"},
       true,
       "3:3 unused-search: no condition uses the search `selection` [use it, or remove it]\n"
       "4:3 unused-search: no condition uses the search `_x` [use it, or remove it]\n"},
      {{"a1 and _x", "selection"}, true, ""},
      {{"1 of them or _x"}, true, ""},
      {{"all of them and not selection and _x"},
       false,
       "9:16 never-matches: the condition can never hold [look for a search that stands beside its own opposite]\n"},
      {{"selection and _x and not (a1 or selection)"},
       false,
       "9:16 never-matches: the condition can never hold [look for a search that stands beside its own opposite]\n"},
      {{"1 of them or _x or not selection"},
       true,
       "9:16 always-matches: the condition holds on every event [name what the rule looks for]\n"},
      {{}, false, "1:1 missing-attribute: the detection has no condition [add e.g. `condition: selection`]\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.conditions.empty() ? "none" : c.conditions.front());
    const Compiled made(detection(named({"a1", "selection", "_x"}), c.conditions));
    EXPECT_EQ(made.expression.has_value(), c.compiles);
    EXPECT_EQ(made.said(), c.said);
  }
}

TEST(Lowering, SeesContradictionsInsideSearches) {
  const struct {
    std::string_view name;
    std::vector<FieldItem> selection;
    std::vector<FieldItem> filter;
    std::string_view condition;
    std::string_view code;
  } cases[] = {
      {"one item is another's opposite",
       {item("f", {"a"})},
       {item("f", {"a"})},
       "selection and not filter",
       "never-matches"},
      {"whatever order and letter case",
       {item("f", {"a", "b"})},
       {item("f", {"B", "A"})},
       "selection and not filter",
       "never-matches"},
      {"a filter that takes more away",
       {item("f", {1}), item("g", {2})},
       {item("f", {1})},
       "selection and not filter",
       "never-matches"},
      {"a filter that takes less away",
       {item("f", {1})},
       {item("f", {1}), item("g", {2})},
       "selection and not filter",
       ""},
      {"null beside a value", {item("f", {nullptr})}, {item("f", {"a"})}, "selection and filter", "never-matches"},
      {"null beside neq", {item("f", {nullptr})}, {item("f|neq", {"a"})}, "selection and filter", "never-matches"},
      {"absence beside a value",
       {item("f|exists", {false})},
       {item("f|re", {"a"})},
       "selection and filter",
       "never-matches"},
      {"absence is null too",
       {item("f|exists", {false})},
       {item("f", {nullptr})},
       "selection and not filter",
       "never-matches"},
      {"absence beside presence",
       {item("f|exists", {false})},
       {item("f|exists", {true})},
       "selection or filter",
       "always-matches"},
      {"null may be there", {item("f|exists", {true})}, {item("f", {nullptr})}, "selection and filter", ""},
      {"null or a value", {item("f", {nullptr})}, {item("f", {"*"})}, "selection or filter", "always-matches"},
      {"null or another value", {item("f", {nullptr})}, {item("f", {"a"})}, "selection or filter", ""},
      {"a keyword that is everywhere", {item("", {"*"})}, {item("f", {"a"})}, "selection or filter", "always-matches"},
      {"two values may stand in one array", {item("f", {"a"})}, {item("f", {"b"})}, "selection and filter", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Compiled made(
        detection({search("selection", c.selection), search("filter", c.filter)}, {std::string(c.condition)}));
    EXPECT_EQ(made.expression.has_value(), c.code != "never-matches");
    const auto& all = made.diagnostics.all();
    EXPECT_EQ(all.empty() ? "" : all.front().code->code, c.code);
  }
}

TEST(Lowering, PointsIntoConditionsOfSeveralLines) {
  DetectionBody body = detection(named({"a1"}), {"a1 and b1"});
  body.conditions[0].lines = {{7, 10, 3}};
  const Compiled made(body);
  EXPECT_EQ(made.said(), "10:3 unknown-search: the detection has no search `b1` [did you mean `a1`?]\n");
}

TEST(Lowering, RefusesWhatUnfoldsTooFar) {
  std::vector<FieldItem> items;
  for (int i = 0; i < 1'000; ++i) items.push_back(item("f" + std::to_string(i), {1}));
  std::string condition = "big";
  for (int i = 0; i < 300; ++i) condition += " or big";
  const Compiled made(detection({search("big", items)}, {condition}));
  EXPECT_FALSE(made.expression);
  EXPECT_EQ(made.said(),
            "1:1 rule-too-large: the condition and its searches unfold into more than 200000 tests "
            "[name each search once, or split the rule]\n");
}

TEST(Lowering, PatternsOverNamesTakeNoTimeToSpeakOf) {
  std::string pattern = "1 of ";
  for (int i = 0; i < 1'000; ++i) pattern += "*a";
  const Compiled made(detection({search(std::string(10'000, 'a') + "b", {item("f", {1})})}, {pattern}));
  EXPECT_FALSE(made.expression);
}

}  // namespace
}  // namespace tripline::rules
