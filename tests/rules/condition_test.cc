#include "rules/condition.h"

#include <functional>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::rules {
namespace {

/// Which searches hold, for conditions over the names a, b, c, d.
using Holds = std::function<bool(const std::string&)>;
const std::vector<std::string> kNames = {"a", "b", "c", "d"};

bool evaluate(const Condition& condition, const Holds& holds) {
  switch (condition.kind) {
    case Condition::Kind::kName:
      return holds(condition.name);
    case Condition::Kind::kOf: {  // only `them` is used here
      bool all = true;
      bool any = false;
      for (const auto& name : kNames) {
        all = all && holds(name);
        any = any || holds(name);
      }
      return condition.all ? all : any;
    }
    case Condition::Kind::kNot:
      return !evaluate(condition.children.at(0), holds);
    case Condition::Kind::kAnd:
      for (const Condition& child : condition.children) {
        if (!evaluate(child, holds)) return false;
      }
      return true;
    case Condition::Kind::kOr:
      for (const Condition& child : condition.children) {
        if (evaluate(child, holds)) return true;
      }
      return false;
  }
  return false;
}

/// The oracle: cuts the words at the loosest operator outside parentheses.
/// Nothing: no condition.
std::optional<bool> slow_value(const std::vector<std::string>& words, const Holds& holds) {
  if (words.empty()) return std::nullopt;
  for (const std::string keyword : {"or", "and"}) {
    int depth = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == "(") ++depth;
      if (words[i] == ")") --depth;
      if (depth < 0) return std::nullopt;
      if (depth > 0 || words[i] != keyword) continue;
      const auto left = slow_value({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(i)}, holds);
      const auto right = slow_value({words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end()}, holds);
      if (!left || !right) return std::nullopt;
      return keyword == "or" ? *left || *right : *left && *right;
    }
    if (depth != 0) return std::nullopt;
  }
  if (words[0] == "not") {
    const auto rest = slow_value({words.begin() + 1, words.end()}, holds);
    return rest ? std::optional(!*rest) : std::nullopt;
  }
  if (words[0] == "(" && words.back() == ")" && words.size() > 2) {
    return slow_value({words.begin() + 1, words.end() - 1}, holds);
  }
  if (words.size() == 3 && words[1] == "of" && words[2] == "them" && (words[0] == "1" || words[0] == "all")) {
    return evaluate(
        Condition{.kind = Condition::Kind::kOf, .name = "them", .all = words[0] == "all", .children = {}, .column = 0},
        holds);
  }
  if (words.size() == 1 && words[0].size() == 1 && words[0] != "1" && words[0] != "(" && words[0] != ")") {
    return holds(words[0]);
  }
  return std::nullopt;
}

Condition name(const std::string& text) {
  return {.kind = Condition::Kind::kName, .name = text, .all = false, .children = {}, .column = 0};
}

/// A random condition in the form the parser gives: no kAnd right inside a
/// kAnd, no kOr right inside a kOr.
Condition random_condition(std::mt19937& random, int depth, Condition::Kind parent) {
  const auto roll = [&](unsigned sides) { return random() % sides; };
  if (depth == 0 || roll(4) == 0) {
    if (roll(4) != 0) return name(kNames[roll(4)]);
    const char* const patterns[] = {"them", "sel*", "*x-y*"};
    return {.kind = Condition::Kind::kOf, .name = patterns[roll(3)], .all = roll(2) == 0, .children = {}, .column = 0};
  }
  auto kind = static_cast<Condition::Kind>(static_cast<unsigned>(Condition::Kind::kNot) + roll(3));
  if (kind == parent && kind != Condition::Kind::kNot) kind = Condition::Kind::kNot;
  Condition node{.kind = kind, .name = {}, .all = false, .children = {}, .column = 0};
  const unsigned children = kind == Condition::Kind::kNot ? 1 : 2 + static_cast<unsigned>(roll(3));
  for (unsigned i = 0; i < children; ++i) node.children.push_back(random_condition(random, depth - 1, kind));
  return node;
}

bool same(const Condition& a, const Condition& b) {
  if (a.kind != b.kind || a.name != b.name || a.all != b.all || a.children.size() != b.children.size()) return false;
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (!same(a.children[i], b.children[i])) return false;
  }
  return true;
}

