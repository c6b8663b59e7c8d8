#include <gtest/gtest.h>

#include "rules/modifiers.h"
#include "tests/support/searches.h"

namespace tripline::rules {
namespace {

using tests::compiled;
using tests::Given;
using tests::number;

const Lists kLists = {{"admins", {"alice"}}, {"none", {}}};

struct Case {
  std::string_view key;
  std::vector<Given> values;
  std::string_view said;
};

class Mistakes : public testing::TestWithParam<Case> {};

TEST_P(Mistakes, AreNamedWithPlaceCodeAndHint) {
  const Case& c = GetParam();
  const auto made = compiled(c.key, c.values, kLists);
  EXPECT_FALSE(made.expression);
  EXPECT_EQ(made.said(), std::string(c.said) + "\n");
}

const Case kOrder[] = {
    {"f|contain", {"a"}, "1:7 unknown-modifier: `contain` is no modifier of Sigma [did you mean `contains`?]"},
    {"f|Contains", {"a"}, "1:7 unknown-modifier: `Contains` is no modifier of Sigma [did you mean `contains`?]"},
    {"f|equals", {"a"}, "1:7 unknown-modifier: `equals` is no modifier of Sigma [docs/sigma-support.md lists them]"},
    {"f|", {"a"}, "1:7 unknown-modifier: no modifier follows a `|` [write one behind it, or remove the `|`]"},
    {"f|contains|wide|base64offset",
     {"a"},
     "1:16 modifier-order: `wide` cannot follow `contains` [write `wide|base64offset|contains`]"},
    {"f|i|re", {"a"}, "1:7 modifier-order: `i` cannot come first [write `re|i`]"},
    {"f|s", {"a"}, "1:7 modifier-order: `s` cannot come first [put it behind `re`]"},
    {"f|contains|i", {"a"}, "1:16 modifier-order: `i` cannot follow `contains` [put it behind `re`]"},
    {"f|gte|hour", {3}, "1:11 modifier-order: `hour` cannot follow `gte` [write `hour|gte`]"},
    {"f|startswith|fieldref",
     {"g"},
     "1:18 modifier-order: `fieldref` cannot follow `startswith` [write `fieldref|startswith`]"},
    {"f|contains|startswith",
     {"a"},
     "1:16 modifier-order: `startswith` cannot follow `contains` [leave out one of the two]"},
    {"f|fieldref|startswith|endswith",
     {"g"},
     "1:5 modifier-order: `endswith` is one relation too many [use one of contains, startswith and endswith]"},
    {"f|contains|contains",
     {"a"},
     "1:16 modifier-order: `contains` cannot follow `contains` [leave out one of the two]"},
    {"f|contains|all|all", {"a", "b"}, "1:20 modifier-order: `all` cannot follow `all` [leave out one of the two]"},
    {"f|wide",
     {"a"},
     "1:7 modifier-order: `wide` makes bytes, which no field holds [follow `wide` with `base64` or `base64offset`]"},
    {"f|utf16|contains",
     {"a"},
     "1:13 modifier-order: `contains` cannot follow `utf16` [follow `utf16` with `base64` or `base64offset`]"},
    {"f|re|contains",
     {"a"},
     "1:10 modifier-order: `re` and `contains` cannot stand together [leave out `contains`: an expression is found "
     "anywhere in the field]"},
    {"f|cased|re",
     {"a"},
     "1:13 modifier-order: `re` and `cased` cannot stand together [leave out `cased`: letter case matters to `re` "
     "unless `i` follows it]"},
    {"f|expand|re",
     {"%admins%"},
     "1:14 modifier-order: `re` and `expand` cannot stand together [spell the values out in the expression, as in "
     "`(one|other)`]"},
    {"f|cidr|gt", {"10.0.0.0/8"}, "1:12 modifier-order: `gt` cannot follow `cidr` [leave out one of the two]"},
    {"f|neq|all",
     {"a", "b"},
     "1:11 modifier-order: `neq` and `all` cannot stand together "
     "[leave out `all`: `neq` asks that none of the values passes]"},
    {"f|exists|neq",
     {true},
     "1:14 modifier-order: `exists` stands alone "
     "[write `exists` with `true` or `false`, and other tests of the field as items of their own]"},
};

const Case kValues[] = {
    {"f|all", {"a"}, "1:7 all-on-one-value: `all` has only one value to work on [leave out `all`]"},
    {"f|contains|all", {"a"}, "1:16 all-on-one-value: `all` has only one value to work on [leave out `all`]"},
    {"f",
     {"a", nullptr},
     "1:21 null-in-list: null cannot stand in a list "
     "[write a search of its own with `f: null` and join the two with `or`]"},
    {"f|contains",
     {nullptr},
     "1:20 modifier-value: `contains` works on text, not on null "
     "[write the field without modifiers for one that is missing or null]"},
    {"f|exists",
     {"true"},
     "1:20 modifier-value: `exists` wants true or false, not the text 'true' [write `true` or `false`, without "
     "quotes]"},
    {"f|exists",
     {1},
     "1:20 modifier-value: `exists` wants true or false, not the number 1 [write `true` or `false`, without quotes]"},
    {"f|exists", {true, false}, "1:5 modifier-value: `exists` takes one value [write `true` or `false`]"},
    {"f|fieldref",
     {12},
     "1:20 modifier-value: `fieldref` works on text, not on the number 12 [put the value in quotes]"},
    {"f|fieldref",
     {"a.*"},
     "1:20 modifier-value: 'a.*' is no field's name [write the path of one field, without wildcards]"},
    {"f|base64",
     {"a*"},
     "1:20 modifier-value: `base64` cannot encode a wildcard "
     "[write `\\*` or `\\?` for the character itself, or split the value at the wildcard]"},
    {"f|wide|base64",
     {"a?"},
     "1:20 modifier-value: `wide` cannot encode a wildcard "
     "[write `\\*` or `\\?` for the character itself, or split the value at the wildcard]"},
    {"f|base64offset|contains",
     {"a"},
     "1:20 modifier-value: a value for `base64offset` needs two bytes or more "
     "[a shorter one has nothing of its own in Base64]"},
    {"f|gt", {"5"}, "1:20 bad-number: `gt` works on numbers, not on the text '5' [write digits, without quotes]"},
    {"f|lte", {true}, "1:20 bad-number: `lte` works on numbers, not on true [write a number]"},
    {"f|hour", {24}, "1:20 bad-number: `hour` is never 24 [write a whole number from 0 to 23]"},
    {"f|hour|gte", {number("2.5")}, "1:20 bad-number: `hour` is never 2.5 [write a whole number from 0 to 23]"},
    {"f|day", {0}, "1:20 bad-number: `day` is never 0 [write a whole number from 1 to 31]"},
    {"f",
     {number("1e999")},
     "1:20 bad-number: 1e999 is beyond the range of numbers [put it in quotes to compare it as text]"},
    {"f|cidr",
     {"10.0.0.1/8"},
     "1:20 bad-cidr: '10.0.0.1/8' is no network [bits after the prefix are set; did you mean 10.0.0.0/8?]"},
    {"f|cidr",
     {"2001:db8::1/32"},
     "1:20 bad-cidr: '2001:db8::1/32' is no network [bits after the prefix are set; did you mean 2001:db8::/32?]"},
    {"f|cidr", {"10.0.0.0/33"}, "1:20 bad-cidr: '10.0.0.0/33' is no network [the prefix is a number from 0 to 32]"},
    {"f|cidr",
     {"10.0.0.*"},
     "1:20 bad-cidr: '10.0.0.*' is no network [write an IPv4 or IPv6 network such as 10.0.0.0/8 or 2001:db8::/32]"},
    {"f|cidr", {10}, "1:20 modifier-value: `cidr` works on text, not on the number 10 [put the value in quotes]"},
    {"f|expand",
     {"%servers%"},
     "1:20 missing-list: the placeholder `%servers%` has no list of values "
     "[put the values, one a line, into `servers.txt` in a folder and give it with --lists]"},
    {"f|expand",
     {"%none%"},
     "1:20 missing-list: the placeholder `%none%` has an empty list of values "
     "[put the values, one a line, into `none.txt` in a folder and give it with --lists]"},
    {"f|windash",
     {"-a -b -c -d -e -f -g -h"},
     "1:20 rule-too-large: `windash` makes more than 100000 values of this item [split the value, or the rule]"},
    {"f|re",
     {"a(?=b)"},
     "1:20 regex-unsupported: RE2 cannot run this expression: invalid perl operator: (?= [RE2 has no lookahead: put "
     "what "
     "must also be there into a search of its own and join them with `and`]"},
    {"f|re|i",
     {"a", "(b"},
     "1:21 regex-unsupported: RE2 cannot run this expression: missing ): (?i)(b "
     "[write `\\(` or `\\)` for a parenthesis in the text]"},
    {"f", {}, "1:5 empty-list: the list has no values [give it some]"},
};

const Case kKeywords[] = {
    {"|startswith", {"a"}, "1:6 keyword-modifier: `startswith` needs a field [write `field|startswith`]"},
    {"|cidr", {"10.0.0.0/8"}, "1:6 keyword-modifier: `cidr` needs a field [write `field|cidr`]"},
    {"|exists", {true}, "1:6 keyword-modifier: `exists` needs a field [write `field|exists`]"},
    {"|neq", {"a"}, "1:6 keyword-modifier: `neq` needs a field [put `not` before the search in the condition]"},
    {"", {nullptr}, "1:20 modifier-value: a keyword cannot be null [write the text to look for]"},
};

INSTANTIATE_TEST_SUITE_P(Order, Mistakes, testing::ValuesIn(kOrder));
INSTANTIATE_TEST_SUITE_P(Values, Mistakes, testing::ValuesIn(kValues));
INSTANTIATE_TEST_SUITE_P(Keywords, Mistakes, testing::ValuesIn(kKeywords));

void PrintTo(const Case& c, std::ostream* out) { *out << c.key; }

TEST(Modifiers, OneRunReportsEveryMistake) {
  const auto body =
      tests::detection({tests::search("a", {tests::item("f|re", {"a++", "b\\1"}), tests::item("g|contian", {"x"}, 2)}),
                        tests::search("b", {tests::item("h|cidr", {"x", "10.0.0.0/8", "y"}, 3)})},
                       {"a and c", "b and"});
  const tests::Compiled made(body);
  EXPECT_FALSE(made.expression);
  std::string codes;
  for (const Diagnostic& diagnostic : made.diagnostics.all()) codes += std::string(diagnostic.code->code) + " ";
  EXPECT_EQ(codes,
            "regex-unsupported regex-unsupported unknown-modifier bad-cidr bad-cidr unknown-search condition-syntax ");
  for (const Diagnostic& diagnostic : made.diagnostics.all()) EXPECT_EQ(diagnostic.rule, "A title");
}

}  // namespace
}  // namespace tripline::rules
