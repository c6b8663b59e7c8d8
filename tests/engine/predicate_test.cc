#include "engine/predicate.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/events.h"
#include "tests/support/patterns.h"

namespace tripline::engine {
namespace {

using tests::any_of;
using tests::keywords;
using tests::networks;
using tests::OwnedEvent;
using tests::pattern;
using tests::regex;

/// Whether `test` holds for the field `a` (or `a.b`) of a record.
bool holds(const Test& test, std::string_view json, std::string_view path = "a") {
  FieldTable fields(false);
  const FieldId field = fields.intern(path);
  fields.intern("other");  // FieldRefTest::other is 1 in these tests
  OwnedEvent event(fields, json);
  EXPECT_TRUE(event.read().has_value()) << json;
  return evaluate({std::holds_alternative<KeywordTest>(test) ? kNoField : field, test}, *event);
}

struct Row {
  std::string_view json;
  bool holds;
  std::string_view why;
};

void expect(const Test& test, const std::vector<Row>& rows) {
  for (const auto& row : rows) EXPECT_EQ(holds(test, row.json), row.holds) << row.json << ": " << row.why;
}

TEST(TextPredicate, ExactPatternsSeeScalarsAlone) {
  expect(any_of({"Abc", "12", "true", "[1]"}), {
                                                   {R"({"a":"aBC"})", true, "letter case aside"},
                                                   {R"({"a":"abcd"})", false, "whole"},
                                                   {R"({"a":12})", true, "a number by its text"},
                                                   {R"({"a":12.0})", false, "a number by its text"},
                                                   {R"({"a":true})", true, "a boolean by its text"},
                                                   {R"({"a":["x","abc"]})", true, "an array offers its elements"},
                                                   {R"({"a":[1]})", false, "but not its text to exact patterns"},
                                                   {R"({"a":[["abc"]]})", false, "nor what lies deeper"},
                                                   {R"({"a":null})", false, "null has no text"},
                                                   {R"({})", false, "missing"},
                                               });
  expect(any_of({"null"}), {{R"({"a":null})", false, "null is not the text null"}, {R"({"a":"null"})", true, "text"}});
}

TEST(TextPredicate, WildcardsSeeAContainersCompactText) {
  expect(any_of({"*\"b\":[1,*"}), {
                                      {R"({"a": { "b" : [ 1 , 2 ] } })", true, "compact, whatever the transport did"},
                                      {R"({"a":["x",{"b":[1,2]}]})", true, "the array's text holds its objects'"},
                                      {R"({"a":{"b":[2]}})", false, "another text"},
                                  });
  expect(any_of({"{\"b*"}), {{R"({"a":{"b":1}})", true, "startswith"}, {R"({"a":[{"b":1}]})", false, "not inside"}});
  expect(any_of({"*1}"}), {{R"({"a":{"b":1}})", true, "endswith"}, {R"({"a":{"b":"1"}})", false, "a string's quote"}});
  expect(any_of({"{?b*1}"}), {{R"({"a":{"b":1}})", true, "wildcards"}});
}

TEST(TextPredicate, AStarIsSomeValueThatIsNotNull) {
  expect(any_of({"*"}), {
                            {R"({"a":""})", true, "an empty string"},
                            {R"({"a":0})", true, "a number"},
                            {R"({"a":{}})", true, "an empty object"},
                            {R"({"a":[]})", true, "an empty array"},
                            {R"({"a":null})", false, "null"},
                            {R"({})", false, "missing"},
                        });
}

TEST(TextPredicate, TheEmptyStringIsNeverMissing) {
  expect(any_of({""}), {
                           {R"({"a":""})", true, "empty"},
                           {R"({"a":["x",""]})", true, "one of them"},
                           {R"({"a":null})", false, "null"},
                           {R"({"a":{}})", false, "a container"},
                           {R"({})", false, "missing"},
                       });
}

TEST(TextPredicate, CasedPatternsTellLettersApart) {
  for (const auto* text : {"Abc", "Ab*", "*bC", "*b*", "A?c"}) {
    const bool same = std::string_view(text) != "*bC";
    EXPECT_EQ(holds(any_of({text}, true), R"({"a":"Abc"})"), same) << text;
    EXPECT_TRUE(holds(any_of({text}, false), R"({"a":"aBC"})")) << text;
  }
}

TEST(TextPredicate, ALongListAnswersAsAShortOne) {
  TextTest list;
  for (int i = 0; i < 4432; ++i) list.any.push_back(pattern("Driver" + std::to_string(i) + ".sys"));
  list.any.push_back(pattern("Cased", true));
  list.any.push_back(pattern("begins*"));
  list.any.push_back(pattern("*{\"deep*"));
  FieldTable fields(false);
  PredicateTable table;
  const FieldId field = fields.intern("a");
  const Predicate& interned = table[table.intern({field, list})];
  ASSERT_NE(std::get<TextTest>(interned.test).exact, nullptr);
  const struct {
    std::string_view json;
    bool holds;
  } cases[] = {
      {R"({"a":"DRIVER4431.SYS"})", true},
      {R"({"a":"driver4432.sys"})", false},
      {R"({"a":"driver0.sys"})", true},
      {R"({"a":"Cased"})", true},
      {R"({"a":"cased"})", false},
      {R"({"a":"begins here"})", true},
      {R"({"a":[1,"driver7.sys"]})", true},
      {R"({"a":{"b":{"deep":1}}})", true},
      {R"({"a":null})", false},
      {R"({"a":{}})", false},
  };
  for (const auto& c : cases) {
    OwnedEvent event(fields, c.json);
    EXPECT_EQ(evaluate(interned, *event), c.holds) << c.json;
    EXPECT_EQ(evaluate({field, list}, *event), c.holds) << c.json;
  }
}

TEST(NumberPredicate, ComparesNumbersNumericallyAndAllElseByText) {
  expect(NumberTest{{0, 443}, {"0", "443"}}, {
                                                 {R"({"a":0})", true, "equal"},
                                                 {R"({"a":0.0})", true, "0 is 0.0"},
                                                 {R"({"a":-0.0})", true, "0 is -0.0"},
                                                 {R"({"a":4.43e2})", true, "however it is written"},
                                                 {R"({"a":1})", false, "another number"},
                                                 {R"({"a":"443"})", true, "text"},
                                                 {R"({"a":"443.0"})", false, "another text"},
                                                 {R"({"a":[1,443]})", true, "an element"},
                                                 {R"({"a":false})", false, "false is not 0"},
                                                 {R"({"a":null})", false, "null is not 0"},
                                                 {R"({})", false, "missing"},
                                             });
}

TEST(RegexPredicate, SearchesTextAndContainersText) {
  expect(regex("^b[0-9]+c"), {
                                 {R"({"a":"b12cd"})", true, "a search"},
                                 {R"({"a":"xb12c"})", false, "anchored"},
                                 {R"({"a":"B12C"})", false, "letter case counts"},
                                 {R"({"a":["x","b1c"]})", true, "an element"},
                                 {R"({"a":null})", false, "null"},
                             });
  expect(regex("(?i)\"B\":1[,}]"), {{R"({"a":{"b": 1}})", true, "an object's compact text"}});
  expect(regex(""), {{R"({"a":""})", true, "empty text"}, {R"({"a":null})", false, "null"}, {"{}", false, "missing"}});
  expect(regex("^12$"), {{R"({"a":12})", true, "a number's text"}});
}

TEST(CidrPredicate, SkipsWhatIsNoAddress) {
  expect(networks({"10.0.0.0/8", "2001:db8::/32"}), {
                                                        {R"({"a":"10.1.2.3"})", true, "inside"},
                                                        {R"({"a":"11.1.2.3"})", false, "outside"},
                                                        {R"({"a":"2001:DB8::1"})", true, "IPv6"},
                                                        {R"({"a":"::ffff:10.1.2.3"})", true, "IPv4 written as IPv6"},
                                                        {R"({"a":"iam.amazonaws.com"})", false, "a service"},
                                                        {R"({"a":["x","10.0.0.1"]})", true, "an element"},
                                                        {R"({"a":10})", false, "a number"},
                                                        {R"({"a":null})", false, "null"},
                                                        {R"({})", false, "missing"},
                                                    });
}

TEST(ComparePredicate, TakesNumbersAndTextThatIsWhollyOne) {
  const CompareTest at_least{Comparison::kGte, 10};
  expect(at_least, {
                       {R"({"a":10})", true, "a number"},
                       {R"({"a":9.99})", false, "a number"},
                       {R"({"a":"10"})", true, "text"},
                       {R"({"a":"1e1"})", true, "text"},
                       {R"({"a":"0010"})", true, "text with zeros, as an account id has"},
                       {R"({"a":"-10"})", false, "text"},
                       {R"({"a":" 10"})", false, "a blank"},
                       {R"({"a":"10 "})", false, "a blank"},
                       {R"({"a":"+10"})", false, "a plus"},
                       {R"({"a":"0x10"})", false, "hexadecimal"},
                       {R"({"a":"10ms"})", false, "a unit"},
                       {R"({"a":"inf"})", false, "no digits"},
                       {R"({"a":"nan"})", false, "no digits"},
                       {R"({"a":"1e999"})", false, "too large"},
                       {R"({"a":""})", false, "empty"},
                       {R"({"a":"-"})", false, "a sign alone"},
                       {R"({"a":true})", false, "a boolean"},
                       {R"({"a":null})", false, "null"},
                       {R"({"a":[1,20]})", true, "an element"},
                       {R"({"a":{}})", false, "a container"},
                       {R"({})", false, "missing"},
                   });
  const struct {
    Comparison comparison;
    bool less, equal, greater;
  } cases[] = {
      {Comparison::kEq, false, true, false}, {Comparison::kLt, true, false, false},
      {Comparison::kLte, true, true, false}, {Comparison::kGt, false, false, true},
      {Comparison::kGte, false, true, true},
  };
  for (const auto& c : cases) {
    const CompareTest test{c.comparison, 5};
    EXPECT_EQ(holds(test, R"({"a":4})"), c.less);
    EXPECT_EQ(holds(test, R"({"a":5.0})"), c.equal);
    EXPECT_EQ(holds(test, R"({"a":"6"})"), c.greater);
  }
}

TEST(TimePredicate, ReadsPartsInUtc) {
  const struct {
    TimePart part;
    std::string_view time;
    double value;
  } cases[] = {
      {TimePart::kMinute, "2026-01-15T10:11:12Z", 11},    {TimePart::kHour, "2026-01-15T10:11:12Z", 10},
      {TimePart::kHour, "2026-01-15T00:30:00+01:00", 23}, {TimePart::kDay, "2026-01-15T00:30:00+01:00", 14},
      {TimePart::kDay, "2026-01-15T10:11:12Z", 15},       {TimePart::kMonth, "2026-01-15T10:11:12Z", 1},
      {TimePart::kYear, "2026-01-15T10:11:12Z", 2026},    {TimePart::kMonth, "2025-12-31T23:59:59Z", 12},
      {TimePart::kWeek, "2026-01-01T00:00:00Z", 1},       {TimePart::kWeek, "2025-12-29T00:00:00Z", 1},
      {TimePart::kWeek, "2025-12-28T23:59:59Z", 52},      {TimePart::kWeek, "2027-01-03T00:00:00Z", 53},
      {TimePart::kWeek, "2027-01-04T00:00:00Z", 1},       {TimePart::kWeek, "2024-12-30T00:00:00Z", 1},
  };
  for (const auto& c : cases) {
    const std::string json = "{\"a\":\"" + std::string(c.time) + "\"}";
    EXPECT_TRUE(holds(TimePartTest{c.part, Comparison::kEq, c.value}, json)) << c.time;
    EXPECT_FALSE(holds(TimePartTest{c.part, Comparison::kEq, c.value + 1}, json)) << c.time;
    EXPECT_TRUE(holds(TimePartTest{c.part, Comparison::kGte, c.value}, json)) << c.time;
    EXPECT_FALSE(holds(TimePartTest{c.part, Comparison::kLt, c.value}, json)) << c.time;
  }
  expect(TimePartTest{TimePart::kYear, Comparison::kGt, 0}, {{R"({"a":"yesterday"})", false, "no time"},
                                                             {R"({"a":20260115})", false, "a number"},
                                                             {R"({"a":null})", false, "null"},
                                                             {R"({})", false, "missing"}});
}

TEST(NullAndExistsPredicates, TellMissingNullAndEmptyApart) {
  const struct {
    std::string_view json;
    bool null, exists;
  } cases[] = {
      {R"({})", true, false},           {R"({"a":null})", true, true}, {R"({"a":""})", false, true},
      {R"({"a":0})", false, true},      {R"({"a":{}})", false, true},  {R"({"a":[]})", false, true},
      {R"({"a":[null]})", false, true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(holds(NullTest{}, c.json), c.null) << c.json;
    EXPECT_EQ(holds(ExistsTest{}, c.json), c.exists) << c.json;
  }
  EXPECT_TRUE(holds(NullTest{}, R"({"a":[{"b":null},{"b":null}]})", "a.b"));
  EXPECT_TRUE(holds(NullTest{}, R"({"a":[{"c":1}]})", "a.b"));
  EXPECT_FALSE(holds(NullTest{}, R"({"a":[{"b":null},{"b":1}]})", "a.b"));
  EXPECT_TRUE(holds(ExistsTest{}, R"({"a":[{"c":1},{"b":null}]})", "a.b"));
}

TEST(FieldRefPredicate, ComparesAnyToAny) {
  using How = FieldRefTest::How;
  const struct {
    How how;
    bool cased;
    std::string_view json;
    bool holds;
    std::string_view why;
  } cases[] = {
      {How::kEquals, false, R"({"a":"Bob","other":"bob"})", true, "letter case aside"},
      {How::kEquals, true, R"({"a":"Bob","other":"bob"})", false, "cased"},
      {How::kEquals, true, R"({"a":"Bob","other":"Bob"})", true, "cased"},
      {How::kEquals, false, R"({"a":["x","y"],"other":["z","Y"]})", true, "any to any"},
      {How::kEquals, false, R"({"a":["x","y"],"other":["z","w"]})", false, "none to none"},
      {How::kEquals, false, R"({"a":1,"other":1.0})", true, "numbers numerically"},
      {How::kEquals, false, R"({"a":"1","other":1})", true, "else by text"},
      {How::kEquals, false, R"({"a":"1.0","other":1})", false, "else by text"},
      {How::kEquals, false, R"({"a":true,"other":"TRUE"})", true, "else by text"},
      {How::kEquals, false, R"({"a":null,"other":null})", false, "null never"},
      {How::kEquals, false, R"({"a":"null","other":null})", false, "null never"},
      {How::kEquals, false, R"({"other":"x"})", false, "missing never"},
      {How::kEquals, false, R"({"a":"x"})", false, "missing never"},
      {How::kEquals, false, R"({"a":{"b":1},"other":{"b":1}})", false, "containers are not compared whole"},
      {How::kContains, false, R"({"a":"xBobx","other":"bOB"})", true, "inside"},
      {How::kContains, true, R"({"a":"xBobx","other":"bOB"})", false, "inside, cased"},
      {How::kContains, false, R"({"a":{"b":"bob"},"other":"Bob"})", true, "inside a container's text"},
      {How::kContains, false, R"({"a":"{}","other":{}})", false, "a container is looked into, not for"},
      {How::kContains, false, R"({"a":null,"other":"n"})", false, "null has no text"},
      {How::kContains, false, R"({"a":"x","other":""})", true, "the empty text is everywhere"},
      {How::kStartsWith, false, R"({"a":"Bobby","other":"bob"})", true, "at the start"},
      {How::kStartsWith, false, R"({"a":"abob","other":"bob"})", false, "not at the start"},
      {How::kStartsWith, true, R"({"a":"Bobby","other":"bob"})", false, "cased"},
      {How::kEndsWith, false, R"({"a":"aBob","other":"bob"})", true, "at the end"},
      {How::kEndsWith, false, R"({"a":"Bobby","other":"bob"})", false, "not at the end"},
      {How::kEndsWith, true, R"({"a":"aBob","other":"Bob"})", true, "cased"},
  };
  for (const auto& c : cases) EXPECT_EQ(holds(FieldRefTest{1, c.how, c.cased}, c.json), c.holds) << c.json << c.why;
}

TEST(KeywordPredicate, LooksIntoKeysAndScalarsAtAnyDepthButNeverAcrossTwo) {
  expect(keywords({"needle"}), {
                                   {R"({"x":{"y":["a NEEDLE b"]}})", true, "a value"},
                                   {R"({"x":{"myNeedleKey":1}})", true, "a key"},
                                   {R"({"need":"le"})", false, "never across key and value"},
                                   {R"({"x":["need","le"]})", false, "never across values"},
                                   {R"({})", false, "nothing there"},
                               });
  expect(keywords({"x", "4?2", "a*c"}), {
                                            {R"({"n":1412})", true, "a number's text, wildcards"},
                                            {R"({"n":"..abc.."})", true, "wildcards"},
                                            {R"({"n":["a","c"]})", false, "never across values"},
                                        });
  expect(keywords({"Needle"}, true), {{R"({"k":"needle"})", false, "cased"}, {R"({"k":"xNeedle"})", true, "cased"}});
}

TEST(PredicateTable, GivesEqualPredicatesOneId) {
  FieldTable fields(false);
  const FieldId a = fields.intern("a"), b = fields.intern("b");
  const std::vector<Predicate> distinct = {
      {a, any_of({"x", "y"})},
      {b, any_of({"x", "y"})},
      {a, any_of({"x"})},
      {a, any_of({"xy"})},
      {a, any_of({"x", "y"}, true)},
      {a, any_of({"X", "y"}, true)},
      {a, any_of({"x*"})},
      {a, any_of({"x?"})},
      {a, any_of({"*"})},
      {a, any_of({""})},
      {a, any_of({})},
      {a, TextTest{{Pattern({{Pattern::Part::Kind::kText, "*"}}, false)}}},
      {kNoField, keywords({"x", "y"})},
      {a, NumberTest{{1}, {"1"}}},
      {a, NumberTest{{1, 2}, {"1", "2"}}},
      {a, NumberTest{{1}, {"1.0"}}},
      {a, regex("x")},
      {a, regex("(?i)x")},
      {a, networks({"10.0.0.0/8"})},
      {a, networks({"10.0.0.0/9"})},
      {a, CompareTest{Comparison::kLt, 1}},
      {a, CompareTest{Comparison::kLte, 1}},
      {a, CompareTest{Comparison::kLt, 2}},
      {a, TimePartTest{TimePart::kHour, Comparison::kEq, 1}},
      {a, TimePartTest{TimePart::kDay, Comparison::kEq, 1}},
      {a, NullTest{}},
      {a, ExistsTest{}},
      {b, ExistsTest{}},
      {a, FieldRefTest{b, FieldRefTest::How::kEquals, false}},
      {a, FieldRefTest{b, FieldRefTest::How::kEquals, true}},
      {a, FieldRefTest{b, FieldRefTest::How::kContains, false}},
      {a, FieldRefTest{a, FieldRefTest::How::kEquals, false}},
  };
  PredicateTable table;
  for (std::size_t i = 0; i < distinct.size(); ++i) EXPECT_EQ(table.intern(distinct[i]), i);
  for (std::size_t i = 0; i < distinct.size(); ++i) EXPECT_EQ(table.intern(distinct[i]), i);
  EXPECT_EQ(table.intern({a, any_of({"Y", "X", "y"})}), 0U);
  EXPECT_EQ(table.intern({a, any_of({"y", "x", "x"}, true)}), 4U);
  EXPECT_EQ(table.intern({a, NumberTest{{2, 1, 2}, {"2", "1"}}}), 14U);
  EXPECT_EQ(table.intern({a, CompareTest{Comparison::kGt, 0.0}}),
            table.intern({a, CompareTest{Comparison::kGt, -0.0}}));
  EXPECT_EQ(table.size(), distinct.size() + 1);
}

TEST(Describe, SaysOnOneLineWhatIsTested) {
  FieldTable fields(false);
  const FieldId a = fields.intern("eventName"), b = fields.intern("user");
  TextTest mixed = any_of({"x", "y*", "z"});
  mixed.any.push_back(pattern("Cased", true));
  const struct {
    Predicate predicate;
    std::string_view text;
  } cases[] = {
      {{a, any_of({"ConsoleLogin"})}, "eventName is 'ConsoleLogin'"},
      {{a, any_of({"A", "B"})}, "eventName is one of 'A', 'B'"},
      {{a, any_of({"*"})}, "eventName has a value"},
      {{a, any_of({"*Key*"})}, "eventName contains 'Key'"},
      {{a, any_of({"Get*", "List*"})}, "eventName starts with one of 'Get', 'List'"},
      {{a, any_of({"a?c"})}, "eventName is like 'a?c'"},
      {{a, mixed}, "eventName is one of 'x', 'z' or starts with 'y' or is 'Cased' (letter case counts)"},
      {{a, any_of({"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"})},
       "eventName is one of '1', '2', '3', '4', '5', '6', '7', '8', … (10 in all)"},
      {{a, any_of({std::string_view("a\n\x1b\0", 4)})}, "eventName is 'a\\x0a\\x1b\\x00'"},
      {{a, NumberTest{{1, 2.5}, {"1", "2.5"}}}, "eventName is one of 1, 2.5"},
      {{a, regex("^a.*b$")}, "eventName matches /^a.*b$/"},
      {{a, networks({"10.0.0.0/8"})}, "eventName is an address in 10.0.0.0/8"},
      {{a, CompareTest{Comparison::kGte, 5}}, "eventName >= 5"},
      {{a, TimePartTest{TimePart::kHour, Comparison::kLt, 6}}, "hour of eventName < 6"},
      {{a, NullTest{}}, "eventName is missing or null"},
      {{a, ExistsTest{}}, "eventName exists"},
      {{a, FieldRefTest{b, FieldRefTest::How::kEquals, false}}, "eventName equals the value of user"},
      {{a, FieldRefTest{b, FieldRefTest::How::kEndsWith, true}},
       "eventName ends with the value of user (letter case counts)"},
      {{kNoField, keywords({"a", "b*c"})}, "some key or value contains one of 'a', 'b*c'"},
      {{kNoField, tests::regex("a+")}, "some key or value matches /a+/"},
  };
  for (const auto& c : cases) EXPECT_EQ(describe(c.predicate, fields), c.text);
}

}  // namespace
}  // namespace tripline::engine
