#include "rules/modifiers.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/support/searches.h"

namespace tripline::rules {
namespace {

using tests::compiled;
using tests::Given;
using tests::item;
using tests::number;

struct Case {
  std::string_view name;
  std::string_view key;
  std::vector<Given> values;
  std::vector<std::string_view> match;     // records
  std::vector<std::string_view> no_match;  // records
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

const Lists kLists = {{"admins", {"alice", "svc-*"}}, {"nets", {"10.0.0.0/8", "2001:db8::/32"}}, {"none", {}}};

const std::vector<Case>& plain_values() {
  static const std::vector<Case> cases = {
      {"a text compares whole, letter case aside",
       "f",
       {"Alice"},
       {R"({"f":"Alice"})", R"({"f":"aLICE"})", R"({"f":["bob","alice"]})"},
       {R"({"f":"Alice "})", R"({"f":"Malice"})", R"({"f":null})", R"({})", R"({"f":{"f":"alice"}})"}},
      {"a list is any of its values", "f", {"a", "b"}, {R"({"f":"a"})", R"({"f":"B"})"}, {R"({"f":"c"})"}},
      {"wildcards", "f", {"Create*User?"}, {R"({"f":"createLoginUserX"})"}, {R"({"f":"CreateUser"})"}},
      {"escaped wildcards", "f", {"a\\*"}, {R"({"f":"a*"})"}, {R"({"f":"ab"})"}},
      {"a lone backslash", "f", {"C:\\Temp"}, {R"({"f":"c:\\temp"})"}, {R"({"f":"c:\\\\temp"})"}},
      {"'*' is some value that is not null",
       "f",
       {"*"},
       {R"({"f":""})", R"({"f":0})", R"({"f":{}})", R"({"f":[null,1]})"},
       {R"({"f":null})", R"({})"}},
      {"'' is an empty string, never a missing one",
       "f",
       {""},
       {R"({"f":""})", R"({"f":["a",""]})"},
       {R"({"f":null})", R"({})", R"({"f":" "})"}},
      {"null is a field that is missing or null",
       "f",
       {nullptr},
       {R"({})", R"({"f":null})"},
       {R"({"f":""})", R"({"f":0})"}},
      {"a number compares numerically, with text by its text",
       "f",
       {443},
       {R"({"f":443})", R"({"f":443.0})", R"({"f":"443"})", R"({"f":4.43e2})"},
       {R"({"f":"443.0"})", R"({"f":4430})", R"({"f":"0443"})"}},
      {"0 is 0.0 and -0", "f", {0}, {R"({"f":0})", R"({"f":0.0})", R"({"f":-0})"}, {R"({"f":""})", R"({"f":false})"}},
      {"a fraction", "f", {number("1.5")}, {R"({"f":1.5})", R"({"f":"1.5"})", R"({"f":15e-1})"}, {R"({"f":1})"}},
      {"a text of digits is text",
       "f",
       {"012345678901"},
       {R"({"f":"012345678901"})"},
       {R"({"f":12345678901})", R"({"f":"12345678901"})"}},
      {"a boolean is the text true or false",
       "f",
       {true},
       {R"({"f":true})", R"({"f":"true"})", R"({"f":"True"})"},
       {R"({"f":false})", R"({"f":1})", R"({"f":"yes"})"}},
      {"texts and numbers stand in one list",
       "f",
       {"any", 22, true},
       {R"({"f":"ANY"})", R"({"f":22.0})", R"({"f":"22"})", R"({"f":true})"},
       {R"({"f":23})"}},
      {"keywords are somewhere in a key or a value",
       "",
       {"mimikatz", 4625},
       {R"({"a":{"b":"run Mimikatz.exe"}})", R"({"MIMIKATZ":1})", R"({"a":[4625]})", R"({"a":"id=4625;"})"},
       {R"({"a":"mimi","b":"katz"})", R"({"a":46})"}},
      {"a keyword may have wildcards", "", {"a*z"}, {R"({"k":"xx a--z xx"})"}, {R"({"a":"z"})"}},
  };
  return cases;
}

const std::vector<Case>& chains() {
  static const std::vector<Case> cases = {
      {"contains",
       "f|contains",
       {"Suspended"},
       {R"({"f":"is suspended now"})", R"({"f":{"Status":"Suspended"}})", R"({"f":["x","suspendeds"]})"},
       {R"({"f":"suspend"})", R"({})"}},
      {"contains with wildcards inside", "f|contains", {"a*b"}, {R"({"f":"--a--b--"})"}, {R"({"f":"ba"})"}},
      {"contains '*' is any value", "f|contains", {"*"}, {R"({"f":"x"})", R"({"f":{}})"}, {R"({})", R"({"f":null})"}},
      {"contains an escaped wildcard", "f|contains", {"\\*"}, {R"({"f":"a*b"})", R"({"f":["*"]})"}, {R"({"f":"ab"})"}},
      {"contains a number", "f|contains", {44}, {R"({"f":1443})", R"({"f":"x44"})"}, {R"({"f":404})"}},
      {"startswith",
       "f|startswith",
       {"Create"},
       {R"({"f":"createUser"})", R"({"f":"Create"})"},
       {R"({"f":"ReCreate"})"}},
      {"endswith", "f|endswith", {"\\cmd.exe"}, {R"({"f":"C:\\CMD.exe"})"}, {R"({"f":"C:\\cmd.exe "})"}},
      {"contains|all", "f|contains|all", {"a", "b"}, {R"({"f":"b and a"})", R"({"f":["xa","xb"]})"}, {R"({"f":"a"})"}},
      {"all|contains is the same", "f|all|contains", {"a", "b"}, {R"({"f":"b and a"})"}, {R"({"f":"a"})"}},
      {"all over whole values asks for an array", "f|all", {"a", 2}, {R"({"f":["A",2]})"}, {R"({"f":"a"})"}},
      {"cased", "f|cased", {"Alice"}, {R"({"f":"Alice"})"}, {R"({"f":"alice"})"}},
      {"cased leaves numbers numbers", "f|cased", {5}, {R"({"f":5.0})", R"({"f":"5"})"}, {R"({"f":"5.0"})"}},
      {"contains|cased", "f|contains|cased", {"Adm"}, {R"({"f":"SysAdmin"})"}, {R"({"f":"sysadmin"})"}},
      {"cased|contains", "f|cased|contains", {"Adm"}, {R"({"f":"SysAdmin"})"}, {R"({"f":"sysadmin"})"}},
      {"startswith|cased", "f|startswith|cased", {"A*Z"}, {R"({"f":"AbZ!"})"}, {R"({"f":"abZ!"})"}},
      {"endswith|all|cased", "f|endswith|all|cased", {"Z", "*yZ"}, {R"({"f":"xyZ"})"}, {R"({"f":"xyz"})"}},
      {"exists: true", "f|exists", {true}, {R"({"f":null})", R"({"f":""})", R"({"f":{}})"}, {R"({})", R"({"g":1})"}},
      {"exists: false", "f|exists", {false}, {R"({})"}, {R"({"f":null})", R"({"f":1})"}},
      {"neq: a value, and none of its values equals any listed one",
       "f|neq",
       {"a", "b"},
       {R"({"f":"c"})", R"({"f":["c","d"]})", R"({"f":[null,"c"]})"},
       {R"({"f":"A"})", R"({"f":["c","b"]})", R"({})", R"({"f":null})"}},
      {"neq of a number", "f|neq", {5}, {R"({"f":6})", R"({"f":"x"})"}, {R"({"f":5.0})", R"({"f":"5"})", R"({})"}},
      {"neq of null is some value", "f|neq", {nullptr}, {R"({"f":0})"}, {R"({"f":null})", R"({})"}},
      {"contains|neq", "f|contains|neq", {"a"}, {R"({"f":"xyz"})"}, {R"({"f":"xAz"})", R"({})"}},
      {"re|neq", "f|re|neq", {"^a"}, {R"({"f":"ba"})"}, {R"({"f":"ab"})", R"({})"}},
      {"gt|neq", "f|gt|neq", {5}, {R"({"f":5})", R"({"f":"x"})"}, {R"({"f":6})", R"({})"}},
      {"cidr|neq", "f|cidr|neq", {"10.0.0.0/8"}, {R"({"f":"8.8.8.8"})", R"({"f":"x"})"}, {R"({"f":"10.1.1.1"})"}},
      {"windash",
       "f|windash",
       {"-enc"},
       {R"({"f":"-enc"})", R"({"f":"/enc"})", R"({"f":"–enc"})", R"({"f":"—enc"})", R"({"f":"―ENC"})"},
       {R"({"f":"enc"})", R"({"f":"+enc"})"}},
      {"contains|windash",
       "f|contains|windash",
       {" -param-name"},
       {R"({"f":"x /param-name y"})", R"({"f":"x —param-name"})"},
       {R"({"f":"x -param/name y"})"}},
      {"windash|contains", "f|windash|contains", {" -p"}, {R"({"f":"x /p y"})"}, {R"({"f":"/p"})"}},
      {"contains|windash|all",
       "f|contains|windash|all",
       {" -a", " -b"},
       {R"({"f":"x /a –b"})"},
       {R"({"f":"x /a /a -c"})"}},
      {"endswith|windash", "f|endswith|windash", {" /s"}, {R"({"f":"reg -S"})"}, {R"({"f":"reg -s "})"}},
      {"windash|cased", "f|windash|cased", {"-A"}, {R"({"f":"/A"})"}, {R"({"f":"/a"})"}},
      {"re is found anywhere, letter case matters",
       "f|re",
       {"b+c"},
       {R"({"f":"abbcd"})", R"({"f":{"k":"bc"}})"},
       {R"({"f":"ABBCD"})", R"({"f":"b+c"})", R"({})"}},
      {"re takes its text as it is written", "f|re", {"a\\\\\\*"}, {R"({"f":"a\\*"})"}, {R"({"f":"a*"})"}},
      {"re takes a number as text", "f|re", {44}, {R"({"f":1440})"}, {R"({"f":404})"}},
      {"re with a list is any of them", "f|re", {"^a", "z$"}, {R"({"f":"ab"})", R"({"f":"yz"})"}, {R"({"f":"ba"})"}},
      {"re|all", "f|re|all", {"^a", "z$"}, {R"({"f":"a to z"})"}, {R"({"f":"ab"})"}},
      {"re|i", "f|re|i", {"b+c"}, {R"({"f":"aBBcd"})"}, {R"({"f":"abd"})"}},
      {"re without m: ^ and $ are the text's ends", "f|re", {"^b$"}, {R"({"f":"b"})"}, {R"({"f":"a\nb\nc"})"}},
      {"re|m", "f|re|m", {"^b$"}, {R"({"f":"a\nb\nc"})"}, {R"({"f":"a\nbb\nc"})"}},
      {"re without s: . is no line's end", "f|re", {"a.b"}, {R"({"f":"a-b"})"}, {R"({"f":"a\nb"})"}},
      {"re|s", "f|re|s", {"a.b"}, {R"({"f":"a\nb"})"}, {R"({"f":"ab"})"}},
      {"re|i|m|s", "f|re|i|m|s", {"^b.C$"}, {R"({"f":"a\nB\nc\nd"})"}, {R"({"f":"a b\nc"})"}},
      {"re|ignorecase", "f|re|ignorecase", {"b"}, {R"({"f":"B"})"}, {R"({"f":"a"})"}},
      {"re|multiline", "f|re|multiline", {"^b"}, {R"({"f":"a\nb"})"}, {R"({"f":"a"})"}},
      {"re|dotall", "f|re|dotall", {"a.b"}, {R"({"f":"a\nb"})"}, {R"({"f":"a"})"}},
      {"base64", "f|base64", {"foo"}, {R"({"f":"Zm9v"})"}, {R"({"f":"Zm9vYmFy"})"}},
      {"base64|contains", "f|base64|contains", {"foo"}, {R"({"f":"Zm9vYmFy"})"}, {R"({"f":"foo"})"}},
      {"base64|cased", "f|base64|cased", {"foo"}, {R"({"f":"Zm9v"})"}, {R"({"f":"zm9v"})"}},
      {"base64 of base64", "f|base64|base64", {"foo"}, {R"({"f":"Wm05dg=="})"}, {R"({"f":"Zm9v"})"}},
      {"base64 encodes an escaped wildcard as the character",
       "f|base64",
       {"a\\*"},
       {R"({"f":"YSo="})"},
       {R"({"f":"YVwq"})"}},
      {"base64offset|contains: at each of three offsets",
       "f|base64offset|contains",
       {"foo"},
       {R"({"f":"Zm9vYmFy"})", R"({"f":"eGZvb2Jhcg=="})", R"({"f":"eHhmb29iYXI="})"},
       {R"({"f":"YmFy"})", R"({"f":"foo"})"}},
      {"base64offset|contains|all",
       "f|base64offset|contains|all",
       {"foo", "bar"},
       {R"({"f":"Zm9vYmFy"})"},
       {R"({"f":"Zm9vZm9v"})"}},
      {"wide|base64", "f|wide|base64", {"cmd"}, {R"({"f":"YwBtAGQA"})"}, {R"({"f":"Y21k"})"}},
      {"utf16le|base64", "f|utf16le|base64", {"cmd"}, {R"({"f":"YwBtAGQA"})"}, {R"({"f":"AGMAbQBk"})"}},
      {"utf16be|base64", "f|utf16be|base64", {"cmd"}, {R"({"f":"AGMAbQBk"})"}, {R"({"f":"YwBtAGQA"})"}},
      {"utf16|base64", "f|utf16|base64", {"cmd"}, {R"({"f":"//5jAG0AZAA="})"}, {R"({"f":"YwBtAGQA"})"}},
      {"wide|base64offset|contains",
       "f|wide|base64offset|contains",
       {"ping"},
       {R"({"f":"cABpAG4AZwA="})", R"({"f":"eHAAaQBuAGcA"})", R"({"f":"eHhwAGkAbgBnAA=="})"},
       {R"({"f":"cGluZw=="})"}},
      {"lt", "f|lt", {5}, {R"({"f":4.9})", R"({"f":"-1"})"}, {R"({"f":5})", R"({"f":"x"})", R"({})"}},
      {"lte", "f|lte", {5}, {R"({"f":5})", R"({"f":[9,5]})"}, {R"({"f":5.1})"}},
      {"gt", "f|gt", {number("0.5")}, {R"({"f":1})"}, {R"({"f":0.5})", R"({"f":null})"}},
      {"gte", "f|gte", {5}, {R"({"f":5})", R"({"f":"5"})"}, {R"({"f":4})"}},
      {"gt with a list is any of them", "f|gt", {5, 2}, {R"({"f":3})"}, {R"({"f":2})"}},
      {"gt|all", "f|gt|all", {5, 2}, {R"({"f":6})"}, {R"({"f":3})"}},
      {"minute", "f|minute", {30}, {R"({"f":"2026-01-15T10:30:59Z"})"}, {R"({"f":"2026-01-15T10:31:00Z"})"}},
      {"hour", "f|hour", {3}, {R"({"f":"2026-01-15T03:59:00Z"})"}, {R"({"f":"2026-01-15T13:00:00Z"})", R"({"f":"3"})"}},
      {"hour is that of UTC",
       "f|hour",
       {3},
       {R"({"f":"2026-01-15T05:00:00+02:00"})"},
       {R"({"f":"2026-01-15T03:00:00+02:00"})"}},
      {"day", "f|day", {1}, {R"({"f":"2026-02-01T00:00:00Z"})"}, {R"({"f":"2026-01-31T23:59:59Z"})"}},
      {"week", "f|week", {1}, {R"({"f":"2024-12-30T00:00:00Z"})"}, {R"({"f":"2027-01-01T00:00:00Z"})"}},
      {"month", "f|month", {2, 3}, {R"({"f":"2026-03-01T00:00:00Z"})"}, {R"({"f":"2026-04-01T00:00:00Z"})"}},
      {"year", "f|year", {2026}, {R"({"f":"2026-03-01T00:00:00Z"})"}, {R"({"f":"2025-03-01T00:00:00Z"})"}},
      {"hour|gte", "f|hour|gte", {22}, {R"({"f":"2026-01-15T22:00:00Z"})"}, {R"({"f":"2026-01-15T21:59:59Z"})"}},
      {"hour|lt", "f|hour|lt", {6}, {R"({"f":"2026-01-15T05:59:59Z"})"}, {R"({"f":"2026-01-15T06:00:00Z"})", R"({})"}},
      {"day|lte", "f|day|lte", {7}, {R"({"f":"2026-01-07T06:00:00Z"})"}, {R"({"f":"2026-01-08T06:00:00Z"})"}},
      {"month|gt", "f|month|gt", {11}, {R"({"f":"2026-12-07T06:00:00Z"})"}, {R"({"f":"2026-11-07T06:00:00Z"})"}},
      {"hour|neq",
       "f|hour|neq",
       {3},
       {R"({"f":"2026-01-15T04:00:00Z"})"},
       {R"({"f":"2026-01-15T03:00:00Z"})", R"({})"}},
      {"cidr",
       "f|cidr",
       {"10.0.0.0/8", "2001:db8::/32"},
       {R"({"f":"10.255.0.1"})", R"({"f":"2001:DB8::1"})", R"({"f":"::ffff:10.0.0.1"})"},
       {R"({"f":"11.0.0.1"})", R"({"f":"ec2.amazonaws.com"})", R"({"f":"10.0.0.1:80"})", R"({})"}},
      {"cidr of one address", "f|cidr", {"192.0.2.7"}, {R"({"f":"192.0.2.7"})"}, {R"({"f":"192.0.2.8"})"}},
      {"expand: any value of the list, wildcards too",
       "f|expand",
       {"%admins%"},
       {R"({"f":"ALICE"})", R"({"f":"svc-backup"})"},
       {R"({"f":"bob"})", R"({"f":"%admins%"})"}},
      {"expand inside a text",
       "f|expand",
       {"arn:%admins%/x"},
       {R"({"f":"arn:alice/x"})", R"({"f":"arn:svc-1/x"})"},
       {R"({"f":"alice"})"}},
      {"expand with an escaped percent sign",
       "f|expand",
       {"\\%plain%admins%"},
       {R"({"f":"%plainalice"})"},
       {R"({"f":"alice"})"}},
      {"expand without a placeholder", "f|expand", {"50% of"}, {R"({"f":"50% of"})"}, {R"({"f":"50"})"}},
      {"expand|contains", "f|expand|contains", {"%admins%"}, {R"({"f":"is Alice"})"}, {R"({"f":"bob"})"}},
      {"contains|expand", "f|contains|expand", {"=%admins%;"}, {R"({"f":"u=alice;"})"}, {R"({"f":"u=bob;"})"}},
      {"expand|cidr",
       "f|expand|cidr",
       {"%nets%"},
       {R"({"f":"10.1.2.3"})", R"({"f":"2001:db8::2"})"},
       {R"({"f":"9.9.9.9"})"}},
      {"expand|neq", "f|expand|neq", {"%admins%"}, {R"({"f":"bob"})"}, {R"({"f":"alice"})", R"({})"}},
      {"expand|cased", "f|expand|cased", {"%admins%"}, {R"({"f":"alice"})"}, {R"({"f":"Alice"})"}},
      {"expand|base64", "f|expand|base64", {"x%nets%"}, {R"({"f":"eDEwLjAuMC4wLzg="})"}, {R"({"f":"x10.0.0.0/8"})"}},
      {"without expand a placeholder is text", "f", {"%admins%"}, {R"({"f":"%ADMINS%"})"}, {R"({"f":"alice"})"}},
      {"fieldref",
       "f|fieldref",
       {"g.h"},
       {R"({"f":"Bob","g":{"h":"bob"}})", R"({"f":["a","b"],"g":{"h":["c","B"]}})", R"({"f":1,"g":{"h":1.0}})"},
       {R"({"f":"bob","g":{"h":"bobby"}})", R"({"f":"bob"})", R"({"g":{"h":"x"}})", R"({"f":null,"g":{"h":null}})"}},
      {"fieldref|contains",
       "f|fieldref|contains",
       {"g"},
       {R"({"f":"arn/Bob","g":"bob"})"},
       {R"({"f":"bob","g":"bobby"})"}},
      {"fieldref|startswith",
       "f|fieldref|startswith",
       {"g"},
       {R"({"f":"bobby","g":"BOB"})"},
       {R"({"f":"a bob","g":"bob"})"}},
      {"fieldref|endswith",
       "f|fieldref|endswith",
       {"g"},
       {R"({"f":"arn/bob","g":"bob"})"},
       {R"({"f":"bobby","g":"bob"})"}},
      {"fieldref|cased", "f|fieldref|cased", {"g"}, {R"({"f":"Bob","g":"Bob"})"}, {R"({"f":"Bob","g":"bob"})"}},
      {"fieldref|endswith|cased",
       "f|fieldref|endswith|cased",
       {"g"},
       {R"({"f":"a/Bob","g":"Bob"})"},
       {R"({"f":"a/Bob","g":"bob"})"}},
      {"fieldref|neq: both sides have a value and none is equal",
       "f|fieldref|neq",
       {"g"},
       {R"({"f":"a","g":"b"})"},
       {R"({"f":"a","g":"A"})", R"({"f":"a"})", R"({"g":"a"})", R"({"f":"a","g":null})", R"({"f":["a","b"],"g":"b"})"}},
      {"fieldref with a list is any of them", "f|fieldref", {"g", "h"}, {R"({"f":1,"h":1})"}, {R"({"f":1,"h":2})"}},
      {"keywords with all", "|all", {"foo", 20}, {R"({"a":"Foo","b":20})"}, {R"({"a":"foo"})"}},
      {"keywords with contains", "|contains", {"foo"}, {R"({"a":"xfoox"})"}, {R"({"a":"fo"})"}},
      {"keywords with contains|all", "|contains|all", {"foo", "bar"}, {R"({"a":"foobar"})"}, {R"({"a":"foo"})"}},
      {"keywords with cased", "|cased", {"Foo"}, {R"({"a":"xFoox"})"}, {R"({"a":"foo"})"}},
      {"keywords with windash", "|windash", {" -x"}, {R"({"a":"cmd /x"})"}, {R"({"a":"cmd x"})"}},
      {"keywords with base64offset|contains",
       "|base64offset|contains",
       {"foo"},
       {R"({"a":"eGZvb2Jhcg=="})"},
       {R"({"a":"foo"})"}},
      {"keywords with re",
       "|re",
       {"ne+dle$"},
       {R"({"a":{"b":["a neeedle"]}})", R"({"needle":1})"},
       {R"({"a":"needles"})", R"({"a":"NEEDLE"})", R"({"a":"nee","b":"dle"})"}},
      {"keywords with re|i|all", "|re|i|all", {"^a", "b$"}, {R"({"x":"Ay","z":"cB"})"}, {R"({"x":"ay"})"}},
      {"keywords with expand", "|expand", {"%admins%"}, {R"({"a":"by alice"})"}, {R"({"a":"by bob"})"}},
  };
  return cases;
}

class Values : public testing::TestWithParam<Case> {};

TEST_P(Values, MatchTheRecordsTheyShould) {
  const Case& c = GetParam();
  const auto made = compiled(c.key, c.values, kLists);
  ASSERT_TRUE(made.expression) << made.said();
  EXPECT_EQ(made.said(), "");
  for (const std::string_view json : c.match) EXPECT_TRUE(made.matches(json)) << json;
  for (const std::string_view json : c.no_match) EXPECT_FALSE(made.matches(json)) << json;
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  std::string name = std::to_string(info.index) + "_";
  for (const char c : info.param.name) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Plain, Values, testing::ValuesIn(plain_values()), case_name);
INSTANTIATE_TEST_SUITE_P(Chains, Values, testing::ValuesIn(chains()), case_name);

TEST(Modifiers, EachHasACaseThatMatchesAndOneThatDoesNot) {
  std::set<std::string> seen;
  for (const Case& c : chains()) {
    EXPECT_FALSE(c.match.empty() || c.no_match.empty()) << c.name;
    for (const std::string& name : item(c.key, {}).modifiers) seen.insert(name);
  }
  for (const Modifier& modifier : modifiers()) EXPECT_TRUE(seen.contains(std::string(modifier.name))) << modifier.name;
}

TEST(Modifiers, EqualItemsOfTwoRulesShareOnePredicate) {
  const auto body = tests::detection({tests::search("a", {item("f|contains", {"x", "y"}), item("g|re", {"^z"})}),
                                      tests::search("b", {item("f|contains", {"x", "y"}), item("g|re", {"^z"})})},
                                     {"a or b"});
  EXPECT_EQ(tests::Compiled(body).rules.predicates.size(), 2U);
}

TEST(Modifiers, RenamesFieldsOnBothSidesOfAReference) {
  const auto body = tests::detection({tests::search("selection", {item("User|fieldref", {"Target"})})}, {"selection"});
  const tests::Compiled made(body, {}, {{"User", "userIdentity.userName"}, {"Target", "requestParameters.userName"}});
  EXPECT_TRUE(made.matches(R"({"userIdentity":{"userName":"a"},"requestParameters":{"userName":"a"}})"));
  EXPECT_FALSE(made.matches(R"({"User":"a","Target":"a"})"));
}

}  // namespace
}  // namespace tripline::rules
