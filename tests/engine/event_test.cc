#include "engine/event.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/support/events.h"

namespace tripline::engine {
namespace {

using testing::ElementsAreArray;
using tests::OwnedEvent;

std::vector<std::string> texts(Event& event, FieldId field) {
  std::vector<std::string> out;
  for (Value& value : event.values(field)) out.emplace_back(event.text(value));
  return out;
}

TEST(Event, AFieldIsTheSetOfValuesThatItsPathReaches) {
  const struct {
    std::string_view name;
    std::string_view json;
    std::string_view path;
    std::vector<std::string> values;
  } cases[] = {
      {"a key at the root", R"({"a":"x"})", "a", {"x"}},
      {"a path", R"({"a":{"b":{"c":"x"}}})", "a.b.c", {"x"}},
      {"a missing step", R"({"a":{"b":1}})", "a.c", {}},
      {"a step through a scalar", R"({"a":"x"})", "a.b", {}},
      {"null is a value", R"({"a":null})", "a", {"null"}},
      {"a literal key with dots", R"({"a.b":"x"})", "a.b", {"x"}},
      {"the literal key wins over the path", R"({"a":{"b":"path"},"a.b":"literal"})", "a.b", {"literal"}},
      {"a literal key below the root", R"({"a":{"b.c":"x"}})", "a.b.c", {"x"}},
      {"a literal key halfway", R"({"a.b":{"c":"x"}})", "a.b.c", {"x"}},
      {"of duplicate keys the first counts", R"({"a":1,"a":2})", "a", {"1"}},
      {"of duplicate keys below the root too", R"({"a":{"b":1,"b":2}})", "a.b", {"1"}},
      {"an array fans out", R"({"a":[{"b":1},{"c":2},{"b":3}]})", "a.b", {"1", "3"}},
      {"arrays in arrays fan out", R"({"a":[[{"b":1}],[{"b":2}]]})", "a.b", {"1", "2"}},
      {"an array offers its text and its scalars",
       R"({"a":[ 1, "x", {"b":2} ]})",
       "a",
       {R"([1,"x",{"b":2}])", "1", "x"}},
      {"an object offers its compact text",
       R"({"a": { "b" : "A/é" , "c":[ ] } })",
       "a",
       {"{\"b\":\"A/\u00e9\",\"c\":[]}"}},
      {"numbers keep their kind",
       R"({"a":[0.0,12,-3,18446744073709551615]})",
       "a",
       {"[0.0,12,-3,18446744073709551615]", "0.0", "12", "-3", "18446744073709551615"}},
      {"JSON in a string is entered", R"({"a":"{\"b\":{\"c\":\"x\"}}"})", "a.b.c", {"x"}},
      {"JSON array in a string", R"({"a":" [{\"b\":1},{\"b\":2}]"})", "a.b", {"1", "2"}},
      {"URL-encoded JSON in a string", R"({"a":"%7B%22b%22%3A%22x%20y%22%7D"})", "a.b", {"x y"}},
      {"a string that only looks like JSON", R"({"a":"{b"})", "a.b", {}},
      {"escapes are undone", R"({"a":"\u0061\n\"/"})", "a", {"a\n\"/"}},
      {"escaped keys are keys", R"({"\u0061":1})", "a", {"1"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    FieldTable fields;
    const FieldId field = fields.intern(c.path);
    OwnedEvent event(fields, c.json);
    ASSERT_TRUE(event.read());
    EXPECT_THAT(texts(*event, field), ElementsAreArray(c.values));
  }
}

TEST(Event, WhatTheParserRefusesButJsonOrProducersAllowIsStillRead) {
  const struct {
    std::string_view name;
    std::string json;
    std::string value;
  } cases[] = {
      {"an integer beyond 64 bits", R"({"a":123456789012345678901234567890})", "123456789012345678901234567890"},
      {"a number beyond double", R"({"a":1e999})", "1e999"},
      {"a lone high surrogate", R"({"a":"x\ud800y"})", "x\xEF\xBF\xBDy"},
      {"a lone low surrogate", R"({"a":"x\udc00y"})", "x\xEF\xBF\xBDy"},
      {"a pair of surrogates stays", "{\"a\":\"\\ud83d\\ude00\\ud800\"}", "\xF0\x9F\x98\x80\xEF\xBF\xBD"},
      {"invalid UTF-8", "{\"a\":\"x\xC3(y\xFF\"}", "x\xEF\xBF\xBD(y\xEF\xBF\xBD"},
      {"a raw tab in a string", "{\"a\":\"x\ty\"}", "x\ty"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    FieldTable fields;
    const FieldId field = fields.intern("a");
    OwnedEvent event(fields, c.json);
    ASSERT_TRUE(event.read()) << event.read().error().message;
    EXPECT_EQ(event->first_text(field), c.value);
  }
}

TEST(Event, WhatIsNoJsonObjectIsRefusedWithAReason) {
  for (const std::string_view json : {"", "[1]", "\"text\"", "{", "{\"a\":}", "{\"a\":1}}", "nonsense"}) {
    SCOPED_TRACE(json);
    FieldTable fields;
    OwnedEvent event(fields, json);
    ASSERT_FALSE(event.read());
    EXPECT_EQ(event.read().error().code, ErrorCode::kBadInput);
    EXPECT_FALSE(event.read().error().message.empty());
  }
}

TEST(Event, AnEventShowsNothingOfTheRecordBefore) {
  FieldTable fields;
  const FieldId a = fields.intern("a"), b = fields.intern("b.c");
  Event event(fields);
  std::string first = R"({"a":"one","b":"{\"c\":\"two\"}"})", second = R"({"x":1})";
  const std::size_t first_size = first.size(), second_size = second.size();
  first.append(kRecordPadding, ' ');
  second.append(kRecordPadding, ' ');
  const Record one{.json = std::string_view(first).substr(0, first_size)};
  const Record two{.json = std::string_view(second).substr(0, second_size)};
  ASSERT_TRUE(event.read(one));
  EXPECT_EQ(event.first_text(a), "one");
  EXPECT_EQ(event.first_text(b), "two");
  ASSERT_TRUE(event.read(two));
  EXPECT_TRUE(event.values(a).empty());
  EXPECT_TRUE(event.values(b).empty());
}

TEST(Event, EveryKeyAndScalarIsVisitedAsAKeywordsText) {
  FieldTable fields;
  OwnedEvent event(fields, R"({"key":{"inner":["text",7,true,null,0.5]},"url":"%7B%22q%22%3A1%7D"})");
  std::vector<std::string> seen;
  EXPECT_FALSE(event->any_text([&](std::string_view text) {
    seen.emplace_back(text);
    return false;
  }));
  EXPECT_THAT(seen,
              ElementsAreArray({"key", "inner", "text", "7", "true", "0.5", "url", "%7B%22q%22%3A1%7D", R"({"q":1})"}));
}

}  // namespace
}  // namespace tripline::engine
