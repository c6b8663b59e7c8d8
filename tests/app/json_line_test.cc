#include "app/json_line.h"

#include <gtest/gtest.h>

#include "engine/json_text.h"

namespace tripline::app {
namespace {

TEST(JsonLine, KeepsTheValueAndDropsWhiteSpace) {
  EXPECT_EQ(json_line("{\n  \"a\" : [ 1,\t2.50 ],\r\n  \"b c\": \"x \\\" y\\\\\"\n}"),
            R"({"a":[1,2.50],"b c":"x \" y\\"})");
}

TEST(JsonLine, EscapesWhatWouldDriveATerminal) {
  EXPECT_EQ(json_line("{\"a\":\"\x7f\xc2\x9b\xe2\x80\xae ünï\"}"), "{\"a\":\"\\u007f\\u009b\\u202e ünï\"}");
}

TEST(JsonLine, PutsTheReplacementCharacterForBytesThatAreNoUtf8) {
  engine::JsonText json;
  json.string("a\xff\x1b");
  EXPECT_EQ(json_line(json.text()), "\"a\xef\xbf\xbd\\u001b\"");
}

}  // namespace
}  // namespace tripline::app
