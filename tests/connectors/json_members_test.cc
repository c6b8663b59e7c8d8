#include "connectors/json_members.h"

#include <random>
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

TEST(MemberWalk, KnowsWhetherTheObjectEndedAsItShould) {
  const std::pair<std::string_view, bool> cases[] = {
      {"{}", true},
      {" { } ", true},
      {R"({"a":1})", true},
      {R"({"a":[1,{}],"b":"}"} )", true},
      {"", false},
      {"{", false},
      {R"({"a")", false},
      {R"({"a":)", false},
      {R"({"a":})", false},
      {R"({"a":1,})", false},
      {R"({"a":1)", false},
      {R"({"a":1]})", false},
      {R"({"a":1}})", false},
      {R"({"a":1}{})", false},
      {R"({"a":[1})", false},
      {R"({"a":"b)", false},
      {R"({,})", false},
      {R"({1:2})", false},
      {R"(["a"])", false},
      {"{]", false},
  };
  for (const auto& [object, complete] : cases) {
    SCOPED_TRACE(object);
    Member member;
    MemberWalk walk(object);
    while (walk.next(member)) {
    }
    EXPECT_EQ(walk.complete(), complete);
  }
}

TEST(ElementWalk, GivesElementsAsTheyStand) {
  const struct {
    std::string_view array;
    std::vector<std::string> elements;
    bool complete;
  } cases[] = {
      {"[]", {}, true},
      {" [ ] ", {}, true},
      {R"([{"a":"]"},"b,", [1,2] ,3])", {R"({"a":"]"})", "\"b,\"", "[1,2]", "3"}, true},
      {"[1,]", {"1"}, false},
      {"[1", {"1"}, false},
      {"[1]x", {"1"}, false},
      {"[,1]", {}, false},
      {"{}", {}, false},
      {"", {}, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.array);
    std::vector<std::string> elements;
    std::string_view element;
    ElementWalk walk(c.array);
    while (walk.next(element)) elements.emplace_back(element);
    EXPECT_EQ(elements, c.elements);
    EXPECT_EQ(walk.complete(), c.complete);
  }
}

TEST(MemberWalk, FindsTheEndOfAnArrayOfDataObjectsAsOfAnyOther) {
  const std::vector<std::string> parts = {R"({"data":"QUJD"})",
                                          R"({"data":""})",
                                          R"({"data":")",
                                          R"({"data":"\"})",
                                          R"({"data":"\\"})",
                                          R"({"data" : "Q"})",
                                          R"({"data":"Q"]})",
                                          R"({"data":1})",
                                          R"({"data":"]","a":[{}]})",
                                          "[",
                                          "]",
                                          "{",
                                          "}",
                                          ",",
                                          "\"",
                                          "\\",
                                          " ",
                                          "7"};
  std::mt19937 random(8);
  for (int round = 0; round < 5000; ++round) {
    std::string text = R"({"records":[)";
    for (std::size_t i = random() % 12; i > 0; --i) {
      text += parts[random() % (round % 2 == 0 ? 2 : parts.size())];
      if (random() % 4 != 0) text += ',';
    }
    text += "]}";
    // Of another name they are read like anything else.
    std::string other = text;
    for (std::size_t at = 0; (at = other.find("\"data\"", at)) != std::string::npos;) other.replace(at, 6, "\"dato\"");
    EXPECT_EQ(find_member(text, "records").size(), find_member(other, "records").size()) << text;
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
