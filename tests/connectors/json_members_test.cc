#include "connectors/json_members.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::connectors {
namespace {

TEST(MemberWalk, GivesKeysAndValuesAsTheyStand) {
  const std::pair<std::string_view, std::vector<std::pair<std::string, std::string>>> cases[] = {
      {"{}", {}},
      {"", {}},
      {"[1]", {}},
      {R"({"a":1})", {{"a", "1"}}},
      {"{ \"a\" : \"x\" ,\n\t\"b\":null}", {{"a", "\"x\""}, {"b", "null"}}},
      {R"({"a":{"b":"}"},"c":["]",{}],"d":-1.5e3})", {{"a", R"({"b":"}"})"}, {"c", R"(["]",{}])"}, {"d", "-1.5e3"}}},
      {R"({"a\"b":"c\\","d":"\""})", {{R"(a\"b)", R"("c\\")"}, {"d", R"("\"")"}}},
      {R"({"a":true,"a":false})", {{"a", "true"}, {"a", "false"}}},
      {R"({"a":1 "b":2})", {{"a", "1"}}},
      {R"({"a":)", {}},
      {R"({"a":"b)", {{"a", "\"b"}}},
      {R"({"a":[1)", {{"a", "[1"}}},
  };
  for (const auto& [object, members] : cases) {
    SCOPED_TRACE(object);
    std::vector<std::pair<std::string, std::string>> found;
    Member member;
    for (MemberWalk walk(object); walk.next(member);) found.emplace_back(member.key, member.value);
    EXPECT_EQ(found, members);
  }
}

TEST(FindMember, GivesTheFirstOfThatName) {
  EXPECT_EQ(find_member(R"({"a":{"b":1},"b":2,"b":3})", "b"), "2");
  EXPECT_EQ(find_member(R"({"a":{"b":1}})", "b"), "");
}

TEST(Unescape, GivesTheCharactersThatEscapesMean) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {"plain", "plain"},
      {R"(\"\\\/\b\f\n\r\t)", "\"\\/\b\f\n\r\t"},
      {R"(a\u0041\u00e4\u20ac)", "aA\u00e4\u20ac"},
      {R"(\ud83d\ude00)", "\U0001F600"},
      {R"(\ud83d)", "\uFFFD"},
      {R"(\ude00x)", "\uFFFDx"},
      {R"(\ud83d\u0041)", "\uFFFD\u0041"},
      {R"(\ud83d\ud83d\ude00)", "\uFFFD\U0001F600"},
      {R"(\u12)", "u12"},
      {R"(\x)", "x"},
      {"cut\\", "cut"},
  };
  for (const auto& [escaped, plain] : cases) {
    SCOPED_TRACE(escaped);
    std::string to(escaped.size(), '\0');
    to.resize(static_cast<std::size_t>(unescape(escaped, to.data()) - to.data()));
    EXPECT_EQ(to, plain);
  }
}

}  // namespace
}  // namespace tripline::connectors
