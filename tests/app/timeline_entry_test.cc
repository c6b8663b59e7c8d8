#include "app/timeline_entry.h"

#include <gtest/gtest.h>

#include "tests/support/events.h"

namespace tripline::app {
namespace {

TEST(TimelineEntry, SaysWhatWasAskedForShortAndWithoutSecrets) {
  const engine::FieldTable fields;
  const struct {
    std::string_view name, request, text;
  } cases[] = {
      {"none", "null", ""},
      {"scalars at any depth, by their last key", R"({"a":{"items":[{"id":"i-1"},{"id":"i-2"}]},"n":3,"x":true})",
       "id=i-1, id=i-2, n=3, x=true"},
      {"empty and null say nothing", R"({"a":"","b":null,"c":{}})", ""},
      {"a password", R"({"userName":"bob","password":"hunter2"})", "userName=bob, password=(secret)"},
      {"a secret in JSON text", R"({"policy":"{\"secretAccessKey\":\"x\"}"})", "policy=(secret)"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    tests::OwnedEvent event(fields, R"({"eventName":"X","requestParameters":)" + std::string(c.request) + "}");
    EXPECT_EQ(timeline_entry(*event).request, c.text);
  }
  tests::OwnedEvent huge(fields, R"({"requestParameters":{"a":")" + std::string(100'000, 'x') + "\"}}");
  EXPECT_LT(timeline_entry(*huge).request.size(), 300U);
}

TEST(TimelineEntry, FindsANameInRequestResponseAndErrorAsAWholeWord) {
  const engine::FieldTable fields;
  const struct {
    std::string_view name, json;
    bool involved;
  } cases[] = {
      {"the request", R"({"requestParameters":{"a":[{"userName":"Bob"}]}})", true},
      {"the response", R"({"responseElements":{"user":{"arn":"arn:aws:iam::1:user/bob"}}})", true},
      {"the error message, all that a denied call has", R"({"errorMessage":"User: bob is not authorized"})", true},
      {"inside JSON text", R"({"requestParameters":{"policy":"{\"AWS\":\"x:user/bob\"}"}})", true},
      {"part of a word", R"({"requestParameters":{"userName":"bobby"}})", false},
      {"part of a longer name", R"({"requestParameters":{"userName":"bob-2"}})", false},
      {"the end of a sentence", R"({"errorMessage":"There is no user bob."})", true},
      {"part of a word, then the word", R"({"requestParameters":{"userName":"bobby and bob"}})", true},
      {"the caller", R"({"userIdentity":{"userName":"bob"}})", false},
      {"a key of the request", R"({"requestParameters":{"bob":"x"}})", false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    tests::OwnedEvent event(fields, c.json);
    EXPECT_EQ(involves(*event, "bob"), c.involved);
  }
}

}  // namespace
}  // namespace tripline::app
