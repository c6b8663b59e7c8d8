#include "engine/shown_text.h"

#include <gtest/gtest.h>

#include "tests/support/events.h"

namespace tripline::engine {
namespace {

TEST(ShownText, IsWhatPeopleReadOfAFieldAndNeverASecret) {
  FieldTable fields;
  const struct {
    std::string_view name;
    std::string_view field;
    std::string_view json;
    std::string_view text;
  } cases[] = {
      {"a string", "a", R"({"a":"x y"})", "x y"},
      {"missing", "a", R"({"b":1})", ""},
      {"null", "a", R"({"a":null})", ""},
      {"several values", "a.b", R"({"a":[{"b":"x"},{"b":2},{"b":null}]})", "x, 2"},
      {"an array of scalars", "a", R"({"a":["x",true]})", "x, true"},
      {"a container alone", "a", R"({"a": {"b": 1}})", R"({"b":1})"},
      {"a secret by its name", "credentials.sessionToken", R"({"credentials":{"sessionToken":"hush"}})", "(secret)"},
      {"a container with a secret", "credentials", R"({"credentials":{"sessionToken":"hush"}})", "(secret)"},
      {"a document with a secret", "a", R"({"a":"{\"secretAccessKey\":\"hush\"}"})", "(secret)"},
      {"a percent-encoded document with a secret", "a", R"({"a":"%7B%22secretAccessKey%22%3A%22hush%22%7D"})",
       "(secret)"},
      {"a container with a document with a secret", "a", R"({"a":{"b":"{\"secretAccessKey\":\"hush\"}"}})", "(secret)"},
      {"what a setting is set to", "env.value", R"({"env":[{"name":"DB_PASSWORD","value":"hush"}]})", "(secret)"},
      {"what a setting without secrets is set to", "env.value", R"({"env":[{"name":"USER","value":"bob"}]})", "bob"},
      {"a secret that is not there", "sessionToken", R"({"sessionToken":null})", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const FieldId field = fields.intern(c.field);
    tests::OwnedEvent event(fields, c.json);
    ASSERT_TRUE(event.read());
    EXPECT_EQ(shown_text(*event, field), c.text);
  }
}

}  // namespace
}  // namespace tripline::engine
