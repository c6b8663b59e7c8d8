#include "rules/text_lines.h"

#include <string>

#include <gtest/gtest.h>

#include "rules/yaml.h"
#include "tests/support/diagnostics.h"

namespace tripline::rules {
namespace {

/// Line and column of `Z` in the text of `a`, whose YAML is `written`, and those that Z has in the file.
struct Places {
  std::string found, real;
};
Places places_of_z(const std::string& written) {
  const std::string file = "a: " + written;
  const auto yaml = read_yaml(file, "a.yml", {});
  const YamlNode* node = yaml.documents.empty() ? nullptr : yaml.documents[0].root.find("a");
  const std::size_t offset = node ? node->text.find('Z') : std::string::npos;
  if (offset == std::string::npos) return {"no Z: " + tests::lines(yaml.diagnostics), ""};
  const Position at = place_in({"", node->line, node->column}, node->lines, offset);
  int line = 1, column = 1;
  for (const char c : file.substr(0, file.find('Z'))) {
    ++column;
    if (c == '\n') ++line, column = 1;
  }
  return {std::to_string(at.line) + ":" + std::to_string(at.column),
          std::to_string(line) + ":" + std::to_string(column)};
}

TEST(TextLines, FindPlacesInTextThatYamlFolds) {
  for (const std::string written : {
           "x and Z\n",
           "x and\n  Z\n",
           "x  and \n\n\n   y or Z\n",
           "'x and Z'\n",
           "'it''s Z'\n",
           "'x and\n\n  y''s Z'\n",
           "\"x \\\" \\\\ Z\"\n",
           "\"x\n  and \\\"Z\"\n",
           "|\n  x and\n  Z\n",
           "|\n  x and\n\n    y\n  or Z\n",
           ">\n  x and\n  Z\n",
           ">-\n  x\n  and\n\n  y Z\n",
           "x and\r\n  Z\r\n",
           "é and\n  é Z\n",
       }) {
    SCOPED_TRACE(written);
    const auto places = places_of_z(written);
    EXPECT_EQ(places.found, places.real);
  }
}

TEST(TextLines, SayWhenTheyDoNotKnowThePlace) {
  EXPECT_EQ(places_of_z("\"\\u0061 Z\"\n").found, "1:0");
  EXPECT_EQ(places_of_z("\"x\n  \\x41 Z\"\n").found, "2:0");
  std::string escapes;
  for (int i = 0; i < 1001; ++i) escapes += "\\\\";
  EXPECT_EQ(places_of_z("\"" + escapes + "Z\"\n").found, "1:0") << "too many escapes";
}

}  // namespace
}  // namespace tripline::rules