TEST(Condition, BindsOrLoosestThenAndThenNot) {
  const struct {
    std::string_view text;
    std::string_view canonical;
  } cases[] = {
      {"selection", "selection"},
      {"a or b and c", "a or b and c"},
      {"a or (b and c)", "a or b and c"},
      {"(a or b) and c", "(a or b) and c"},
      {"not a and b", "not a and b"},
      {"(not a) and b", "not a and b"},
      {"not (a and b)", "not (a and b)"},
      {"not not a", "not not a"},
      {"a and (b and c)", "a and b and c"},
      {"(a or b) or c", "a or b or c"},
      {"((a))", "a"},
      {"a AND Not b oR c", "a and not b or c"},
      {"1 of selection*", "1 of selection*"},
      {"1 OF them", "1 of them"},
      {"any of them", "1 of them"},
      {"ALL of Them", "all of them"},
      {"not 1 of filter_*", "not 1 of filter_*"},
      {"a and not all of filter_*", "a and not all of filter_*"},
      {"all of sel*_x*", "all of sel*_x*"},
      {"1 of selection", "1 of selection"},
      {"not(a)and(b)", "not a and b"},
      {"  a\n  and\tb ", "a and b"},
      {"selection-1 and filter.conf", "selection-1 and filter.conf"},
      {"all and any or 1", "all and any or 1"},
      {"them", "them"},
      {"order and android", "order and android"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto parsed = parse_condition(c.text);
    const auto* condition = std::get_if<Condition>(&parsed);
    if (condition == nullptr) {
      ADD_FAILURE() << std::get<ConditionError>(parsed).message;
      continue;
    }
    EXPECT_EQ(to_string(*condition), c.canonical);
  }
}

TEST(Condition, SaysWhatIsWrongWhereAndWhatToDo) {
  const struct {
    std::string_view text;
    std::string_view code;
    int column;
    std::string_view message;
    std::string_view hint;
  } cases[] = {
      {"", "condition-syntax", 1, "the condition is empty", "name a search, e.g. `condition: selection`"},
      {"  ", "condition-syntax", 1, "the condition is empty", "name a search, e.g. `condition: selection`"},
      {"a and", "condition-syntax", 6, "the condition ends where a search is expected",
       "finish it, or remove the last operator"},
      {"not", "condition-syntax", 4, "the condition ends where a search is expected",
       "finish it, or remove the last operator"},
      {"and a", "condition-syntax", 1, "`and` has nothing on its left", "put a search on both sides of it"},
      {"a or or b", "condition-syntax", 6, "`or` has nothing on its left", "put a search on both sides of it"},
      {"a and (b or c", "condition-syntax", 7, "this `(` is never closed", "add the missing `)`"},
      {"a)", "condition-syntax", 2, "this `)` closes nothing", "remove it, or add the missing `(`"},
      {"()", "condition-syntax", 2, "`)` stands where a search is expected", ""},
      {"a b", "condition-syntax", 3, "`b` follows without an operator", "write `and` or `or` between them"},
      {"a (b)", "condition-syntax", 3, "`(` follows without an operator", "write `and` or `or` between them"},
      {"all filter*", "condition-syntax", 5, "`filter*` follows without an operator", "write `all of filter*`"},
      {"selection*", "condition-syntax", 1, "`selection*` is a pattern, not the name of a search",
       "write `1 of selection*` or `all of selection*`"},
      {"2 of selection*", "condition-syntax", 1, "`2 of` is not in Sigma's grammar",
       "write `1 of` or `all of`, or spell the combinations out with and/or"},
      {"some of them", "condition-syntax", 1, "`some of` is not in Sigma's grammar", "write `1 of` or `all of`"},
      {"1 of", "condition-syntax", 5, "`1 of` needs a pattern of search names",
       "write e.g. `1 of selection*` or `1 of them`"},
      {"all of (a)", "condition-syntax", 8, "`all of` needs a pattern of search names",
       "write e.g. `all of selection*` or `all of them`"},
      {"a && b", "condition-syntax", 3, "`&&` has no meaning in a condition", "write `and`"},
      {"a || b", "condition-syntax", 3, "`||` has no meaning in a condition", "write `or`"},
      {"!a", "condition-syntax", 1, "`!` has no meaning in a condition", "write `not`"},
      {"a and \xC3\xA9t\xC3\xA9", "condition-syntax", 7, "`this character` has no meaning in a condition",
       "search names are made of letters, digits, `_`, `-` and `.`"},
      {"selection | count() by sourceIPAddress > 5", "old-aggregation", 11,
       "aggregation in a condition (`| ...`) is not in Sigma any more",
       "write a correlation of type event_count or value_count over this rule"},
      {"selection1 | near selection2", "old-aggregation", 12, "`| near` is not in Sigma any more",
       "write a correlation of type temporal over two rules"},
      {"selection1 near selection2", "old-aggregation", 12, "`near` is not in Sigma any more",
       "write a correlation of type temporal over two rules"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto parsed = parse_condition(c.text);
    const auto* error = std::get_if<ConditionError>(&parsed);
    if (error == nullptr) {
      ADD_FAILURE() << "was read as " << to_string(std::get<Condition>(parsed));
      continue;
    }
    EXPECT_EQ(error->code, c.code);
    EXPECT_EQ(error->column, c.column);
    EXPECT_EQ(error->message, c.message);
    EXPECT_EQ(error->hint, c.hint);
  }
}

TEST(Condition, NestsAsDeepAsTheBoundAndNoDeeper) {
  const struct {
    std::string_view name;
    std::string_view open;
    std::string_view close;
  } cases[] = {{"parentheses", "(", ")"}, {"not", "not ", ""}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto nested = [&](int levels) {
      std::string text;
      for (int i = 0; i < levels; ++i) text += c.open;
      text += "a";
      for (int i = 0; i < levels; ++i) text += c.close;
      return parse_condition(text);
    };
    EXPECT_TRUE(std::holds_alternative<Condition>(nested(kMaxConditionDepth)));
    const auto deeper = nested(kMaxConditionDepth + 1);
    ASSERT_TRUE(std::holds_alternative<ConditionError>(deeper));
    EXPECT_EQ(std::get<ConditionError>(deeper).message, "the condition nests deeper than 64");
    EXPECT_TRUE(std::holds_alternative<ConditionError>(nested(100'000)));
  }
}

TEST(Condition, RemembersTheColumnOfEachPart) {
  const auto parsed = parse_condition("a and not 1 of b*");
  const auto& root = std::get<Condition>(parsed);
  EXPECT_EQ(root.children.at(0).column, 1);
  EXPECT_EQ(root.children.at(1).column, 7);
  EXPECT_EQ(root.children.at(1).children.at(0).column, 11);
}

TEST(ConditionProperty, PrintedConditionsAreReadBackAsTheyWere) {
  std::mt19937 random(20260115);
  for (int round = 0; round < 5'000; ++round) {
    const Condition condition = random_condition(random, 5, Condition::Kind::kName);
    const std::string text = to_string(condition);
    SCOPED_TRACE(text);
    const auto parsed = parse_condition(text);
    ASSERT_TRUE(std::holds_alternative<Condition>(parsed)) << std::get<ConditionError>(parsed).message;
    ASSERT_TRUE(same(std::get<Condition>(parsed), condition)) << to_string(std::get<Condition>(parsed));
  }
}

/// Random words, most of them no condition: the parser takes the same ones as
/// the oracle, and they mean the same.
TEST(ConditionProperty, MeansWhatTheSlowReaderSaysItMeans) {
  const char* const kWords[] = {"a", "b", "c", "d", "and", "or", "not", "(", ")", "1 of them", "all of them"};
  std::mt19937 random(7);
  int conditions = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    std::vector<std::string> words;
    bool operand = true;  // a walk that is a condition more often than not
    for (auto left = 1 + random() % 12; left > 0; --left) {
      const std::size_t pick = random() % 16 == 0 ? random() % std::size(kWords)
                               : operand          ? (random() % 3 == 0 ? 6 + random() % 2 : random() % 4)
                                                  : (random() % 4 == 0 ? 8 : 4 + random() % 2);
      operand = pick >= 4 && pick <= 7;
      const std::string word = kWords[pick];
      text += word + " ";
      if (pick >= 9) {
        for (const std::string& part : {std::string(pick == 9 ? "1" : "all"), std::string("of"), std::string("them")}) {
          words.push_back(part);
        }
      } else {
        words.push_back(word);
      }
    }
    const auto parsed = parse_condition(text);
    for (unsigned truth = 0; truth < 16; ++truth) {
      const Holds holds = [&](const std::string& search) { return (truth >> (search[0] - 'a') & 1U) != 0; };
      const auto expected = slow_value(words, holds);
      ASSERT_EQ(expected.has_value(), std::holds_alternative<Condition>(parsed)) << text;
      if (!expected) break;
      ASSERT_EQ(*expected, evaluate(std::get<Condition>(parsed), holds)) << text << "at " << truth;
    }
    conditions += std::holds_alternative<Condition>(parsed) ? 1 : 0;
  }
  EXPECT_GT(conditions, 2'000);
}

}  // namespace
}  // namespace tripline::rules
